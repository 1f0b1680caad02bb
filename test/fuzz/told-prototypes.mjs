import { subscribe } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded into a process of the shop before its own code. When it is asked to stop it tells whether a request has
 * left a member on a prototype, which every object would have then. Modules may add theirs until the
 * first request.
 */
const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const names = () => PROTOTYPES.map((one) => Reflect.ownKeys(one).map(String).join()).join('; ');
/** @type {string | undefined} */
let before;

subscribe('http.server.request.start', () => {
  before ??= names();
});
/** On SIGWINCH, which means nothing to the shop, it tells what it holds of memory when everything that nobody uses is gone. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGWINCH', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  console.error(`held: ${Math.round((heapUsed + external) / 2 ** 20)} MB`);
});
process.once('SIGTERM', () => {
  console.error(`prototypes: ${names() === before ? 'as they were' : `became ${names()}`}`);
});
