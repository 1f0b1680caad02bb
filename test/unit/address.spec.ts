import { describe, expect, it } from 'vitest';
import { addressGroup, isNetwork } from '../../src/common/address.js';

describe('an address counts as', () => {
  it.each([
    ['itself when it is IPv4', '203.0.113.7', '203.0.113.7'],
    ['the same when it is IPv4 written as IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['its network when it is IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['its network, however it is abbreviated', '2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['its network, zeros and all', '2001:0db8:0001:0002:0:0:0:1', '2001:db8:1:2::/64'],
    ['a network of zeros on the machine itself', '::1', '0:0:0:0::/64'],
    ['its network without the zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s', (_, ip, group) => {
    expect(addressGroup(ip)).toBe(group);
  });

  it('another one in another network', () => {
    expect(addressGroup('2001:db8::1')).not.toBe(addressGroup('2001:db8:0:1::1'));
  });
});

describe('a trusted network', () => {
  it.each(['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8', '192.0.2.0/24'])('may be %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each(['0.0.0.0/0', '::/0', '0.0.0.0/1', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'proxy', ''])(
    'may not be %j',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
