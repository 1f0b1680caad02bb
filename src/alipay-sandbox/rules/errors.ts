/** What Alipay says for each business code, in the words a merchant sees in `sub_msg`. */
const MESSAGES = {
  'ACQ.TRADE_NOT_EXIST': '交易不存在',
  'ACQ.TRADE_HAS_SUCCESS': '交易已被支付',
  'ACQ.TRADE_HAS_CLOSE': '交易已经关闭',
  'ACQ.TRADE_HAS_FINISHED': '交易已完结',
  'ACQ.TRADE_STATUS_ERROR': '交易状态不合法',
  'ACQ.REASON_TRADE_STATUS_INVALID': '交易状态异常',
  'ACQ.CONTEXT_INCONSISTENT': '交易信息被篡改',
  'ACQ.TRADE_BUYER_NOT_MATCH': '交易买家不匹配',
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': '当前时间已超过交易的过期时间',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': '买家余额不足',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': '卖家余额不足',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超限',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': '退款金额无效',
  'ACQ.DISCORDANT_REPEAT_REQUEST': '请求信息不一致',
  'ACQ.INVALID_PARAMETER': '参数无效',
  'ACQ.SYSTEM_ERROR': '系统错误',
  PAY_PASSWORD_ERROR: '支付密码不正确',
  'isp.bill_not_exist': '账单不存在',
} as const;

type BizCode = keyof typeof MESSAGES;

/** A refusal by the business rules: `code` 40004 in a V2 answer. */
export class BizError extends Error {
  constructor(
    readonly code: BizCode,
    detail?: string,
  ) {
    super(detail ? `${MESSAGES[code]}，${detail}` : MESSAGES[code]);
    this.name = 'BizError';
  }
}

/** A refusal of the request itself, before any business rule is asked: codes 40001 and 40002. */
export class GatewayError extends Error {
  constructor(
    readonly code: '40001' | '40002',
    readonly subCode: string,
    subMessage: string,
  ) {
    super(subMessage);
    this.name = 'GatewayError';
  }
}

/** A control call that names nothing the sandbox knows. */
export class UnknownThingError extends Error {}
