import { Injectable } from '@nestjs/common';
import { RepeatedJobs } from '../common/repeated-jobs.js';
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
export class PaymentJobs extends RepeatedJobs {
  protected readonly jobs: readonly Repeater[];

  constructor(
    config: Config,
    sweeper: Sweeper,
    refunds: RefundRunner,
    bills: BillService,
    quarantine: QuarantineService,
  ) {
    super(config);
    const { signal } = this.stopping;
    this.jobs = [
      new Repeater(
        'sweep',
        async () => {
          while ((await sweeper.sweep(MAX, signal)) && !signal.aborted);
        },
        5 * SECOND_MS,
      ),
      new Repeater(
        'refunds',
        async () => {
          // First, since a gateway that hangs makes the rest take long.
          await refunds.tellOldest();
          await refunds.runDue(MAX, signal);
        },
        2 * SECOND_MS,
      ),
      new Repeater('bill', () => bills.compareMissing(), 900 * SECOND_MS),
      new Repeater('old notices', () => quarantine.deleteOld(signal), 600 * SECOND_MS),
    ];
  }
}
