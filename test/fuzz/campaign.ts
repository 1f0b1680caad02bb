import fc from '../kit/fast-check.js';
import type { TestDatabase } from '../kit/database.js';
import { codeOf, type Contract, LATE_MS, type Operation } from './document.js';
import { type Known, requestTo } from './requests.js';
import type { Received, Sent, Wire } from './wire.js';

const AT_ONCE = 8;
const AGAIN_MAX = 2;

/** Tables in which a refusal leaves its trace by design: used images, counted guesses and limits. */
const COUNTING_TABLES = ['image_codes', 'sms_codes', 'quotas', 'rate_limits'];
/** What answers 503 since nobody is there to serve it in these tests: gateway, SMS and mail. */
const ABSENT = ['GATEWAY_UNAVAILABLE', 'SMS_UNAVAILABLE', 'MAIL_UNAVAILABLE'];

export interface Tally {
  requests: number;
  refused: number;
  succeeded: number;
  /** Refused requests between two equal checksums of the tables. */
  compared: number;
  /** Answered "not now" although nothing else was going on. */
  busy: number;
  slowestMs: number;
  readonly failures: string[];
}

type Pair = readonly [Operation, Sent];

/** Sends rounds of one request for each route and caller, and judges every answer. */
export class Campaign {
  readonly tally: Tally = {
    requests: 0,
    refused: 0,
    succeeded: 0,
    compared: 0,
    busy: 0,
    slowestMs: 0,
    failures: [],
  };
  private tables: string | undefined;
  /** Each problem is told once. */
  private readonly found = new Set<string>();

  constructor(
    private readonly wire: Wire,
    private readonly db: TestDatabase,
    private readonly contract: Contract,
    private readonly callers: readonly (string | undefined)[],
    private readonly known: Known,
  ) {}

  /** One round; the same seed is the same round. */
  async round(seed: number): Promise<void> {
    const pairs = this.contract.operations.flatMap((operation, i) =>
      this.callers.flatMap((token, j) =>
        fc
          .sample(requestTo(operation, this.known, token), {
            numRuns: 1,
            seed: seed * 1009 + i * 8 + j,
          })
          .map((sent): Pair => [operation, sent]),
      ),
    );
    const refused = await this.send(pairs);
    // What was refused once is sent again, without the others, so that whatever changes is its doing.
    const before = await this.checksum();
    const again = await this.send(refused);
    if (again.length === refused.length) {
      this.tally.compared += refused.length;
      const after = await this.checksum();
      if (after !== before) {
        this.tally.failures.push(`refused requests changed rows:\n${before}\n${after}`);
      }
    }
  }

  /** Sends all of them, eight at a time; the ones that were refused. */
  private async send(pairs: readonly Pair[]): Promise<Pair[]> {
    const waiting = [...pairs];
    const refused: Pair[] = [];
    const worker = async (): Promise<void> => {
      for (let pair = waiting.shift(); pair; pair = waiting.shift()) {
        const got = await this.ask(pair[1]);
        this.count(pair, got);
        if (got.status >= 400 && got.status < 500) {
          refused.push(pair);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return refused;
  }

  /**
   * The answer. One that is late, or "not now", may be so for want of a machine: it is asked for
   * again, twice at most, and whatever is late or refused by itself is so every time.
   */
  private async ask(sent: Sent): Promise<Received> {
    let got = await this.wire.send(sent);
    for (let again = 0; again < AGAIN_MAX && (isBusy(got) || got.ms > LATE_MS); again += 1) {
      got = await this.wire.send(sent);
    }
    return got;
  }

  private count([operation, sent]: Pair, got: Received): void {
    const { tally } = this;
    tally.requests += 1;
    tally.slowestMs = Math.max(tally.slowestMs, got.ms);
    tally.refused += got.status >= 400 && got.status < 500 ? 1 : 0;
    tally.succeeded += got.status < 400 ? 1 : 0;
    tally.busy += isBusy(got) ? 1 : 0;
    const problem = this.contract.problemOf(operation, sent, got);
    if (
      problem !== undefined &&
      !this.found.has(`${operation.method} ${operation.path} ${problem}`)
    ) {
      this.found.add(`${operation.method} ${operation.path} ${problem}`);
      tally.failures.push(`${operation.method} ${operation.path} ${problem}\n${told(sent, got)}`);
    }
  }

  /** The checksums of all tables in which a refusal must leave no trace. */
  private async checksum(): Promise<string> {
    if (this.tables === undefined) {
      const rows = await this.db.sql<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name NOT IN (?) ORDER BY 1`,
        [COUNTING_TABLES],
      );
      this.tables = rows.map(({ name }) => `\`${name}\``).join(', ');
    }
    const sums = await this.db.sql<{ Table: string; Checksum: unknown }>(
      `CHECKSUM TABLE ${this.tables}`,
    );
    return sums.map((row) => `${row.Table}=${String(row.Checksum)}`).join(' ');
  }
}

function isBusy(got: Received): boolean {
  return got.status === 503 && !ABSENT.includes(codeOf(got) ?? '');
}

function told(sent: Sent, got: Received): string {
  const body = sent.body?.toString('utf8').slice(0, 300) ?? '';
  const headers = sent.headers.map(([name, value]) => `${name}: ${value.slice(0, 40)}`).join('; ');
  return `  ${sent.path.slice(0, 300)}\n  ${headers}\n  ${body}\n  -> ${got.text.slice(0, 300)}`;
}
