import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Redis, startRedis } from '../../scripts/lib/redis.mjs';

let dir: string;
const started: Redis[] = [];

async function start() {
  const redis = await startRedis({ dir });
  started.push(redis);
  return redis;
}

async function ask<T>(url: string, question: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'meiduo-redis-'));
});

afterEach(async () => {
  for (const redis of started.splice(0)) {
    await redis.stop();
  }
  rmSync(dir, { recursive: true });
});

it('keeps what it acknowledged when it is killed', async () => {
  const first = await start();
  await ask(first.url, (client) => client.set('job', 'kept'));
  first.kill('SIGKILL');
  await first.exited;
  await first.stop();
  const second = await start();
  expect(await ask(second.url, (client) => client.get('job'))).toBe('kept');
});

it('answers nobody without its password', async () => {
  const redis = await start();
  const url = `redis://${redis.host}:${redis.port}`;
  await expect(ask(url, (client) => client.get('job'))).rejects.toThrow(/NOAUTH/);
});

it('refuses a folder in use at once', async () => {
  await start();
  await expect(start()).rejects.toThrow(
    `The Redis in ${dir} is already in use by process ${process.pid}.`,
  );
});
