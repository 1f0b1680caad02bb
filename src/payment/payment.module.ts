import { Module } from '@nestjs/common';
import { BillService } from './bill/bill.service.js';
import { ClosingService } from './closing/closing.service.js';
import { Sweeper } from './closing/sweeper.js';
import { AlipayGateway } from './gateway/alipay.gateway.js';
import { PaymentGateway } from './gateway/payment-gateway.js';
import { PayResultController } from './pay-result.controller.js';
import { AlipayController, PaymentController } from './payment.controller.js';
import { PaymentJobs } from './payment.jobs.js';
import { PaymentService } from './payment.service.js';
import { OddMoneyService } from './quarantine/odd-money.service.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineService } from './quarantine/quarantine.service.js';
import { RefusedNotices } from './quarantine/refused-notices.js';
import { RefundReads } from './refunds/refund-reads.js';
import { RefundRunner } from './refunds/refund-runner.js';
import { AdminRefundsController, RefundsController } from './refunds/refunds.controller.js';
import { RefundsService } from './refunds/refunds.service.js';

/** Paying orders, giving money back, and everything that can go wrong with either. */
@Module({
  controllers: [
    PaymentController,
    AlipayController,
    PayResultController,
    RefundsController,
    AdminRefundsController,
    QuarantineController,
  ],
  providers: [
    PaymentService,
    ClosingService,
    Sweeper,
    RefundsService,
    RefundRunner,
    RefundReads,
    BillService,
    QuarantineService,
    OddMoneyService,
    RefusedNotices,
    PaymentJobs,
    { provide: PaymentGateway, useClass: AlipayGateway },
  ],
})
export class PaymentModule {}
