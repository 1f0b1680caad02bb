import type { FastifyInstance, FastifyReply } from 'fastify';
import { faultLog } from './fault-log.js';
import { sendProblem } from './problem.js';

const CHECK_MS = 100;
const RETRY_AFTER_SECONDS = 2;

/**
 * Answers 503 to every request that has no answer after `deadlineMs`, whatever it waits for. What
 * the request has begun goes on: it is one transaction, so it happens wholly or not at all, and the
 * same Idempotency-Key learns later which. One timer looks at the oldest requests; a timer for each
 * request, as the server's own option makes, costs more than the rest of this.
 */
export function limitDuration(fastify: FastifyInstance, deadlineMs: number): void {
  /** Requests without an answer, the oldest first, since a map keeps the order. */
  const open = new Map<FastifyReply, number>();
  fastify.addHook('onRequest', (_request, reply, done) => {
    open.set(reply, performance.now());
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    open.delete(reply);
    done();
  });
  const timer = setInterval(() => {
    const latest = performance.now() - deadlineMs;
    for (const [reply, since] of open) {
      if (since > latest) break;
      const { complete, destroyed } = reply.request.raw;
      // One that is still on its way is answered 408 by Node.js, and is no fault of the shop's.
      if (!complete && !destroyed) continue;
      open.delete(reply);
      if (complete) {
        answerLate(reply);
      }
    }
  }, CHECK_MS);
  timer.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

function answerLate(reply: FastifyReply): void {
  if (reply.sent) {
    return;
  }
  faultLog.tell(reply.request, 503, 'UNAVAILABLE');
  reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
  sendProblem(reply, 'UNAVAILABLE');
}
