import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { JwtAuthGuard } from './auth/jwt-auth.guard.js';
import { CartModule } from './cart/cart.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { ProblemFilter } from './common/problem.filter.js';
import { DtoPipe } from './common/validation.pipe.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { notNow } from './database/errors.js';
import { LimitsModule } from './limits/limits.module.js';
import { OpsModule } from './ops/ops.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PaymentModule } from './payment/payment.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The shop: its modules, and the guard, pipe and filter that stand before every route. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule,
        AuthModule,
        LimitsModule,
        UsersModule,
        CatalogModule,
        CartModule,
        OrdersModule,
        PaymentModule,
        WebhooksModule,
        OpsModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: JwtAuthGuard },
        { provide: APP_PIPE, useClass: DtoPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(notNow) },
      ],
    };
  }
}
