/**
 * Every refusal the shop can answer, in one table: HTTP status and text in both languages.
 * `code` is stable and part of the contract; the texts are what the original pages show.
 */
const table = {
  // What was sent
  VALIDATION_FAILED: [400, '请求参数有误', 'The request is not valid'],
  MALFORMED_JSON: [
    400,
    '请求体不是合法的 JSON，或嵌套过深、含有不完整的字符或 __proto__ 之类的成员',
    'The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__',
  ],
  BAD_REQUEST: [400, '请求有误', 'The request is not valid'],
  NOT_AUTHENTICATED: [401, '身份认证信息未提供或已失效', 'Credentials are missing or not valid'],
  PERMISSION_DENIED: [403, '您没有执行该操作的权限', 'You may not do this'],
  NOT_FOUND: [404, '未找到', 'Not found'],
  METHOD_NOT_ALLOWED: [405, '不支持该请求方法', 'This method is not allowed here'],
  PAYLOAD_TOO_LARGE: [413, '请求体过大', 'The body is too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, '不支持的媒体类型', 'This content type is not supported'],
  TOO_MANY_REQUESTS: [429, '请求次数过于频繁', 'Too many requests'],
  // Accounts
  LOGIN_FAILED: [400, '用户名或密码错误', 'Wrong user name or password'],
  USERNAME_TAKEN: [400, '用户名已存在', 'This user name is taken'],
  MOBILE_TAKEN: [400, '手机号已存在', 'This mobile number is taken'],
  PASSWORD_UNCHANGED: [400, '新密码不能与原密码相同', 'The new password is the old one'],
  PASSWORDS_DIFFER: [400, '两次密码不一致', 'The two passwords differ'],
  AGREEMENT_REQUIRED: [400, '请同意用户协议', 'The terms must be accepted'],
  IMAGE_CODE_WRONG: [400, '图片验证码错误', 'This is not what the image shows'],
  IMAGE_CODE_INVALID: [400, '图片验证码无效', 'The image is used or too old; ask for another'],
  SMS_CODE_INVALID: [400, '短信验证码错误', 'Wrong or expired SMS code'],
  SMS_TOO_FREQUENT: [400, '请求次数过于频繁', 'One SMS a minute'],
  SMS_UNAVAILABLE: [503, '短信服务暂时不可用', 'SMS cannot be sent right now'],
  EMAIL_LINK_INVALID: [400, '链接信息无效', 'This link is not valid or no longer so'],
  MAIL_UNAVAILABLE: [503, '邮件服务暂时不可用', 'Mail cannot be sent right now'],
  OLD_PASSWORD_WRONG: [400, '原密码错误', 'The old password is wrong'],
  ADDRESS_LIMIT: [400, '保存地址数据已达到上限', 'No more addresses can be saved'],
  AREA_INVALID: [400, '省市区信息有误', 'Province, city and district do not fit together'],
  // Cart
  SKU_NOT_FOUND: [400, '商品不存在', 'No such product'],
  CART_CHANGED: [
    409,
    '购物车已变动，请重新提交订单',
    'The cart has changed since the order was sent',
  ],
  ORDER_FAILED: [409, '下单失败，请重新提交', 'The order could not be placed; nothing was taken'],
  STOCK_INSUFFICIENT: [409, '商品库存不足', 'Not enough in stock'],
  CART_STOCK_INSUFFICIENT: [400, '商品库存不足', 'Not enough in stock'],
  CART_COUNT_LIMIT: [400, '每种商品最多购买 999 件', 'At most 999 of one product'],
  CART_LIMIT: [400, '购物车已满', 'The cart is full'],
  // Orders
  ADDRESS_NOT_FOUND: [400, '收货地址不存在', 'No such address'],
  CART_EMPTY: [400, '购物车中没有勾选的商品', 'Nothing is selected in the cart'],
  SKU_UNAVAILABLE: [409, '商品已下架', 'A product is no longer on sale'],
  PRICE_CHANGED: [409, '商品价格已变动', 'Prices have changed since the settlement'],
  AMOUNT_TOO_LARGE: [400, '订单金额超出上限', 'The amount of the order is too large'],
  IDEMPOTENCY_KEY_REUSED: [
    422,
    '该幂等键已用于另一个请求',
    'This idempotency key was used for another request',
  ],
  ORDER_NOT_CANCELABLE: [409, '当前订单状态不可取消', 'The order can no longer be canceled'],
  ORDER_NOT_SHIPPABLE: [409, '当前订单状态不可发货', 'The order cannot be shipped'],
  ORDER_NOT_SHIPPED: [409, '订单尚未发货', 'The order has not been shipped'],
  ORDER_NOT_RECEIVED: [409, '当前订单状态不可评价', 'The order cannot be commented on'],
  ORDER_LINE_NOT_FOUND: [400, '订单中没有该商品', 'The order has no such product'],
  ALREADY_COMMENTED: [409, '该商品已评价', 'This product was commented on already'],
  // Payment
  ORDER_NOT_PAYABLE: [400, '订单无需支付或已不可支付', 'The order cannot be paid'],
  PAYMENT_BEGUN: [
    409,
    '该订单已用其他方式发起支付，请在原支付页面继续',
    'The payment was begun in another way; go on paying there',
  ],
  PAYMENT_PROOF_INVALID: [403, '非法请求', 'The payment parameters are not genuine'],
  PAYMENT_PENDING: [
    409,
    '支付结果确认中，请稍后查看订单',
    'The payment is not confirmed yet; look at the order later',
  ],
  PAYMENT_RETURNED: [
    409,
    '订单已取消，款项将原路退回',
    'The order was canceled; the money goes back',
  ],
  GATEWAY_UNAVAILABLE: [503, '支付网关暂时不可用', 'The payment gateway is not available'],
  ORDER_NOT_REFUNDABLE: [409, '当前订单不可退款', 'The order cannot be refunded'],
  REFUND_TOO_LARGE: [409, '退款金额超出可退金额', 'More than what is left of the payment'],
  RETURN_TOO_LARGE: [409, '退货数量超出购买数量', 'More goods than the order still holds'],
  MONEY_NOT_RETURNABLE: [
    409,
    '支付宝没有与该订单不符、可退回的款项',
    'Alipay holds no money for this order that does not fit and could go back',
  ],
  QUARANTINE_RESOLVED: [409, '该通知已处理', 'This notify has been dealt with already'],
  // The shop itself
  BUSY: [503, '系统繁忙，请稍后再试', 'The shop is busy, try again shortly'],
  UNAVAILABLE: [503, '服务暂时不可用', 'The service is not available right now'],
  INTERNAL: [500, '服务器内部错误', 'Internal server error'],
} as const satisfies Record<string, readonly [status: number, zh: string, en: string]>;

export type ErrorCode = keyof typeof table;
export type Language = 'zh' | 'en';

/** All codes, for the OpenAPI document and the tests. */
export const ERROR_CODES = Object.keys(table) as ErrorCode[];

export function statusOf(code: ErrorCode): number {
  return table[code][0];
}

export function textOf(code: ErrorCode, language: Language): string {
  return table[code][language === 'zh' ? 1 : 2];
}

/** One wrong field of a request: `field` is its path (`items.0.count`). */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What an error may carry beside its code. Everything here reaches the client. */
export interface ErrorExtras {
  readonly fields?: readonly FieldError[];
  /** Members added to the problem document, for example both amounts of PRICE_CHANGED. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/**
 * A refusal with a stable code. Services throw it; only the problem filter turns it into HTTP.
 * Whatever else is thrown is a fault of ours and becomes INTERNAL without detail.
 */
export class ShopError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras = {},
  ) {
    super(code);
    this.name = 'ShopError';
  }
}
