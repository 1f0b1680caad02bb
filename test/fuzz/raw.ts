const HOST = 'Host: shop\r\n';
const LIVE = `GET /health/live/ HTTP/1.1\r\n${HOST}`;
const LOGIN = `POST /authorizations/ HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const HIDDEN = `GET /health/live/ HTTP/1.1\r\n${HOST}\r\n`;
const many = (count: number) => Array.from({ length: count }, (_, i) => `x-${i}: 1\r\n`).join('');

/** Bytes no client sends, and the status of each answer there has to be: never one too many. */
export const RAW_REQUESTS: readonly (readonly [string, string | Buffer, readonly number[]])[] = [
  ['three requests at once are answered in turn', `${HIDDEN}${HIDDEN}${HIDDEN}`, [200, 200, 200]],
  ['no HTTP at all', 'hello\r\n\r\n', [400]],
  ['bytes of TLS', Buffer.from('16030100a5010000a10303', 'hex'), [400]],
  ['an unknown version', `GET / HTTP/9.9\r\n${HOST}\r\n`, [400]],
  ['an unknown method', `BREW / HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['no Host', 'GET /health/live/ HTTP/1.1\r\n\r\n', [400]],
  ['an expectation nobody meets', `${LIVE}Expect: nothing\r\n\r\n`, [417]],
  ['two Hosts', `${LIVE}Host: other\r\n\r\n`, [400]],
  ['a header without a name', `${LIVE}: x\r\n\r\n`, [400]],
  ['NUL in a header', `${LIVE}X: a\0b\r\n\r\n`, [400]],
  ['a folded header', `${LIVE}X: a\r\n b\r\n\r\n`, [400]],
  ['2,500 headers', `${LIVE}${many(2500)}\r\n`, [431]],
  ['a header of 20 KB', `${LIVE}X: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
  ['a path of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, [431]],
  [
    'Content-Length beside Transfer-Encoding',
    `${LOGIN}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    [400],
  ],
  ['two lengths', `${LOGIN}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}${HIDDEN}`, [400]],
  ['a negative length', `${LOGIN}Content-Length: -1\r\n\r\n{}`, [400]],
  ['a length that is no number', `${LOGIN}Content-Length: 2x\r\n\r\n{}`, [400]],
  [
    'an encoding that only looks chunked',
    `${LOGIN}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    [400],
  ],
  ['a chunk of no size', `${LOGIN}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, [400]],
  [
    'a chunk of 2^64 bytes',
    `${LOGIN}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n`,
    [400],
  ],
];
