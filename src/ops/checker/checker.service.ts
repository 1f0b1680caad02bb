import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  invariantLastRun,
  invariantRuns,
  invariantSeconds,
  invariantViolations,
} from '../../common/metrics.js';
import { Config } from '../../config/config.js';
import { inTransaction } from '../../database/transaction.js';
import { check, type Finding, sentence, withCheckConnection } from './check.js';
import {
  beginning,
  bookRun,
  brokenRules,
  claimRun,
  type CheckerState,
  type Kind,
  readMarks,
  readState,
  releaseRun,
} from './checker.store.js';
import { INVARIANTS } from './invariants.js';

const KINDS: readonly Kind[] = ['full', 'incremental'];

/**
 * Checks the invariants while the shop runs: rows touched lately every minute, all rows every hour,
 * on one instance of the fleet. What was found lies in the database, so every instance tells the
 * same in its metrics and its readiness.
 */
@Injectable()
export class CheckerService {
  private readonly logger = new Logger(CheckerService.name);
  private broken: readonly string[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** The rules that did not hold when they were last checked, by whichever instance. */
  get brokenRules(): readonly string[] {
    return this.broken;
  }

  /** Runs what is due, unless another instance does, and tells what is known. */
  async turn(signal?: AbortSignal): Promise<void> {
    const { due } = await readState(this.dataSource);
    for (const kind of KINDS.filter((one) => due.has(one))) {
      if (await inTransaction(this.dataSource, (tx) => claimRun(tx, kind))) {
        await this.run(kind, signal);
      }
    }
    this.tell(await readState(this.dataSource));
  }

  private async run(kind: Kind, signal: AbortSignal | undefined): Promise<void> {
    const stop = invariantSeconds.startTimer({ kind });
    try {
      const findings = await this.checkAndBook(kind, signal);
      findings.forEach((finding) => this.logger.error(sentence(finding)));
      invariantRuns.inc({ kind, outcome: findings.length === 0 ? 'clean' : 'violated' });
      stop();
    } catch (error) {
      invariantRuns.inc({ kind, outcome: 'failed' });
      await inTransaction(this.dataSource, (tx) => releaseRun(tx, kind));
      throw error;
    }
  }

  private checkAndBook(kind: Kind, signal: AbortSignal | undefined): Promise<Finding[]> {
    const at = { url: this.config.DATABASE_URL, tls: this.config.DATABASE_TLS };
    return withCheckConnection(at, async (reader) => {
      const begun = await beginning(reader);
      // A rule known to be broken is checked on all rows until it holds: only that tells its end.
      const full = await brokenRules(reader);
      const marks = kind === 'full' ? undefined : await readMarks(reader);
      const findings = await check(reader, { marks, full, ...(signal ? { signal } : {}) });
      const inFull = marks ? [...full] : INVARIANTS.map(({ id }) => id);
      await inTransaction(this.dataSource, (tx) => bookRun(tx, kind, begun, findings, inFull));
      return findings;
    });
  }

  private tell({ offenders, finishedAt }: CheckerState): void {
    this.broken = [...offenders.keys()];
    for (const { id } of INVARIANTS) {
      invariantViolations.set({ rule: id }, offenders.get(id) ?? 0);
    }
    for (const [kind, at] of finishedAt) {
      invariantLastRun.set({ kind }, at.getTime() / 1000);
    }
  }
}
