/** Keys: cases S1 and S2 of the matrix in docs/alipay.md. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alipayKeyProblems } from '../../src/config/alipay-keys.js';
import { readConfig } from '../../src/config/read-config.js';
import { AlipayGateway } from '../../src/payment/gateway/alipay.gateway.js';
import { spawnShop } from '../kit/process.js';
import { testEnvironment } from '../kit/settings.js';
import { Client, tokenFor } from '../kit/client.js';
import { Bench } from './kit.js';

const rsa = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const [ours, alipays] = [rsa(), rsa()];
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki') =>
  key.export({ type, format: 'pem' }).toString();
const bare = (text: string) => text.replaceAll(/-----[^-]+-----|\s/g, '');

const pkcs1 = pem(ours.privateKey, 'pkcs1');
const pkcs8 = pem(ours.privateKey, 'pkcs8');
const spki = pem(alipays.publicKey, 'spki');
const problems = (privateKey: string, publicKey = spki, type: 'PKCS1' | 'PKCS8' = 'PKCS8') =>
  alipayKeyProblems({
    ALIPAY_PRIVATE_KEY: privateKey,
    ALIPAY_PUBLIC_KEY: publicKey,
    ALIPAY_KEY_TYPE: type,
  });

describe('keys at boot', () => {
  it.each([
    ['PKCS8 PEM', pkcs8, 'PKCS8'],
    ['PKCS8 on one line with \\n', pkcs8.replaceAll('\n', '\\n'), 'PKCS8'],
    ['PKCS8 with a blank first line and CRLF', `\n${pkcs8.replaceAll('\n', '\r\n')}\n`, 'PKCS8'],
    ['bare PKCS8', bare(pkcs8), 'PKCS8'],
    ['bare PKCS8 said to be PKCS1, as the SDK takes it', bare(pkcs8), 'PKCS1'],
    ['PKCS1 PEM', pkcs1, 'PKCS1'],
    ['bare PKCS1', bare(pkcs1), 'PKCS1'],
  ] as const)('%s works, with the real SDK too [S1]', (_, key, type) => {
    expect(problems(key, spki, type)).toEqual([]);
    expect(problems(key, bare(spki), type)).toEqual([]);
    const config = readConfig(
      testEnvironment('mysql://a:b@127.0.0.1/c', {
        ALIPAY_PRIVATE_KEY: key,
        ALIPAY_PUBLIC_KEY: spki,
        ALIPAY_KEY_TYPE: type,
      }),
    );
    const request = { orderId: '1', amountFen: 100, expiresAt: new Date() };
    expect(new AlipayGateway(config).payUrl(request, 'page')).toContain('sign=');
  });

  it.each([
    ['PKCS8 said to be PKCS1', pkcs8, 'PKCS1', /is PKCS8.*set ALIPAY_KEY_TYPE=PKCS8/],
    ['PKCS1 said to be PKCS8', pkcs1, 'PKCS8', /is PKCS1.*set ALIPAY_KEY_TYPE=PKCS1/],
    ['bare PKCS1 said to be PKCS8', bare(pkcs1), 'PKCS8', /is PKCS1/],
    ['a public key', spki, 'PKCS8', /a public key/],
    ['half a key', pkcs8.slice(0, 400), 'PKCS8', /no RSA private key/],
    ['nonsense', 'secret', 'PKCS8', /no RSA private key/],
    ['a key that is too short', pem(rsa(1024).privateKey, 'pkcs8'), 'PKCS8', /1024 bits/],
    [
      'a key of another kind',
      pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8'),
      'PKCS8',
      /not RSA/,
    ],
    [
      'a key with a pass phrase',
      ours.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
      'PKCS8',
      /pass phrase/,
    ],
  ] as const)('%s is refused with a sentence [S1]', (_, key, type, sentence) => {
    const found = problems(key, spki, type);
    expect(found).toEqual([expect.stringMatching(/^ALIPAY_PRIVATE_KEY: /)]);
    expect(found[0]).toMatch(sentence);
  });

  it.each([
    ['a PKCS1 public key', pem(alipays.publicKey, 'pkcs1'), /PKCS1 \(RSA PUBLIC KEY\)/],
    ['a bare PKCS1 public key', bare(pem(alipays.publicKey, 'pkcs1')), /PKCS1/],
    ['a private key', pkcs8, /a private key/],
    ['a bare private key', bare(pkcs8), /a private key/],
    ['the application’s own public key', pem(ours.publicKey, 'spki'), /of the application itself/],
    ['nonsense', 'x', /no RSA public key/],
  ] as const)('%s as Alipay’s key is refused with a sentence [S1]', (_, key, sentence) => {
    const found = problems(pkcs8, key);
    expect(found).toEqual([expect.stringMatching(/^ALIPAY_PUBLIC_KEY: /)]);
    expect(found[0]).toMatch(sentence);
    expect(found.join()).not.toContain(bare(key).slice(40, 80) || 'never');
  });

  it('a shop with wrong keys does not start, and says so without them [S1, S2]', async () => {
    const start = spawnShop('mysql://a:b@127.0.0.1:9/c', {
      ALIPAY_PRIVATE_KEY: pkcs1,
      ALIPAY_PUBLIC_KEY: pem(ours.publicKey, 'spki'),
    });
    const message = String(await start.catch((error: unknown) => error));
    expect(message).toContain('ALIPAY_PRIVATE_KEY: the key is PKCS1');
    expect(
      bare(pkcs1)
        .match(/.{40}/g)!
        .some((piece) => bare(message).includes(piece)),
    ).toBe(false);
  });
});

describe('secrets', () => {
  const bench = new Bench();

  it('no key shows in logs, errors, the document or the counters [S2]', async () => {
    const { settings, db } = bench.shop;
    const shop = await spawnShop(db.url, { ...settings, LOG_LEVEL: 'trace', JOBS: 'on' });
    try {
      const order = await bench.unpaid();
      const client = new Client(shop.url, tokenFor(order.buyer.id));
      const seen: unknown[] = [];
      for (const kind of ['bad_sign', 'http_500', 'no_sign', 'reset']) {
        await bench.fault('trade.query', kind, 2);
        seen.push((await client.get(`/orders/${order.id}/payment/`)).body);
        seen.push((await client.get(`/orders/${order.id}/payment/status/`)).body);
        seen.push((await client.put('/payment/status/?sign=x&out_trade_no=1', {})).body);
      }
      for (const path of ['/openapi.json', '/metrics', '/health/ready']) {
        seen.push((await client.get(path)).body);
      }
      const text = bare(JSON.stringify(seen).replaceAll('\\n', '') + shop.output());
      expect(text).toContain('trade.query');
      const key = bare(readFileSync(settings['ALIPAY_PRIVATE_KEY_FILE'] ?? '', 'utf8'));
      // The first bytes are the same for every key of its kind.
      const pieces = key.slice(64).match(/.{32}/g) ?? [];
      expect(pieces.length).toBeGreaterThan(40);
      expect(pieces.filter((piece) => text.includes(piece))).toEqual([]);
    } finally {
      await shop.stop();
    }
  });
});
