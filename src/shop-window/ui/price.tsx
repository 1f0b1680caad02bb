/** An amount exactly as the API writes it, as `6499.00`; only the sizes of its parts differ. */
export function Price({
  amount,
  big = false,
}: {
  readonly amount: string;
  readonly big?: boolean;
}) {
  const [yuan, fen] = amount.split('.', 2);
  return (
    <span class={big ? 'price big' : 'price'}>
      <small>¥</small>
      {yuan}
      <small>.{fen}</small>
    </span>
  );
}
