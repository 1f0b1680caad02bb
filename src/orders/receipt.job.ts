import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { FulfilmentService, RECEIPT_BATCH } from './fulfilment.service.js';

const PAUSE_MS = 60_000;

/** Receives orders by themselves whose buyers have said nothing for long. */
@Injectable()
export class ReceiptJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeater: Repeater;

  constructor(
    fulfilment: FulfilmentService,
    private readonly config: Config,
  ) {
    this.repeater = new Repeater(
      'receipt',
      async () => {
        while ((await fulfilment.receiveDue()) === RECEIPT_BATCH);
      },
      PAUSE_MS,
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.repeater.start();
    }
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeater.stop();
  }
}
