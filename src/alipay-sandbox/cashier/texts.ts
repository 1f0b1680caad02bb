export type Lang = 'zh' | 'en';

export interface Texts {
  heading: string;
  note: string;
  amount: string;
  subject: string;
  number: string;
  seller: string;
  deadline: string;
  loginTitle: string;
  account: string;
  password: string;
  pay: string;
  loginOnly: string;
  loggedIn: string;
  balance: string;
  cancel: string;
  otherLang: string;
  paidTitle: string;
  back: string;
  refusedTitle: string;
  cancelledTitle: string;
  cancelledText: string;
  goOn: string;
  missingTitle: string;
}

const ZH: Texts = {
  heading: '沙箱收银台',
  note: '沙箱环境：流程和签名都是真的，钱是假的',
  amount: '付款金额',
  subject: '商品',
  number: '商户订单号',
  seller: '收款方',
  deadline: '请在此时间前付款（北京时间）',
  loginTitle: '登录并付款',
  account: '付款账户',
  password: '支付密码（沙箱账户都是 111111）',
  pay: '确认付款',
  loginOnly: '只登录，暂不付款',
  loggedIn: '已登录',
  balance: '余额',
  cancel: '取消，返回商家',
  otherLang: 'English',
  paidTitle: '付款成功',
  back: '返回商家',
  refusedTitle: '这笔订单现在无法付款',
  cancelledTitle: '已离开收银台',
  cancelledText: '没有扣款。订单未过期前，随时可以回来继续付款。',
  goOn: '继续付款',
  missingTitle: '找不到这个付款页面',
};

const EN: Texts = {
  heading: 'Sandbox cashier',
  note: 'Sandbox: the flow and the signatures are real, the money is not',
  amount: 'Amount to pay',
  subject: 'Item',
  number: 'Merchant order number',
  seller: 'Payee',
  deadline: 'Pay before (Beijing time)',
  loginTitle: 'Log in and pay',
  account: 'Account',
  password: 'Payment password (111111 for every sandbox account)',
  pay: 'Pay',
  loginOnly: 'Only log in for now',
  loggedIn: 'Logged in',
  balance: 'Balance',
  cancel: 'Cancel and go back',
  otherLang: '中文',
  paidTitle: 'Paid',
  back: 'Back to the shop',
  refusedTitle: 'This order cannot be paid now',
  cancelledTitle: 'You left the cashier',
  cancelledText: 'Nothing was charged. You can come back and pay until the order expires.',
  goOn: 'Continue to pay',
  missingTitle: 'There is no such payment page',
};

const ENGLISH_REASONS: Record<string, string> = {
  'ACQ.TRADE_HAS_SUCCESS': 'The order has been paid already.',
  'ACQ.TRADE_HAS_CLOSE': 'The order has been closed.',
  'ACQ.CONTEXT_INCONSISTENT': 'The order was opened before with another amount or subject.',
  'ACQ.TRADE_BUYER_NOT_MATCH': 'Another account has begun to pay this order.',
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': 'The time to pay this order is over.',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'There is not enough money on the account.',
  'ACQ.INVALID_PARAMETER': 'Please enter an account name.',
  PAY_PASSWORD_ERROR: 'The payment password is wrong.',
};

export function textsOf(lang: Lang): Texts {
  return lang === 'en' ? EN : ZH;
}

/** Why an order cannot be paid, for the person in front of the screen. */
export function reasonText(lang: Lang, code: string, chinese: string): string {
  return lang === 'en' ? (ENGLISH_REASONS[code] ?? chinese) : chinese;
}

export function readLang(value: unknown): Lang {
  return value === 'en' ? 'en' : 'zh';
}
