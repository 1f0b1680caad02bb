/** Alipay's answer codes, as far as they decide anything (its V2 documentation of each method). */

export const OK = '10000';
const BUSINESS_FAILED = '40004';

/** What every answer has. */
export interface Answer {
  readonly code: string;
  readonly sub_code?: string;
}

const NOT_FOUND = ['ACQ.TRADE_NOT_EXIST'];

/** The trade is paid, closed or finished already. */
const NOT_CLOSABLE = [
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.REASON_TRADE_STATUS_INVALID',
  'ACQ.REASON_ILLEGAL_STATUS',
];

const NOT_PAYABLE = ['ACQ.TRADE_HAS_SUCCESS', 'ACQ.TRADE_HAS_CLOSE', 'ACQ.TRADE_HAS_FINISHED'];

/** A trade of this number was begun, and not like this: with another product, say. */
const BEGUN_OTHERWISE = ['ACQ.CONTEXT_INCONSISTENT'];

const SELLER_POOR = ['ACQ.SELLER_BALANCE_NOT_ENOUGH'];

/** No later try of the same refund can be taken. Whatever is not named here may be. */
const NEVER_REFUNDED = [
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  'ACQ.DISCORDANT_REPEAT_REQUEST',
  'ACQ.TRADE_HAS_FINISHED',
  'ACQ.TRADE_HAS_CLOSE',
  'ACQ.TRADE_NOT_ALLOW_REFUND',
  'ACQ.NOT_ALLOW_PARTIAL_REFUND',
];

/** Alipay writes it both ways, by product. */
const NO_BILL = ['isp.bill_not_exist', 'BILL_NOT_EXIST'];

const among =
  (codes: readonly string[]) =>
  ({ code, sub_code }: Answer): boolean =>
    code === BUSINESS_FAILED && codes.includes(sub_code ?? '');

export const isNotFound = among(NOT_FOUND);
export const isNotClosable = among(NOT_CLOSABLE);
export const isNotPayable = among(NOT_PAYABLE);
export const isBegunOtherwise = among(BEGUN_OTHERWISE);
export const isSellerPoor = among(SELLER_POOR);
export const isNeverRefunded = among(NEVER_REFUNDED);
export const isNoBill = among(NO_BILL);
