import { subscribe } from 'node:diagnostics_channel';

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
process.once('SIGTERM', () => {
  console.error(`prototypes: ${names() === before ? 'as they were' : `became ${names()}`}`);
});
