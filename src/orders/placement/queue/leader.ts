import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

const LEASE_MS = 3000;
const RENEW_MS = 1000;

const RENEW = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;
const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

/**
 * One of many processes leads: whoever holds a lease in Redis that it keeps renewing. When it dies
 * the lease runs out within three seconds and another one takes it. Two that believe to lead for a
 * moment (a process that was frozen) do no harm: the rows in MySQL are locked, this only saves them
 * from waiting for each other.
 */
export class Leader {
  private readonly me = randomUUID();
  private timer?: NodeJS.Timeout;
  private leading = false;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly onChange: (leading: boolean) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), RENEW_MS);
    this.timer.unref();
    void this.tick();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.set(false);
    await this.redis.eval(RELEASE, 1, this.key, this.me).catch(() => undefined);
  }

  private async tick(): Promise<void> {
    try {
      this.set((await this.redis.eval(RENEW, 1, this.key, this.me, LEASE_MS)) === 1);
    } catch {
      this.set(false);
    }
  }

  private set(leading: boolean): void {
    if (leading !== this.leading) {
      this.leading = leading;
      this.onChange(leading);
    }
  }
}
