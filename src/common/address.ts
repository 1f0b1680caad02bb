import { isIP, isIPv4 } from 'node:net';

/** The wholesale networks: who trusts them lets every caller choose its own address. */
const SMALLEST_PREFIX = 8;

/** True for an address or a network such as `10.0.0.0/8` or `fd00::/8`, but not for all of them. */
export function isNetwork(text: unknown): boolean {
  if (typeof text !== 'string') {
    return false;
  }
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) {
    return false;
  }
  const length =
    prefix === undefined ? bits : Number(/^\d{1,3}$/.test(prefix) ? prefix : Number.NaN);
  return length >= SMALLEST_PREFIX && length <= bits;
}

/**
 * What counts as one address. Of IPv6 it is the network of 64 bits, since whoever has one address
 * of it has them all; an IPv4 address that was written as IPv6 is the same address.
 */
export function addressGroup(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined || isIPv4(ip) || isIP(ip) === 0) {
    return mapped ?? ip;
  }
  const [head = '', tail] = ip.toLowerCase().split('%', 1).join('').split('::');
  const groups = (text: string): string[] => text.split(':').filter(Boolean);
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(Math.max(missing, 0)).fill('0'), ...after];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
