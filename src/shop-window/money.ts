/** Amounts come and go as strings of yuan with two decimals; sums are made in fen, as integers. */

/** Fen of an amount, as `6499.00`. */
export function fenOf(amount: string): number {
  return Number(amount.replace('.', ''));
}

export function yuanOf(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What some goods cost together, in fen. */
export function sumFen(
  lines: readonly { readonly price: string; readonly count: number }[],
): number {
  return lines.reduce((sum, { price, count }) => sum + fenOf(price) * count, 0);
}
