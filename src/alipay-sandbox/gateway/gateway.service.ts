import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import {
  answerText,
  checkEnvelope,
  joinAnswer,
  readBizContent,
  responseKey,
} from '../rules/envelope.js';
import { GatewayError } from '../rules/errors.js';
import { habitsOfTimestamp } from '../rules/habits.js';
import type { Params } from '../rules/signing.js';
import type { Product } from '../rules/trade.js';
import { KeyRing } from '../store/key-ring.js';
import type { Session } from '../store/records.js';
import { Warnings } from '../store/warnings.js';
import { BillMethod } from './bill-method.js';
import { Faults, isAnswerFault, timing, type AnswerFault, type WorkFault } from './faults.js';
import { refusalPage, refusalPayload, textReply, type Reply } from './replies.js';
import { RequestLog } from './request-log.js';
import { seal } from './seal.js';
import { TradeMethods, type Biz, type Payload } from './trade-methods.js';

/** Methods that open a page instead of answering; an app opens its page inside the wallet. */
const OPENING = new Map<string, Product>([
  ['alipay.trade.page.pay', 'page'],
  ['alipay.trade.wap.pay', 'wap'],
  ['alipay.trade.app.pay', 'app'],
]);

type Method = (biz: Biz, params: Params) => Payload;

/** The V2 gateway: checks the envelope, runs the method, signs the answer. */
@Injectable()
export class Gateway {
  private readonly methods: ReadonlyMap<string, Method>;

  constructor(
    private readonly trades: TradeMethods,
    bill: BillMethod,
    private readonly keys: KeyRing,
    private readonly facts: SandboxFacts,
    private readonly faults: Faults,
    private readonly log: RequestLog,
    private readonly warnings: Warnings,
  ) {
    this.methods = new Map<string, Method>([
      ['alipay.trade.precreate', (biz, params) => trades.precreate(biz, params)],
      ['alipay.trade.query', (biz) => trades.query(biz)],
      ['alipay.trade.close', (biz) => trades.close(biz)],
      ['alipay.trade.cancel', (biz) => trades.cancel(biz)],
      ['alipay.trade.refund', (biz) => trades.refund(biz)],
      ['alipay.trade.fastpay.refund.query', (biz) => trades.refundQuery(biz)],
      ['alipay.data.dataservice.bill.downloadurl.query', (biz) => bill.downloadUrl(biz)],
    ]);
  }

  /** Answers one request to /gateway.do. */
  handle(params: Params): Reply {
    const method = params['method'] ?? '';
    const kind = this.faults.take(method, outTradeNoOf(params));
    if (!kind) return this.work(method, params);
    this.log.add(method, outTradeNoOf(params), `fault ${kind}`);
    const { fault, done } = timing(kind);
    if (isAnswerFault(fault)) {
      return done ? this.work(method, params, fault) : this.spoil(method, fault, params);
    }
    if (done) this.work(method, params);
    return this.strike(method, params, fault);
  }

  /** Opens the payment page a signed URL, form or order string asks for; throws the refusal. */
  open(params: Params): Session {
    const product = OPENING.get(params['method'] ?? '');
    const biz = this.checkedBiz(params);
    if (!product) throw unknownMethod();
    const session = this.trades.open(product, biz, params);
    this.log.add(params['method'] ?? '', session.order.outTradeNo, 'page opened');
    return session;
  }

  /** Every method there is, for choosing one. */
  methodNames(): string[] {
    return [...OPENING.keys(), ...this.methods.keys()];
  }

  private work(method: string, params: Params, fault?: AnswerFault): Reply {
    return OPENING.has(method) ? this.page(method, params) : this.answer(method, params, fault);
  }

  private page(method: string, params: Params): Reply {
    try {
      const session = this.open(params);
      return { kind: 'redirect', location: `/cashier/${session.id}` };
    } catch (error) {
      const page = refusalPage(error);
      this.log.add(method, outTradeNoOf(params), refusalPayload(error)['sub_code'] ?? '');
      return textReply(page.text);
    }
  }

  private answer(method: string, params: Params, fault?: AnswerFault): Reply {
    const done = this.run(method, params);
    this.log.add(method, outTradeNoOf(params), String(done['sub_code'] ?? done['code']));
    const payload = fault === 'replay' ? this.trades.anotherAnswer(method, done) : done;
    const key = this.methods.has(method) ? responseKey(method) : 'error_response';
    // For an application it does not know the gateway has no key pair to sign with.
    const known = params['app_id'] === this.facts.appId;
    const body = known
      ? seal(key, payload, this.keys, fault)
      : joinAnswer(key, answerText(payload));
    return textReply(body);
  }

  private run(method: string, params: Params): Payload {
    try {
      const biz = this.checkedBiz(params);
      const run = this.methods.get(method);
      if (!run) {
        this.warnings.warn('unknown_method', method, 'the sandbox does not have this method');
        throw unknownMethod();
      }
      return run(biz, params);
    } catch (error) {
      return refusalPayload(error);
    }
  }

  private checkedBiz(params: Params): Biz {
    checkEnvelope(params, this.facts.appId, this.keys.appPublicKey);
    for (const { code, detail } of habitsOfTimestamp(params['timestamp'] ?? '', Date.now())) {
      this.warnings.note(code, params['app_id'] ?? '', detail);
    }
    return readBizContent(params);
  }

  /** A badly signed answer to work that was never done. */
  private spoil(method: string, fault: AnswerFault, params: Params): Reply {
    const payload = { ...STRUCK.unknown(params), ...numbersOf(params) };
    return textReply(seal(responseKey(method), payload, this.keys, fault));
  }

  private strike(method: string, params: Params, fault: WorkFault): Reply {
    switch (fault) {
      case 'hang':
      case 'reset':
        return { kind: fault };
      case 'http_500':
        return textReply('<html><body>Internal Server Error</body></html>', 500);
      case 'garbage':
        return textReply('<html><body>系统繁忙，请稍后再试</body></html>');
      default: {
        const payload = STRUCK[fault](params);
        return textReply(seal(responseKey(method), payload, this.keys));
      }
    }
  }
}

type Struck = 'system_error' | 'unknown' | 'inconsistent' | 'fund_change_n';

const STRUCK: Record<Struck, (params: Params) => Payload> = {
  system_error: () => ({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.SYSTEM_ERROR',
    sub_msg: '系统错误',
  }),
  unknown: () => ({
    code: '20000',
    msg: 'Service Currently Unavailable',
    sub_code: 'isp.unknow-error',
    sub_msg: '系统繁忙',
  }),
  inconsistent: () => ({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.CONTEXT_INCONSISTENT',
    sub_msg: '交易信息被篡改',
  }),
  fund_change_n: (params) => ({
    code: '10000',
    msg: 'Success',
    fund_change: 'N',
    ...numbersOf(params),
  }),
};

function unknownMethod(): GatewayError {
  return new GatewayError('40002', 'isv.invalid-method', '不存在的方法名');
}

/** The order a request names, read before anything about it has been checked. */
function outTradeNoOf(params: Params): string | undefined {
  return numbersOf(params)['out_trade_no'];
}

function numbersOf(params: Params): Record<string, string> {
  const numbers: Record<string, string> = {};
  for (const name of ['out_trade_no', 'trade_no']) {
    const value = looseBiz(params)[name];
    if (typeof value === 'string') numbers[name] = value;
  }
  return numbers;
}

function looseBiz(params: Params): Biz {
  try {
    return readBizContent(params);
  } catch {
    return {};
  }
}
