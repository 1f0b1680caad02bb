import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Repeater } from '../common/repeater.js';
import { Config } from '../config/config.js';
import { RELAY_BATCH, WebhooksService } from './webhooks.service.js';
import type { Endpoint } from './webhooks.store.js';

const PAUSE_MS = 500;
const CLEANING_PAUSE_MS = 600_000;

/** Keeps events flowing. Every endpoint has a lane of its own, so none waits for another one. */
@Injectable()
export class WebhooksJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private lanes: Repeater[] = [];

  constructor(
    private readonly webhooks: WebhooksService,
    private readonly config: Config,
  ) {}

  /** The endpoints are registered before the first request, so that no event is too early. */
  async onApplicationBootstrap(): Promise<void> {
    const endpoints = await this.webhooks.register();
    if (!this.config.jobsEnabled) {
      return;
    }
    const clean = () => this.webhooks.deleteOld();
    const cleaning = new Repeater('old events', clean, CLEANING_PAUSE_MS);
    const sending = endpoints.map((endpoint) => this.deliveryLane(endpoint));
    this.lanes = [cleaning, ...(sending.length > 0 ? [this.relayLane(), ...sending] : [])];
    this.lanes.forEach((lane) => lane.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.webhooks.close();
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  private relayLane(): Repeater {
    const relay = async () => {
      while ((await this.webhooks.relay()) === RELAY_BATCH);
    };
    return new Repeater('webhook relay', relay, PAUSE_MS);
  }

  private deliveryLane(endpoint: Endpoint): Repeater {
    const deliver = async () => {
      while ((await this.webhooks.deliver(endpoint)) > 0);
    };
    return new Repeater('webhook delivery', deliver, PAUSE_MS);
  }
}
