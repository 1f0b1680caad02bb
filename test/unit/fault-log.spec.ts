/** The log of answers of 5xx: a line for each while they are few, a number when they are many. */
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { faultLog } from '../../src/common/fault-log.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('writes ten lines a second and then how many more there were, and begins anew', () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const lines = () => warn.mock.calls.splice(0).map(([line]) => line as Record<string, unknown>);
  const request = {
    id: 'request-0001',
    method: 'GET',
    url: '/orders/2611222150361230042/?token=x',
    routeOptions: { url: '/orders/:order_id/' },
  } as unknown as FastifyRequest;
  for (let i = 0; i < 3000; i += 1) {
    faultLog.tell(request, 503, 'UNAVAILABLE');
  }
  const line = {
    msg: 'answered 503',
    request_id: 'request-0001',
    method: 'GET',
    route: '/orders/:order_id/',
    status: 503,
    code: 'UNAVAILABLE',
  };
  expect(lines()).toEqual(Array.from({ length: 10 }, () => line));
  vi.advanceTimersByTime(1000);
  expect(lines()).toEqual([expect.objectContaining({ count: 2990 })]);
  faultLog.tell(request, 503, 'UNAVAILABLE');
  vi.advanceTimersByTime(1000);
  expect(lines()).toEqual([line]);
});
