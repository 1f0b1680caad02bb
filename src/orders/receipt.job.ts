import { Injectable } from '@nestjs/common';
import { RepeatedJobs } from '../common/repeated-jobs.js';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { FulfilmentService } from './fulfilment.service.js';

const PAUSE_MS = 60_000;

/** Receives orders by themselves whose buyers have said nothing for long. */
@Injectable()
export class ReceiptJob extends RepeatedJobs {
  protected readonly jobs: readonly Repeater[];

  constructor(fulfilment: FulfilmentService, config: Config) {
    super(config);
    const { signal } = this.stopping;
    this.jobs = [new Repeater('receipt', () => fulfilment.receiveDue({ signal }), PAUSE_MS)];
  }
}
