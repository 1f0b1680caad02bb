/**
 * How often a caller may do what costs something or tells something. Pure: the table, and the
 * setting that changes it. `src/limits` counts.
 */

/** Whom a limit counts: an address, an account, or an account as seen from one address. */
export type Counted = 'address' | 'account' | 'account+address';

export interface Limit {
  readonly per: Counted;
  /** Requests in one window. */
  readonly points: number;
  /** Length of a window, which begins with its first request. */
  readonly seconds: number;
}

export interface LimitRule {
  readonly limits: readonly Limit[];
  /** The account: the caller's own, or the one that this field of the request names. */
  readonly account?: 'caller' | 'username';
  /**
   * `database`: one count for all instances, which a restart does not forget, for one short
   * transaction. `memory`: each instance counts for itself, so the whole fleet allows more.
   */
  readonly store: 'database' | 'memory';
}

const MINUTE = 60;
const HOUR = 3600;
/** Timers of Node.js run no longer; above it a limit in memory would be none. */
const SECONDS_MAX = 2_147_483;

/**
 * Logging in: few tries for one account from one address, and far more for the account from
 * everywhere. The last only slows a guess from many addresses down; it never shuts out a buyer who
 * comes from an address they have logged in from before.
 */
const table = {
  login: {
    account: 'username',
    store: 'database',
    limits: [
      { per: 'account+address', points: 10, seconds: 10 * MINUTE },
      { per: 'address', points: 100, seconds: 10 * MINUTE },
      { per: 'account', points: 1000, seconds: HOUR },
    ],
  },
  registration: {
    store: 'database',
    limits: [{ per: 'address', points: 30, seconds: HOUR }],
  },
  sms: {
    // How many one number gets is counted where they are sent, behind the captcha; counted here, anybody
    // could use a stranger's up.
    store: 'database',
    limits: [{ per: 'address', points: 30, seconds: HOUR }],
  },
  captcha: {
    store: 'memory',
    limits: [{ per: 'address', points: 120, seconds: MINUTE }],
  },
  lookup: {
    store: 'memory',
    limits: [{ per: 'address', points: 60, seconds: MINUTE }],
  },
  password: {
    account: 'caller',
    store: 'database',
    limits: [{ per: 'account', points: 10, seconds: HOUR }],
  },
  orders: {
    account: 'caller',
    store: 'memory',
    limits: [{ per: 'account', points: 60, seconds: MINUTE }],
  },
  payment: {
    account: 'caller',
    store: 'memory',
    limits: [{ per: 'account', points: 60, seconds: MINUTE }],
  },
  inquiry: {
    // Whether an order is paid: while that is not known, every request asks the gateway. A page asks every
    // two seconds; behind one address there may be several buyers, and the return has no account.
    account: 'caller',
    store: 'memory',
    limits: [
      { per: 'account', points: 60, seconds: MINUTE },
      { per: 'address', points: 300, seconds: MINUTE },
    ],
  },
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof table;
export type LimitTable = Readonly<Record<LimitName, LimitRule>>;

const CHANGE = /^([a-z]+)\.([a-z+]+)=([1-9]\d{0,6})\/([1-9]\d{0,6})$/;

/**
 * The table with what a setting changes in it, `login.address=600/60,orders.account=10/60` (requests
 * and seconds). Undefined when the text is no such list or names a limit that does not exist.
 */
export function limitTable(changes: string): LimitTable | undefined {
  const result: Record<string, LimitRule> = { ...table };
  for (const change of changes.split(',').map((text) => text.trim())) {
    if (change === '') continue;
    const [, name = '', per, points, seconds] = CHANGE.exec(change) ?? [];
    const rule = Object.hasOwn(result, name) ? result[name] : undefined;
    if (!rule?.limits.some((limit) => limit.per === per) || Number(seconds) > SECONDS_MAX) {
      return undefined;
    }
    const changed = { points: Number(points), seconds: Number(seconds) };
    const limits = rule.limits.map((limit) => (limit.per === per ? { per, ...changed } : limit));
    result[name] = { ...rule, limits };
  }
  return result as LimitTable;
}
