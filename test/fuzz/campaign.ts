import fc from '../kit/fast-check.js';
import type { TestDatabase } from '../kit/database.js';
import { BEFORE_THE_ROUTE, codeOf, type Contract, LATE_MS, type Operation } from './document.js';
import { type Known, requestTo } from './requests.js';
import type { Received, Sent, Wire } from './wire.js';

const AT_ONCE = 8;
const AGAIN_MAX = 2;
/** One round in so many sends again what it was refused. */
const COMPARED_OF = 4;

/** Tables in which a refusal leaves its trace by design: used images, counted guesses and limits. */
const COUNTING_TABLES = ['image_codes', 'sms_codes', 'quotas', 'rate_limits'];
/** What answers 503 since nobody is there to serve it in these tests: gateway, SMS and mail. */
const ABSENT = ['GATEWAY_UNAVAILABLE', 'SMS_UNAVAILABLE', 'MAIL_UNAVAILABLE'];

/** What is refused for its form alone, whoever sends it and whatever the shop holds. */
const OF_FORM = [...BEFORE_THE_ROUTE, 'VALIDATION_FAILED', 'METHOD_NOT_ALLOWED'];

/** Of the requests that were sent for the first time, each counted once. */
export interface Tally {
  /** Refused for their form. */
  malformed: number;
  /** Refused for another reason: no token, another's row, a rule of the shop, nobody to serve it. */
  refused: number;
  /** Answered as asked, so that they were well formed. */
  served: number;
  /** Refused requests that were sent again, between two equal checksums of the tables. */
  compared: number;
  /** First tries, of those sent again too, that were late or told "not now", and were sent once more. */
  late: number;
  /** Late or told "not now" every time, although nothing else was going on. */
  busy: number;
  /** First tries included. */
  slowestMs: number;
  readonly failures: string[];
}

type Pair = readonly [Operation, Sent];

/** Sends rounds of one request for each route and caller, and judges every answer. */
export class Campaign {
  readonly tally: Tally = {
    malformed: 0,
    refused: 0,
    served: 0,
    compared: 0,
    late: 0,
    busy: 0,
    slowestMs: 0,
    failures: [],
  };
  private readonly pairs: fc.Arbitrary<Pair[]>;
  private tables: string | undefined;
  /** Each problem is told once. */
  private readonly found = new Set<string>();

  constructor(
    private readonly wire: Wire,
    private readonly db: TestDatabase,
    private readonly contract: Contract,
    callers: readonly (string | undefined)[],
    known: Known,
  ) {
    const requests = contract.operations.flatMap((operation) =>
      callers.map((token) =>
        requestTo(operation, known, token).map((sent): Pair => [operation, sent]),
      ),
    );
    this.pairs = fc.tuple(...requests);
  }

  /** One round; the same seed is the same round. */
  async round(seed: number): Promise<void> {
    const [pairs = []] = fc.sample(this.pairs, { numRuns: 1, seed });
    const refused = await this.send(pairs, (sent, got) => this.count(sent, got));
    if (seed % COMPARED_OF === 0) {
      await this.compare(refused);
    }
  }

  /** Sends again what was refused, without the others, so that whatever changes is its doing. */
  private async compare(refused: readonly Pair[]): Promise<void> {
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
  private async send(
    pairs: readonly Pair[],
    count: (sent: Sent, got: Received) => void = () => {},
  ): Promise<Pair[]> {
    const waiting = [...pairs];
    const refused: Pair[] = [];
    const worker = async (): Promise<void> => {
      for (let pair = waiting.shift(); pair; pair = waiting.shift()) {
        const got = await this.ask(pair[1]);
        this.judge(pair, got);
        count(pair[1], got);
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
   * again, twice at most, and whatever is late or refused by itself is so every time. The first try
   * is told all the same.
   */
  private async ask(sent: Sent): Promise<Received> {
    const { tally, wire } = this;
    let got = await wire.send(sent);
    tally.late += isLate(got) ? 1 : 0;
    tally.slowestMs = Math.max(tally.slowestMs, got.ms);
    for (let again = 0; again < AGAIN_MAX && isLate(got); again += 1) {
      got = await wire.send(sent);
    }
    tally.busy += isLate(got) ? 1 : 0;
    return got;
  }

  private count(sent: Sent, got: Received): void {
    if (got.status < 400) {
      this.tally.served += 1;
    } else if (isOfForm(sent, got)) {
      this.tally.malformed += 1;
    } else {
      this.tally.refused += 1;
    }
  }

  private judge([operation, sent]: Pair, got: Received): void {
    const { tally } = this;
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

function isLate(got: Received): boolean {
  return got.ms > LATE_MS || (got.status === 503 && !ABSENT.includes(codeOf(got) ?? ''));
}

/** Whether the request is malformed; an address that is none is "not found". */
function isOfForm({ isAddressOdd }: Sent, got: Received): boolean {
  const code = codeOf(got) ?? '';
  return OF_FORM.includes(code) || (code === 'NOT_FOUND' && isAddressOdd);
}

function told(sent: Sent, got: Received): string {
  const body = sent.body?.toString('utf8').slice(0, 300) ?? '';
  const headers = sent.headers.map(([name, value]) => `${name}: ${value.slice(0, 40)}`).join('; ');
  return `  ${sent.path.slice(0, 300)}\n  ${headers}\n  ${body}\n  -> ${got.text.slice(0, 300)}`;
}
