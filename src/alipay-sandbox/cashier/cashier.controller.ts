import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BizError } from '../rules/errors.js';
import type { Session } from '../store/records.js';
import { Store } from '../store/store.js';
import { Accounts, DEMO_BUYER, PAY_PASSWORD } from '../trades/accounts.js';
import { Checkout } from '../trades/checkout.js';
import { Ledger } from '../trades/ledger.js';
import type { Html } from '../web/html.js';
import { sendPage } from '../web/layout.js';
import { cancelledPage, cashierPage, missingPage, paidPage, refusedPage } from './pages.js';
import { readLang, reasonText, type Lang } from './texts.js';

type Form = Record<string, unknown>;

/** Refusals a buyer can mend by typing something else; the others end the page. */
const MENDABLE = [
  'PAY_PASSWORD_ERROR',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  'ACQ.TRADE_BUYER_NOT_MATCH',
  'ACQ.INVALID_PARAMETER',
];

/** The payment page. Plain forms: it works without scripts. */
@Controller()
export class CashierController {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly checkout: Checkout,
    private readonly accounts: Accounts,
  ) {}

  @Get('cashier/:id')
  show(@Param('id') id: string, @Query('lang') lang: string, @Res() reply: FastifyReply): void {
    this.atPage(id, readLang(lang), reply, (session) => {
      sendPage(reply, this.pageOf(session, readLang(lang)));
    });
  }

  /** What a precreate QR code holds: scanning it opens the same page. */
  @Get('qr/:id')
  scan(@Param('id') id: string, @Res() reply: FastifyReply): void {
    this.atPage(id, 'zh', reply, (session) => {
      void reply.redirect(`/cashier/${session.id}`, 302);
    });
  }

  @Post('cashier/:id/login')
  login(@Param('id') id: string, @Body() form: Form, @Res() reply: FastifyReply): void {
    this.act(id, form, reply, (session, account, lang) => {
      this.checkout.login(session, account);
      return `/cashier/${session.id}?lang=${lang}`;
    });
  }

  @Post('cashier/:id/pay')
  pay(@Param('id') id: string, @Body() form: Form, @Res() reply: FastifyReply): void {
    this.act(id, form, reply, (session, account, lang) => {
      const { returnUrl } = this.checkout.pay(session, account);
      return returnUrl ?? `/cashier/${session.id}?lang=${lang}`;
    });
  }

  /** Leaving changes nothing: the order stays payable until it expires or is closed. */
  @Get('cashier/:id/cancel')
  cancel(@Param('id') id: string, @Query('lang') lang: string, @Res() reply: FastifyReply): void {
    this.atPage(id, readLang(lang), reply, (session) => {
      sendPage(reply, cancelledPage(readLang(lang), session));
    });
  }

  private act(
    id: string,
    form: Form,
    reply: FastifyReply,
    action: (session: Session, account: string, lang: Lang) => string,
  ): void {
    const lang = readLang(form['lang']);
    this.atPage(id, lang, reply, (session) => {
      try {
        if (form['password'] !== PAY_PASSWORD) throw new BizError('PAY_PASSWORD_ERROR');
        void reply.redirect(action(session, textField(form, 'account') ?? '', lang), 303);
      } catch (error) {
        if (!(error instanceof BizError)) throw error;
        sendPage(reply, this.refusal(session, lang, form, error), 409);
      }
    });
  }

  private atPage(
    id: string,
    lang: Lang,
    reply: FastifyReply,
    serve: (session: Session) => void,
  ): void {
    const session = this.store.sessions.get(id);
    if (session) serve(session);
    else sendPage(reply, missingPage(lang), 404);
  }

  private pageOf(session: Session, lang: Lang): Html {
    const payment = this.checkout.paymentOf(session);
    if (payment) return paidPage(lang, session, payment.returnUrl);
    try {
      this.ledger.assertPayable(session.order);
      return this.form(session, lang, {});
    } catch (error) {
      if (!(error instanceof BizError)) throw error;
      return this.refusal(session, lang, {}, error);
    }
  }

  private refusal(session: Session, lang: Lang, form: Form, error: BizError): Html {
    const reason = reasonText(lang, error.code, error.message);
    return MENDABLE.includes(error.code)
      ? this.form(session, lang, form, reason)
      : refusedPage(lang, session, error.code, reason);
  }

  private form(session: Session, lang: Lang, form: Form, error?: string): Html {
    const buyer = session.buyerId ? this.accounts.byId(session.buyerId) : undefined;
    return cashierPage({
      lang,
      session,
      sellerName: this.accounts.seller().logonId,
      account: textField(form, 'account') ?? buyer?.logonId ?? DEMO_BUYER,
      password: PAY_PASSWORD,
      buyer,
      error,
    });
  }
}

/** A field sent twice is no text; it counts as not filled in. */
function textField(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
}
