import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HomeController } from './home.controller.js';
import { MetricsController } from './metrics.controller.js';
import { Readiness } from './readiness.js';

/** What whoever runs the shop needs: probes and counters; and its front door. */
@Module({
  controllers: [HealthController, MetricsController, HomeController],
  providers: [Readiness],
  exports: [Readiness],
})
export class OpsModule {}
