import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RequestLog } from '../gateway/request-log.js';
import { SandboxFacts } from '../options.js';
import { UnknownThingError } from '../rules/errors.js';
import { yuan } from '../rules/money.js';
import { Store } from '../store/store.js';
import { DEMO_BUYER } from '../trades/accounts.js';
import { Checkout } from '../trades/checkout.js';
import { Ledger } from '../trades/ledger.js';
import { HideDto, PayDto, TradeNameDto } from './dto.js';
import { Targets } from './targets.js';
import { iso, sessionView, tradeView } from './views.js';

/** Trades and opened pages, and paying without a browser. */
@Controller('sandbox')
export class TradesController {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly checkout: Checkout,
    private readonly targets: Targets,
    private readonly log: RequestLog,
    private readonly facts: SandboxFacts,
  ) {}

  @Get('trades')
  trades(): object {
    this.ledger.settleDue();
    return { trades: [...this.store.trades.values()].map(tradeView) };
  }

  @Get('trades/:number')
  trade(@Param('number') number: string): object {
    const tradeNo = this.store.trades.has(number) ? number : undefined;
    if (!tradeNo && !this.store.tradeByMerchantNo(number)) {
      throw new UnknownThingError(`There is no trade ${number}.`);
    }
    return tradeView(this.ledger.find({ tradeNo, outTradeNo: number }));
  }

  /** Presses the cashier's pay button. */
  @Post('trades/pay')
  @HttpCode(200)
  pay(@Body() dto: PayDto): object {
    const session = this.targets.open(dto);
    const { trade, returnUrl } = this.checkout.pay(session, dto.buyer ?? DEMO_BUYER);
    return {
      trade_no: trade.id,
      out_trade_no: trade.order.outTradeNo,
      total_amount: yuan(trade.order.totalFen),
      return_url: returnUrl ?? null,
      app_result: this.checkout.appResult(session, trade) ?? null,
    };
  }

  /** Logs the buyer in without paying: the trade exists from here on, in WAIT_BUYER_PAY. */
  @Post('trades/login')
  @HttpCode(200)
  login(@Body() dto: PayDto): object {
    const session = this.targets.open(dto);
    return tradeView(this.checkout.login(session, dto.buyer ?? DEMO_BUYER));
  }

  @Post('trades/finish')
  @HttpCode(200)
  finish(@Body() dto: TradeNameDto): object {
    return tradeView(this.ledger.finish({ tradeNo: dto.trade_no, outTradeNo: dto.out_trade_no }));
  }

  /** Leaves a trade out of the bills, as if the gateway had forgotten it. */
  @Post('trades/hide-from-bill')
  @HttpCode(200)
  hide(@Body() dto: HideDto): object {
    const trade = this.ledger.find({ tradeNo: dto.trade_no, outTradeNo: dto.out_trade_no });
    const hidden = { ...trade, hiddenFromBill: dto.hidden ?? true };
    this.store.put({ trades: [hidden] });
    return tradeView(hidden);
  }

  @Get('sessions')
  sessions(): object {
    const sessions = [...this.store.sessions.values()];
    return { sessions: sessions.map((session) => sessionView(session, this.facts.publicUrl)) };
  }

  /** The latest requests the gateway answered, oldest first. */
  @Get('requests')
  requests(): object {
    return {
      requests: this.log.list().map(({ atMs, method, outTradeNo, result }) => ({
        at: iso(atMs),
        method,
        out_trade_no: outTradeNo,
        result,
      })),
    };
  }
}
