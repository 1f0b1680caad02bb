import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FAULT_KINDS, Faults } from '../gateway/faults.js';
import { Gateway } from '../gateway/gateway.service.js';
import { RequestLog } from '../gateway/request-log.js';
import { Heartbeat } from '../notify/heartbeat.js';
import { NoticeDesk } from '../notify/notice-desk.js';
import { parseDuration } from '../rules/durations.js';
import { BizError, GatewayError, UnknownThingError } from '../rules/errors.js';
import { Clock } from '../store/clock.js';
import type { NotifyMode } from '../store/records.js';
import { Store } from '../store/store.js';
import { Accounts } from '../trades/accounts.js';
import { sendPage } from '../web/layout.js';
import { homePage, type HomeView } from './home-page.js';

type Form = Record<string, string>;

const ROWS = 10;
const DEPOSIT_FEN = 1_000_000;
const MODES: readonly NotifyMode[] = ['auto', 'hold', 'drop'];

/** The overview for people. Its buttons are plain forms that come back to it. */
@Controller()
export class HomeController {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly faults: Faults,
    private readonly log: RequestLog,
    private readonly gateway: Gateway,
    private readonly heartbeat: Heartbeat,
    private readonly desk: NoticeDesk,
  ) {}

  @Get()
  show(@Res() reply: FastifyReply): void {
    sendPage(reply, homePage(this.view()));
  }

  @Post('home/clock')
  async advance(@Body() form: Form, @Res() reply: FastifyReply): Promise<void> {
    await this.heartbeat.advance(parseDuration(form['by'] ?? '') ?? 0);
    this.back(reply);
  }

  @Post('home/mode')
  mode(@Body() form: Form, @Res() reply: FastifyReply): void {
    const mode = MODES.find((entry) => entry === form['mode']);
    if (mode) this.desk.setMode(mode);
    this.back(reply);
  }

  @Post('home/flush')
  async flush(@Body() form: Form, @Res() reply: FastifyReply): Promise<void> {
    await this.desk.flush(form['order'] === 'desc' ? 'desc' : 'asc', {});
    this.back(reply);
  }

  @Post('home/notice')
  async notice(@Body() form: Form, @Res() reply: FastifyReply): Promise<void> {
    const wish = { notify_id: form['notify_id'] ?? '' };
    if (form['action'] === 'drop') this.desk.drop(wish);
    if (form['action'] === 'deliver') await this.desk.deliverAgain(wish.notify_id);
    if (form['action'] === 'double') await this.desk.resend({ ...wish, times: 2 });
    if (form['action'] === 'tamper') {
      await this.desk.resend({ ...wish, after: { total_amount: '0.01' } });
    }
    this.back(reply);
  }

  @Post('home/fault')
  fault(@Body() form: Form, @Res() reply: FastifyReply): void {
    const kind = FAULT_KINDS.find((entry) => entry === form['kind']);
    const left = Math.min(1000, Math.max(1, Math.trunc(Number(form['times']) || 1)));
    if (kind) this.faults.add({ method: form['method'] ?? '*', kind, left });
    this.back(reply);
  }

  @Post('home/faults-clear')
  clearFaults(@Res() reply: FastifyReply): void {
    this.faults.clear();
    this.back(reply);
  }

  @Post('home/seller')
  money(@Body() form: Form, @Res() reply: FastifyReply): void {
    const seller = this.accounts.seller();
    if (form['action'] === 'deposit') this.accounts.deposit(seller, DEPOSIT_FEN);
    else this.accounts.withdraw(seller, seller.balanceFen);
    this.back(reply);
  }

  @Post('home/reset')
  reset(@Res() reply: FastifyReply): void {
    this.store.reset();
    this.faults.clear();
    this.log.clear();
    this.back(reply);
  }

  /** Opens the cashier for an app.pay order string, as the wallet on a phone would. */
  @Post('home/app')
  app(@Body() form: Form, @Res() reply: FastifyReply): void {
    try {
      const order = new URLSearchParams((form['order_string'] ?? '').trim());
      const session = this.gateway.open(Object.fromEntries(order));
      void reply.redirect(`/cashier/${session.id}`, 303);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      sendPage(reply, homePage({ ...this.view(), problem: error.message }), 400);
    }
  }

  private back(reply: FastifyReply): void {
    void reply.redirect('/', 303);
  }

  private view(): HomeView {
    const { settings } = this.store;
    return {
      nowMs: this.clock.nowMs(),
      offsetMs: settings.clockOffsetMs,
      mode: settings.notifyMode,
      seller: this.accounts.seller(),
      trades: latest(this.store.trades.values()),
      notices: latest(this.store.notices.values()),
      requests: latest(this.log.list()),
      faults: this.faults.list(),
      warnings: latest(this.store.warnings.values()),
      methods: ['*', ...this.gateway.methodNames()],
    };
  }
}

function latest<T>(entries: Iterable<T>): T[] {
  return [...entries].slice(-ROWS).reverse();
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof BizError || error instanceof GatewayError || error instanceof UnknownThingError
  );
}
