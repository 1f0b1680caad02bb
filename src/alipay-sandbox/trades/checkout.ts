import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { answerText, responseKey } from '../rules/envelope.js';
import { BizError } from '../rules/errors.js';
import { yuan } from '../rules/money.js';
import { signedReturnUrl } from '../rules/return-url.js';
import { signRsa2 } from '../rules/signing.js';
import type { Trade } from '../rules/trade.js';
import { Clock } from '../store/clock.js';
import { KeyRing } from '../store/key-ring.js';
import type { Session } from '../store/records.js';
import { Ledger } from './ledger.js';

export interface Payment {
  trade: Trade;
  /** Where the buyer's browser goes now, signed; undefined when the merchant named no place. */
  returnUrl?: string;
}

interface AppResult {
  resultStatus: string;
  result: string;
  memo: string;
}

/** What the pay button does, for a person at the cashier and for a program alike. */
@Injectable()
export class Checkout {
  constructor(
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly keys: KeyRing,
    private readonly facts: SandboxFacts,
  ) {}

  login(session: Session, account: string): Trade {
    return this.ledger.login(session, cleanAccount(account));
  }

  /** Logs the buyer in and pays. A second click on a page that paid already pays nothing more. */
  pay(session: Session, account: string): Payment {
    return (
      this.paymentOf(session) ?? this.paid(session, this.ledger.pay(session, cleanAccount(account)))
    );
  }

  /** The payment made through this page, if there is one. */
  paymentOf(session: Session): Payment | undefined {
    return session.tradeNo
      ? this.paid(session, this.ledger.find({ tradeNo: session.tradeNo }))
      : undefined;
  }

  /** What the wallet hands back to an app: Alipay's signed result inside the result itself. */
  appResult(session: Session, trade: Trade): AppResult | undefined {
    if (session.order.product !== 'app') return undefined;
    const payload = {
      code: '10000',
      msg: 'Success',
      app_id: this.facts.appId,
      auth_app_id: this.facts.appId,
      charset: 'utf-8',
      out_trade_no: trade.order.outTradeNo,
      seller_id: this.facts.sellerId,
      timestamp: formatBeijing(this.clock.nowMs()),
      total_amount: yuan(trade.order.totalFen),
      trade_no: trade.id,
    };
    const text = answerText(payload);
    const sign = signRsa2(text, this.keys.alipayPrivateKey);
    const key = responseKey('alipay.trade.app.pay');
    const result = `{"${key}":${text},"sign":"${sign}","sign_type":"RSA2"}`;
    return { resultStatus: '9000', result, memo: '' };
  }

  private paid(session: Session, trade: Trade): Payment {
    const { returnUrl, product } = session.order;
    if (!returnUrl || product === 'app' || product === 'precreate') return { trade };
    const { appId, sellerId } = this.facts;
    const seller = { appId, sellerId, nowMs: this.clock.nowMs() };
    return {
      trade,
      returnUrl: signedReturnUrl(trade, returnUrl, seller, this.keys.alipayPrivateKey),
    };
  }
}

function cleanAccount(account: string): string {
  const name = account.trim();
  if (name === '' || name.length > 64) throw new BizError('ACQ.INVALID_PARAMETER', '账户');
  return name;
}
