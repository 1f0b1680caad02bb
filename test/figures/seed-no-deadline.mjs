import { Server } from 'node:http';

/**
 * Loaded into a process of the shop before its own code, to show that the figure about faults of the
 * database would notice: its live probe is slow, its ready probe always green, and from the first
 * refusal on everybody is refused, at first after a long wait, until the fault is long over.
 */
const LIVE_MS = 200;
const KEPT_MS = 3100;
const REFUSES_FOR_MS = 9500;

const { emit } = Server.prototype;
let firstRefusedAt = Infinity;

Server.prototype.emit = function patient(event, ...rest) {
  const [request, response] = rest;
  const pass = () => emit.call(this, event, ...rest);
  if (event !== 'request') {
    return pass();
  }
  if (request.url === '/health/live') {
    setTimeout(pass, LIVE_MS);
  } else if (request.url === '/health/ready' && firstRefusedAt < Infinity) {
    response.writeHead(200).end();
  } else if (isWithin(REFUSES_FOR_MS)) {
    const refuse = () => response.writeHead(503, { 'Retry-After': '1' }).end();
    setTimeout(refuse, isWithin(KEPT_MS) ? KEPT_MS : 0);
  } else {
    response.on('finish', () => {
      if (response.statusCode === 503 && request.url !== '/health/ready') {
        firstRefusedAt = Math.min(firstRefusedAt, performance.now());
      }
    });
    return pass();
  }
  return true;
};

/** Whether the first refusal was less than `ms` ago. */
function isWithin(ms) {
  const agoMs = performance.now() - firstRefusedAt;
  return agoMs >= 0 && agoMs < ms;
}
