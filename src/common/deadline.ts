import type { FastifyInstance, FastifyReply } from 'fastify';
import { faultLog } from './fault-log.js';
import { sendProblem } from './problem.js';

/** A request that is late before it has arrived is looked at again after this time. */
const AGAIN_MS = 100;
const RETRY_AFTER_SECONDS = 2;

declare module 'fastify' {
  interface FastifyReply {
    /** Runs while the request has no answer. */
    deadline: NodeJS.Timeout | undefined;
  }
}

/**
 * Answers 503 to every request that has no answer after `deadlineMs`, whatever it waits for. What
 * the request has begun goes on: it is one transaction, so it happens wholly or not at all, and the
 * same Idempotency-Key learns later which.
 *
 * A timer for each, and no map of the open requests: a map that requests come and go in is laid out
 * anew all the time, and its old tables keep the requests that were in them from being collected
 * while they are young (docs/performance.md, Garbage).
 */
export function limitDuration(fastify: FastifyInstance, deadlineMs: number): void {
  fastify.decorateReply('deadline', undefined);
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.deadline = setTimeout(atDeadline, deadlineMs, reply).unref();
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    clearTimeout(reply.deadline);
    done();
  });
}

function atDeadline(reply: FastifyReply): void {
  const { complete, destroyed } = reply.request.raw;
  if (complete) {
    answerLate(reply);
  } else if (!destroyed) {
    // One that is still on its way is answered 408 by Node.js, and is no fault of the shop's.
    reply.deadline = setTimeout(atDeadline, AGAIN_MS, reply).unref();
  }
}

function answerLate(reply: FastifyReply): void {
  if (reply.sent) {
    return;
  }
  faultLog.tell(reply.request, 503, 'UNAVAILABLE');
  reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
  sendProblem(reply, 'UNAVAILABLE');
}
