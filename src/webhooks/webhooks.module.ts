import { Module } from '@nestjs/common';
import { WebhooksJob } from './webhooks.job.js';
import { WebhooksService } from './webhooks.service.js';

/** Events of orders, sent to receivers outside of the shop. */
@Module({ providers: [WebhooksService, WebhooksJob] })
export class WebhooksModule {}
