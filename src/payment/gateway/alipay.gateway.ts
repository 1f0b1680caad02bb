import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlipaySdk } from 'alipay-sdk';
import { shanghaiTime } from '../../common/clock.js';
import { gatewayUnknown } from '../../common/metrics.js';
import { parseYuan, yuan } from '../../common/money.js';
import { Config } from '../../config/config.js';
import {
  type CloseAnswer,
  GatewayUnknownError,
  PaymentGateway,
  type PayRequest,
  type QueryAnswer,
  type TradeFacts,
} from './payment-gateway.js';
import { genuine, publicKeyOf, type SignedFields } from './signature.js';

const OK = '10000';
const BUSINESS_FAILED = '40004';
const NO_SUCH_TRADE = 'ACQ.TRADE_NOT_EXIST';
/** The trade is paid, closed or finished already. */
const NOT_CLOSABLE = new Set([
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.REASON_TRADE_STATUS_INVALID',
  'ACQ.REASON_ILLEGAL_STATUS',
]);

interface Answer {
  readonly code: string;
  readonly sub_code?: string;
  readonly out_trade_no?: string;
  readonly trade_no?: string;
  readonly trade_status?: string;
  readonly total_amount?: string;
}

/** Alipay through its SDK: Alipay itself, its sandbox or ours, as ALIPAY_GATEWAY says. */
@Injectable()
export class AlipayGateway extends PaymentGateway {
  private readonly sdk: AlipaySdk;
  private readonly alipayKey: KeyObject;

  constructor(private readonly config: Config) {
    super();
    this.alipayKey = publicKeyOf(config.ALIPAY_PUBLIC_KEY);
    this.sdk = new AlipaySdk({
      appId: config.ALIPAY_APP_ID,
      privateKey: config.ALIPAY_PRIVATE_KEY.replaceAll('\\n', '\n').trim(),
      keyType: config.ALIPAY_KEY_TYPE,
      alipayPublicKey: config.ALIPAY_PUBLIC_KEY.replaceAll('\\n', '\n').trim(),
      gateway: config.ALIPAY_GATEWAY,
      timeout: config.ALIPAY_TIMEOUT_MS,
      camelcase: false,
    });
  }

  payUrl({ orderId, amountFen, expiresAt }: PayRequest): string {
    return this.sdk.pageExecute('alipay.trade.page.pay', 'GET', {
      bizContent: {
        out_trade_no: orderId,
        total_amount: yuan(amountFen),
        subject: `美多商城${orderId}`,
        product_code: 'FAST_INSTANT_TRADE_PAY',
        time_expire: shanghaiTime(expiresAt),
      },
      returnUrl: this.config.ALIPAY_RETURN_URL,
      notifyUrl: this.config.ALIPAY_NOTIFY_URL,
    });
  }

  readNotify(fields: SignedFields): TradeFacts | undefined {
    const { out_trade_no, trade_no, trade_status, app_id, notify_type, notify_id } = fields;
    // A genuine return has the same kind of signature; only a notify has these fields.
    if (!notify_type || !notify_id || !trade_status || !out_trade_no || !trade_no || !app_id) {
      return undefined;
    }
    if (!genuine(fields, this.alipayKey)) {
      return undefined;
    }
    return {
      outTradeNo: out_trade_no,
      tradeNo: trade_no,
      status: trade_status,
      totalFen: parseYuan(fields['total_amount'] ?? ''),
      appId: app_id,
      sellerId: fields['seller_id'],
      refund: 'refund_fee' in fields || 'gmt_refund' in fields,
    };
  }

  readReturn(fields: SignedFields): { readonly outTradeNo: string } | undefined {
    const own = new URL(this.config.ALIPAY_RETURN_URL).searchParams;
    // What the shop itself put into return_url comes back unsigned.
    const signed = Object.fromEntries(Object.entries(fields).filter(([name]) => !own.has(name)));
    const { out_trade_no, app_id, seller_id } = signed;
    const ours =
      app_id === this.config.ALIPAY_APP_ID &&
      (seller_id === undefined || seller_id === this.config.ALIPAY_SELLER_ID);
    return out_trade_no && ours && genuine(signed, this.alipayKey)
      ? { outTradeNo: out_trade_no }
      : undefined;
  }

  async query(orderId: string): Promise<QueryAnswer> {
    const answer = await this.call('alipay.trade.query', orderId);
    if (answer.code === BUSINESS_FAILED && answer.sub_code === NO_SUCH_TRADE) {
      return { kind: 'none' };
    }
    const { code, out_trade_no, trade_no, trade_status, total_amount } = answer;
    // A correctly signed answer about another order may be replayed, so the number is compared.
    if (code !== OK || out_trade_no !== orderId || typeof trade_no !== 'string') {
      throw new GatewayUnknownError('alipay.trade.query', answer.sub_code ?? code);
    }
    return {
      kind: 'found',
      facts: {
        outTradeNo: orderId,
        tradeNo: trade_no,
        status: String(trade_status),
        totalFen: parseYuan(String(total_amount)),
        // The query was signed with our key for our account, so it speaks of our trades only.
        appId: this.config.ALIPAY_APP_ID,
        sellerId: this.config.ALIPAY_SELLER_ID,
        refund: false,
      },
    };
  }

  async close(orderId: string): Promise<CloseAnswer> {
    const { code, sub_code, out_trade_no } = await this.call('alipay.trade.close', orderId);
    if (code === OK && (out_trade_no === undefined || out_trade_no === orderId)) {
      return 'closed';
    }
    if (code === BUSINESS_FAILED && sub_code === NO_SUCH_TRADE) {
      return 'none';
    }
    if (code === BUSINESS_FAILED && sub_code && NOT_CLOSABLE.has(sub_code)) {
      return 'refused';
    }
    throw new GatewayUnknownError('alipay.trade.close', sub_code ?? code);
  }

  /** Whatever goes wrong with the answer, its signature included, leaves the outcome unknown. */
  private async call(method: string, orderId: string): Promise<Answer> {
    try {
      return await this.sdk.exec(
        method,
        { bizContent: { out_trade_no: orderId } },
        { validateSign: true },
      );
    } catch (error) {
      gatewayUnknown.inc({ method });
      throw new GatewayUnknownError(method, error);
    }
  }
}
