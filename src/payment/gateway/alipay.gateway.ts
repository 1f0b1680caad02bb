import type { KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AlipaySdk } from 'alipay-sdk';
import { parseShanghaiTime, shanghaiTime } from '../../common/clock.js';
import { gatewayUnknown } from '../../common/metrics.js';
import { parseYuan, yuan } from '../../common/money.js';
import { Config } from '../../config/config.js';
import * as codes from './alipay-codes.js';
import {
  type CloseAnswer,
  GatewayUnknownError,
  PaymentGateway,
  type PayRequest,
  type QrAnswer,
  type QueryAnswer,
  type RefundAnswer,
  type RefundRequest,
  type RefundState,
  type TradeFacts,
} from './payment-gateway.js';
import { genuine, publicKeyOf, type SignedFields } from './signature.js';

/** Members of answers. Every one may be missing, whatever the documentation says. */
interface Answer extends codes.Answer {
  readonly [member: string]: string | undefined;
  readonly code: string;
}

const PAGES = {
  page: ['alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY'],
  wap: ['alipay.trade.wap.pay', 'QUICK_WAP_WAY'],
} as const;

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

  payUrl(request: PayRequest, scene: 'page' | 'wap'): string {
    const [method, product] = PAGES[scene];
    return this.sdk.pageExecute(method, 'GET', {
      bizContent: orderContent(request, product),
      returnUrl: this.config.ALIPAY_RETURN_URL,
      notifyUrl: this.config.ALIPAY_NOTIFY_URL,
    });
  }

  orderString(request: PayRequest): string {
    return this.sdk.sdkExecute('alipay.trade.app.pay', {
      bizContent: orderContent(request, 'QUICK_MSECURITY_PAY'),
      notifyUrl: this.config.ALIPAY_NOTIFY_URL,
    });
  }

  async qrCode(request: PayRequest): Promise<QrAnswer> {
    const method = 'alipay.trade.precreate';
    const answer = await this.call(
      method,
      orderContent(request, 'FACE_TO_FACE_PAYMENT'),
      this.config.ALIPAY_NOTIFY_URL,
    );
    if (codes.isNotPayable(answer)) {
      return { kind: 'refused' };
    }
    if (codes.isBegunOtherwise(answer)) {
      return { kind: 'begun' };
    }
    const { out_trade_no, qr_code: qrCode } = answer;
    if (answer.code !== codes.OK || out_trade_no !== request.orderId || !qrCode) {
      throw unknown(method, answer);
    }
    return { kind: 'code', qrCode };
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
      paidAt: parseShanghaiTime(fields['gmt_payment'] ?? ''),
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
    const answer = await this.call('alipay.trade.query', { out_trade_no: orderId });
    if (codes.isNotFound(answer)) {
      return { kind: 'none' };
    }
    // A correctly signed answer about another order may be replayed, so the number is compared.
    if (answer.code !== codes.OK || answer['out_trade_no'] !== orderId || !answer['trade_no']) {
      throw unknown('alipay.trade.query', answer);
    }
    return {
      kind: 'found',
      facts: {
        outTradeNo: orderId,
        tradeNo: answer['trade_no'],
        status: String(answer['trade_status']),
        totalFen: parseYuan(String(answer['total_amount'])),
        // The query was signed with our key for our account, so it speaks of our trades only.
        appId: this.config.ALIPAY_APP_ID,
        sellerId: this.config.ALIPAY_SELLER_ID,
        paidAt: parseShanghaiTime(answer['send_pay_date'] ?? ''),
        refund: false,
      },
    };
  }

  async close(orderId: string): Promise<CloseAnswer> {
    const answer = await this.call('alipay.trade.close', { out_trade_no: orderId });
    const { out_trade_no } = answer;
    if (answer.code === codes.OK && (out_trade_no === undefined || out_trade_no === orderId)) {
      return 'closed';
    }
    if (codes.isNotFound(answer)) {
      return 'none';
    }
    if (codes.isNotClosable(answer)) {
      return 'refused';
    }
    throw unknown('alipay.trade.close', answer);
  }

  async refund({ orderId, outRequestNo, ...rest }: RefundRequest): Promise<RefundAnswer> {
    const answer = await this.call('alipay.trade.refund', {
      out_trade_no: orderId,
      out_request_no: outRequestNo,
      refund_amount: yuan(rest.amountFen),
      refund_reason: rest.reason,
    });
    if (answer.code === codes.OK && answer['out_trade_no'] === orderId) {
      return answer['fund_change'] === 'Y'
        ? { kind: 'moved', at: parseShanghaiTime(answer['gmt_refund_pay'] ?? '') }
        : { kind: 'not_moved' };
    }
    if (codes.isSellerPoor(answer)) {
      return { kind: 'poor' };
    }
    if (codes.isNeverRefunded(answer)) {
      return { kind: 'refused', code: answer.sub_code ?? '' };
    }
    throw unknown('alipay.trade.refund', answer);
  }

  async refundState({ orderId, outRequestNo, amountFen }: RefundRequest): Promise<RefundState> {
    const method = 'alipay.trade.fastpay.refund.query';
    const answer = await this.call(method, {
      out_trade_no: orderId,
      out_request_no: outRequestNo,
      query_options: ['gmt_refund_pay'],
    });
    if (answer.code === codes.OK && answer['refund_status'] === undefined) {
      return { kind: 'none' };
    }
    const ours =
      answer['out_trade_no'] === orderId &&
      answer['out_request_no'] === outRequestNo &&
      parseYuan(answer['refund_amount'] ?? '') === amountFen;
    if (answer.code !== codes.OK || answer['refund_status'] !== 'REFUND_SUCCESS' || !ours) {
      throw unknown(method, answer);
    }
    return { kind: 'done', at: parseShanghaiTime(answer['gmt_refund_pay'] ?? '') };
  }

  async billUrl(date: string): Promise<string | undefined> {
    const method = 'alipay.data.dataservice.bill.downloadurl.query';
    const answer = await this.call(method, { bill_type: 'trade', bill_date: date });
    if (codes.isNoBill(answer)) {
      return undefined;
    }
    const url = answer['bill_download_url'];
    if (answer.code !== codes.OK || !url) {
      throw unknown(method, answer);
    }
    return url;
  }

  /**
   * One deadline for all of a call, since the SDK's own begins anew with every byte that comes.
   * Whatever goes wrong with the answer, its signature included, leaves the outcome unknown.
   */
  private async call(method: string, bizContent: object, notifyUrl?: string): Promise<Answer> {
    const params = { bizContent, ...(notifyUrl ? { notifyUrl } : {}) };
    const done = new AbortController();
    const late = delay(this.config.ALIPAY_TIMEOUT_MS, undefined, { signal: done.signal });
    try {
      return await Promise.race([
        this.sdk.exec(method, params, { validateSign: true }),
        late.then(() => Promise.reject(new Error('the answer took too long'))),
      ]);
    } catch (error) {
      throw unknown(method, error);
    } finally {
      done.abort();
    }
  }
}

/** The same content for every scene, so that one number is one trade whichever way it is paid. */
function orderContent({ orderId, amountFen, expiresAt }: PayRequest, product: string): object {
  return {
    out_trade_no: orderId,
    total_amount: yuan(amountFen),
    subject: `美多商城${orderId}`,
    product_code: product,
    time_expire: shanghaiTime(expiresAt),
  };
}

function unknown(method: string, cause: unknown): GatewayUnknownError {
  gatewayUnknown.inc({ method });
  return new GatewayUnknownError(method, cause);
}
