/**
 * Money. Inside the shop an amount is an integer number of fen (1 yuan = 100 fen), named `…Fen`.
 * Yuan strings with two decimals exist only in JSON and towards Alipay.
 */

/** The largest amount one order may have, in fen: Alipay's own limit of 100,000,000.00 yuan. */
export const MAX_AMOUNT_FEN = 10_000_000_000;

/** `649900` becomes `"6499.00"`. Throws RangeError for anything that is not a safe integer. */
export function yuan(fen: number): string {
  if (!Number.isSafeInteger(fen)) {
    throw new RangeError(`not an amount in fen: ${fen}`);
  }
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `"6499.00"`, `"6499.0"` and `"6499"` become `649900`; anything that is no such amount, undefined. */
export function parseYuan(text: string): number | undefined {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) {
    return undefined;
  }
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
