import { useState } from 'preact/hooks';
import { api, ask, type CartLine, picture, Refusal } from '../api/client';
import { sumFen, yuanOf } from '../money';
import { countCart } from '../state/cart-count';
import { useTexts } from '../state/language';
import { useLoad } from '../state/use-load';
import { Icon } from '../ui/icons';
import { PageTitle } from '../ui/page-title';
import { Price } from '../ui/price';
import { Bones, Empty, Loaded, Notice } from '../ui/states';
import { Stepper } from '../ui/stepper';

const COUNT_MAX = 999;

async function loadCart(): Promise<CartLine[]> {
  const lines = await ask(api.GET('/cart/'));
  countCart(lines);
  return lines;
}

/** The cart: which lines go into the next order, and how many of each. */
export function CartPage() {
  const t = useTexts();
  const cart = useLoad('cart', loadCart);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  const change = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
    } catch (error) {
      setRefusal(Refusal.from(error));
    }
    await cart.reload();
    setBusy(false);
  };

  return (
    <div class="width">
      <Loaded of={cart} waiting={<Bones count={3} height={112} />}>
        {(lines) =>
          lines.length === 0 ? (
            <EmptyCart />
          ) : (
            <>
              <PageTitle title={t('cart')} />
              {refusal && <Notice of={refusal} />}
              <div class="columns">
                <section class="panel" aria-label={t('cart')}>
                  <SelectAll lines={lines} busy={busy} onChange={change} />
                  <ul class="cart-lines">
                    {lines.map((line) => (
                      <Line key={line.id} line={line} busy={busy} onChange={change} />
                    ))}
                  </ul>
                </section>
                <Summary lines={lines.filter(({ selected }) => selected)} />
              </div>
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function EmptyCart() {
  const t = useTexts();
  return (
    <Empty
      icon="cart"
      title={t('cartEmpty')}
      hint={t('cartEmptyHint')}
      action={{ href: '#/', text: t('toProducts') }}
    />
  );
}

type Change = (work: () => Promise<unknown>) => Promise<void>;

function SelectAll(props: {
  readonly lines: readonly CartLine[];
  readonly busy: boolean;
  readonly onChange: Change;
}) {
  const t = useTexts();
  const all = props.lines.every(({ selected }) => selected);
  const select = () =>
    props.onChange(() => ask(api.PUT('/cart/selection/', { body: { selected: !all } })));
  return (
    <label class="check select-all">
      <input type="checkbox" checked={all} disabled={props.busy} onChange={() => void select()} />
      <span>{t('selectAll')}</span>
    </label>
  );
}

function Line(props: {
  readonly line: CartLine;
  readonly busy: boolean;
  readonly onChange: Change;
}) {
  const { line, busy, onChange } = props;
  const t = useTexts();
  const save = (count: number, selected: boolean) =>
    void onChange(() => ask(api.PUT('/cart/', { body: { sku_id: line.id, count, selected } })));
  const remove = () =>
    void onChange(() => ask(api.DELETE('/cart/', { body: { sku_id: line.id } })));
  return (
    <li class="cart-line">
      <label class="check">
        <input
          type="checkbox"
          checked={line.selected}
          disabled={busy}
          onChange={() => save(line.count, !line.selected)}
        />
        <span class="unseen">{t('selectLine', { name: line.name })}</span>
      </label>
      <img src={picture(line.default_image_url)} alt="" width="96" height="96" />
      <a class="sku-name" href={`#/products/${line.id}`}>
        {line.name}
      </a>
      <div class="cart-foot">
        <Price amount={line.price} />
        <Stepper
          count={line.count}
          max={COUNT_MAX}
          busy={busy}
          label={`${t('quantity')}: ${line.name}`}
          onCount={(count) => save(count, line.selected)}
        />
      </div>
      <button
        type="button"
        class="quiet remove"
        disabled={busy}
        aria-label={t('removeLine', { name: line.name })}
        onClick={remove}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

function Summary({ lines }: { readonly lines: readonly CartLine[] }) {
  const t = useTexts();
  const pieces = lines.reduce((sum, { count }) => sum + count, 0);
  return (
    <aside class="panel summary">
      <p class="dim" role="status">
        {t('selectedCount', { n: pieces })}
      </p>
      <p class="summary-total">
        <span>{t('subtotal')}</span>
        <Price amount={yuanOf(sumFen(lines))} big />
      </p>
      <p class="dim small-text">{t('withoutFreight')}</p>
      {pieces > 0 ? (
        <a class="button wide" href="#/checkout">
          {t('checkout')}
        </a>
      ) : (
        <button type="button" class="button wide" disabled>
          {t('checkout')}
        </button>
      )}
    </aside>
  );
}
