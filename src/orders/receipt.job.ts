import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { FulfilmentService } from './fulfilment.service.js';

const PAUSE_MS = 60_000;

/** Receives orders by themselves whose buyers have said nothing for long. */
@Injectable()
export class ReceiptJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly repeater: Repeater;

  constructor(
    fulfilment: FulfilmentService,
    private readonly config: Config,
  ) {
    const { signal } = this.stopping;
    this.repeater = new Repeater('receipt', () => fulfilment.receiveDue({ signal }), PAUSE_MS);
  }

  onApplicationBootstrap(): void {
    if (this.config.jobsEnabled) {
      this.repeater.start();
    }
  }

  /** Ends after the order that is being received. */
  beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    return this.repeater.stop();
  }
}
