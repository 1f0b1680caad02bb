import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { jobFailures } from '../common/metrics.js';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { BillService } from './bill/bill.service.js';
import { Sweeper } from './closing/sweeper.js';
import { QuarantineService } from './quarantine/quarantine.service.js';
import { RefundRunner } from './refunds/refund-runner.js';

const SECOND_MS = 1000;
/** Rows of one turn. */
const MAX = 100;

/** The work of the payment side that runs by itself, on every instance at once (JOBS). */
@Injectable()
export class PaymentJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PaymentJobs.name);
  private readonly stopping = new AbortController();
  private readonly jobs: readonly Repeater[];

  constructor(
    private readonly config: Config,
    sweeper: Sweeper,
    refunds: RefundRunner,
    bills: BillService,
    quarantine: QuarantineService,
  ) {
    const { signal } = this.stopping;
    this.jobs = [
      this.job('sweep', 5 * SECOND_MS, async () => {
        while ((await sweeper.sweep(MAX, signal)) && !signal.aborted);
      }),
      this.job('refunds', 2 * SECOND_MS, async () => {
        // First, since a gateway that hangs makes the rest take long.
        await refunds.tellOldest();
        await refunds.runDue(MAX, signal);
      }),
      this.job('bill', 900 * SECOND_MS, () => bills.compareMissing()),
      this.job('old notices', 600 * SECOND_MS, () => quarantine.deleteOld(signal)),
    ];
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.jobs.forEach((job) => job.start());
    }
  }

  /** Ends after the row that is being worked on. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.jobs.map((job) => job.stop()));
  }

  private job(name: string, pauseMs: number, work: () => Promise<unknown>): Repeater {
    return new Repeater(work, pauseMs, (error) => {
      jobFailures.inc({ job: name });
      this.logger.error(`${name}: ${String(error)}`);
    });
  }
}
