import { Module, ValidationPipe, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { CashierController } from './cashier/cashier.controller.js';
import { SandboxErrorsFilter } from './control/errors.filter.js';
import { MoneyController } from './control/money.controller.js';
import { NotifiesController } from './control/notifies.controller.js';
import { SettingsController } from './control/settings.controller.js';
import { Targets } from './control/targets.js';
import { TradesController } from './control/trades.controller.js';
import { TroubleController } from './control/trouble.controller.js';
import { BillMethod } from './gateway/bill-method.js';
import { BillController } from './gateway/bill.controller.js';
import { Faults } from './gateway/faults.js';
import { GatewayController } from './gateway/gateway.controller.js';
import { Gateway } from './gateway/gateway.service.js';
import { RequestLog } from './gateway/request-log.js';
import { TradeMethods } from './gateway/trade-methods.js';
import { HomeController } from './home/home.controller.js';
import { Courier } from './notify/courier.js';
import { Heartbeat } from './notify/heartbeat.js';
import { NoticeDesk } from './notify/notice-desk.js';
import { Notices } from './notify/notices.js';
import { SandboxFacts } from './options.js';
import { Clock } from './store/clock.js';
import { KeyRing } from './store/key-ring.js';
import { Store } from './store/store.js';
import { Warnings } from './store/warnings.js';
import { Accounts } from './trades/accounts.js';
import { Checkout } from './trades/checkout.js';
import { Ledger } from './trades/ledger.js';
import { AssetsController } from './web/assets.controller.js';

const CONTROLLERS = [
  GatewayController,
  BillController,
  CashierController,
  AssetsController,
  HomeController,
  TradesController,
  NotifiesController,
  SettingsController,
  MoneyController,
  TroubleController,
];

const SERVICES = [
  Clock,
  Warnings,
  Accounts,
  Ledger,
  Checkout,
  Courier,
  Notices,
  NoticeDesk,
  Heartbeat,
  TradeMethods,
  BillMethod,
  Faults,
  RequestLog,
  Gateway,
  Targets,
];

/** The whole sandbox. Keys and books are opened outside, because that takes time or may fail. */
@Module({})
export class SandboxModule {
  static with(facts: SandboxFacts, store: Store, keys: KeyRing): DynamicModule {
    const pipe = new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true });
    return {
      module: SandboxModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: SandboxFacts, useValue: facts },
        { provide: Store, useValue: store },
        { provide: KeyRing, useValue: keys },
        { provide: APP_FILTER, useClass: SandboxErrorsFilter },
        { provide: APP_PIPE, useValue: pipe },
        ...SERVICES,
      ],
    };
  }
}
