import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { CheckerJob } from './checker/checker.job.js';
import { CheckerService } from './checker/checker.service.js';
import { HealthController } from './health.controller.js';
import { HomeController } from './home.controller.js';
import { MetricsController } from './metrics.controller.js';
import { Readiness } from './readiness.js';

/** What whoever runs the shop needs: probes, counters, the checker of its rows; and its front door. */
@Module({
  imports: [OrdersModule],
  controllers: [HealthController, MetricsController, HomeController],
  providers: [Readiness, CheckerService, CheckerJob],
  exports: [Readiness],
})
export class OpsModule {}
