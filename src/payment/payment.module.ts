import { Module } from '@nestjs/common';
import { ClosingService } from './closing.service.js';
import { AlipayGateway } from './gateway/alipay.gateway.js';
import { PaymentGateway } from './gateway/payment-gateway.js';
import { PayResultController } from './pay-result.controller.js';
import { AlipayController, PaymentController } from './payment.controller.js';
import { PaymentService } from './payment.service.js';

/** Paying orders, and everything that can go wrong with it. */
@Module({
  controllers: [PaymentController, AlipayController, PayResultController],
  providers: [PaymentService, ClosingService, { provide: PaymentGateway, useClass: AlipayGateway }],
})
export class PaymentModule {}
