import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { addressGroup } from '../common/address.js';
import { rateLimited } from '../common/metrics.js';
import type { Limit, LimitName, LimitRule, LimitTable } from '../common/rate-limits.js';
import { Config } from '../config/config.js';
import { inTransaction } from '../database/transaction.js';
import { forget, keep, lives, raise } from './limits.store.js';
import { type State, type Verdict, verdictOf } from './verdict.js';

/** What a limit reads of a request. `ip` is the client's: behind a trusted proxy, what that says. */
export interface LimitedRequest {
  readonly ip: string;
  readonly user?: Principal;
  readonly body?: unknown;
  readonly params?: unknown;
}

const KNOWN_SECONDS = 30 * 86_400;

/** A count of the database that is above its limit, until its window ends. */
const BLOCKED = { keyPrefix: '', points: 0, duration: 1 };

/**
 * Counts requests and says when it is enough. The library's own store for MySQL sends four
 * statements per limit outside of `inTransaction`, without a deadline; ours raises all limits of a
 * request in one transaction, and keeps what is above its limit in memory, so that a flood that is
 * refused costs no statement.
 */
@Injectable()
export class RateLimits {
  private readonly table: LimitTable;
  /** False: nothing is counted and nobody is refused. */
  readonly on: boolean;
  private readonly key: Buffer;
  private readonly inMemory = new Map<Limit, RateLimiterMemory>();
  private readonly blocked = new RateLimiterMemory(BLOCKED);

  constructor(
    private readonly dataSource: DataSource,
    config: Config,
  ) {
    this.on = config.RATE_LIMITS === 'on';
    this.table = config.limits;
    this.key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'rate-limits', 32));
    for (const { store, limits } of Object.values(this.table)) {
      for (const limit of store === 'memory' ? limits : []) {
        const { points, seconds: duration } = limit;
        this.inMemory.set(limit, new RateLimiterMemory({ keyPrefix: '', points, duration }));
      }
    }
  }

  /** Counts one request. Undefined when it names nobody to be counted; else what is told. */
  async take(name: LimitName, request: LimitedRequest): Promise<Verdict | undefined> {
    const rule = this.table[name];
    const whose = subjectsOf(rule, request);
    if (whose.length === 0) {
      return undefined;
    }
    const states =
      rule.store === 'memory'
        ? await Promise.all(whose.map((one) => this.raiseHere(one)))
        : await this.raiseEverywhere(name, whose);
    const verdict = verdictOf(await this.spare(name, request, states));
    if (!verdict.allowed) {
      rateLimited.inc({ limit: name });
    }
    return verdict;
  }

  /**
   * The caller has proved to be who the request names: tries from this address are forgotten, and
   * it stays known, so that a flood from elsewhere cannot shut this caller out.
   */
  async proved(name: LimitName, request: LimitedRequest): Promise<void> {
    const [pair] = subjectsOf(this.table[name], request).filter(
      ({ limit }) => limit.per === 'account+address',
    );
    if (pair) {
      const known = this.hash(`${name}.known`, pair.subject);
      const tries = this.hash(`${name}.${pair.limit.per}`, pair.subject);
      await inTransaction(this.dataSource, async (tx) => {
        await forget(tx, tries);
        await keep(tx, { key: known, seconds: KNOWN_SECONDS });
      });
      await this.blocked.delete(tries.toString('hex'));
    }
  }

  private async raiseHere({ limit, subject }: Counting): Promise<State> {
    const limiter = this.inMemory.get(limit);
    const counted = await limiter?.consume(subject).catch((refusal: RateLimiterRes) => refusal);
    return {
      limit,
      points: counted?.consumedPoints ?? 1,
      resetsInMs: counted?.msBeforeNext ?? limit.seconds * 1000,
    };
  }

  private async raiseEverywhere(name: LimitName, whose: readonly Counting[]): Promise<State[]> {
    const counts = whose.map(({ limit, subject }) => ({
      limit,
      key: this.hash(`${name}.${limit.per}`, subject),
      seconds: limit.seconds,
    }));
    const held = await Promise.all(counts.map((count) => this.held(count)));
    const refused = held.filter((state) => state !== undefined);
    if (refused.some(({ limit }) => limit.per !== 'account')) {
      return refused;
    }
    const counted = await inTransaction(this.dataSource, (tx) => raise(tx, counts));
    return Promise.all(
      counts.map(async ({ limit, key }, i): Promise<State> => {
        const { points, resetsInMs } = counted[i] ?? { points: 1, resetsInMs: 0 };
        if (points > limit.points && resetsInMs > 0) {
          await this.blocked.block(key.toString('hex'), resetsInMs / 1000);
        }
        return { limit, points, resetsInMs };
      }),
    );
  }

  /** The state of a count that is known to be above its limit. */
  private async held({ limit, key }: { limit: Limit; key: Buffer }): Promise<State | undefined> {
    const found = await this.blocked.get(key.toString('hex'));
    return found === null
      ? undefined
      : { limit, points: limit.points + 1, resetsInMs: found.msBeforeNext };
  }

  /** Leaves the count of the whole account out for a caller whose address is known for it. */
  private async spare(
    name: LimitName,
    request: LimitedRequest,
    states: readonly State[],
  ): Promise<readonly State[]> {
    const whole = states.find(
      ({ limit, points }) => limit.per === 'account' && points > limit.points,
    );
    const pair = subjectsOf(this.table[name], request).find(
      ({ limit }) => limit.per === 'account+address',
    );
    if (!whole || !pair) {
      return states;
    }
    const known = this.hash(`${name}.known`, pair.subject);
    return (await inTransaction(this.dataSource, (tx) => lives(tx, known)))
      ? states.filter((state) => state !== whole)
      : states;
  }

  /** Keyed, since a plain hash of a mobile number or an address is guessed at once. */
  private hash(what: string, subject: string): Buffer {
    return createHmac('sha256', this.key).update(`${what}|${subject}`).digest();
  }
}

/** A limit and who is counted by it. */
interface Counting {
  readonly limit: Limit;
  readonly subject: string;
}

/** Whom the limits of a rule count in this request; a limit that finds nobody is left out. */
function subjectsOf(rule: LimitRule, request: LimitedRequest): Counting[] {
  const address = addressGroup(request.ip);
  const account = accountOf(rule, request);
  return rule.limits.flatMap((limit) => {
    if (limit.per === 'address') {
      return [{ limit, subject: address }];
    }
    if (account === undefined) {
      return [];
    }
    return [{ limit, subject: limit.per === 'account' ? account : `${account}|${address}` }];
  });
}

/** In lower case, as accounts are compared, so that other spellings are not other accounts. */
function accountOf({ account }: LimitRule, request: LimitedRequest): string | undefined {
  if (account === 'caller') {
    return request.user && String(request.user.id);
  }
  const named = account && (fieldOf(request.body, account) ?? fieldOf(request.params, account));
  return typeof named === 'string' ? named.toLowerCase() : undefined;
}

function fieldOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null
    ? (source as Record<string, unknown>)[name]
    : undefined;
}
