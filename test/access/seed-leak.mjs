import { Server } from 'node:http';

/**
 * Loaded into a process of the shop before its own code, to show that the canary run would notice:
 * the token of every request goes to the log, as a careless line of debugging would send it.
 */
const { emit } = Server.prototype;

Server.prototype.emit = function leaking(event, ...rest) {
  const [request] = rest;
  if (event === 'request' && request.headers.authorization) {
    console.log(`request of ${request.headers.authorization}`);
  }
  return emit.call(this, event, ...rest);
};
