import { useRef, useState } from 'preact/hooks';
import { type Address, api, ask, idempotencyKey, Refusal, type Settlement } from '../api/client';
import { fenOf, sumFen, yuanOf } from '../money';
import { refreshCartCount } from '../state/cart-count';
import { useTexts } from '../state/language';
import { go } from '../state/route';
import { useLoad } from '../state/use-load';
import { PageTitle } from '../ui/page-title';
import { Price } from '../ui/price';
import { SkuLine } from '../ui/sku-line';
import { Bones, Empty, Loaded, Notice } from '../ui/states';
import { AddressChoice } from './checkout/address-choice';
import { type PayMethod, PayMethodChoice } from './checkout/pay-method';

interface Checkout {
  /** Undefined when nothing is selected in the cart. */
  readonly settlement: Settlement | undefined;
  readonly addresses: readonly Address[];
  readonly defaultId: number | null;
}

async function loadCheckout(): Promise<Checkout> {
  const [settlement, list] = await Promise.all([
    ask(api.GET('/orders/settlement/')),
    ask(api.GET('/addresses/')),
  ]);
  return {
    settlement: Array.isArray(settlement) ? undefined : settlement,
    addresses: list.addresses,
    defaultId: list.default_address_id,
  };
}

/** The last look before an order is placed: where to, how it is paid, what it costs. */
export function CheckoutPage() {
  const t = useTexts();
  const checkout = useLoad('checkout', loadCheckout);
  return (
    <div class="width">
      <Loaded of={checkout} waiting={<Bones count={3} height={140} />}>
        {({ settlement, addresses, defaultId }) =>
          settlement ? (
            <Form
              settlement={settlement}
              addresses={addresses}
              defaultId={defaultId}
              reload={checkout.reload}
            />
          ) : (
            <Empty
              icon="cart"
              title={t('nothingSelected')}
              hint={t('nothingSelectedHint')}
              action={{ href: '#/orders', text: t('orders') }}
            />
          )
        }
      </Loaded>
    </div>
  );
}

function Form(props: {
  readonly settlement: Settlement;
  readonly addresses: readonly Address[];
  readonly defaultId: number | null;
  readonly reload: () => Promise<void>;
}) {
  const { settlement, addresses, defaultId, reload } = props;
  const t = useTexts();
  const [chosen, setChosen] = useState<number>();
  const [payMethod, setPayMethod] = useState<PayMethod>(2);
  const addressId = chosen ?? defaultId ?? addresses[0]?.id;
  const total = yuanOf(sumFen(settlement.skus) + fenOf(settlement.freight));
  const placing = usePlacing(reload);
  return (
    <>
      <PageTitle title={t('checkoutTitle')} back="#/cart" />
      <div class="columns">
        <div class="stack">
          <AddressChoice
            addresses={addresses}
            defaultId={defaultId}
            chosen={addressId}
            onChoose={setChosen}
            onCreated={async ({ id }) => {
              await reload();
              setChosen(id);
            }}
          />
          <PayMethodChoice chosen={payMethod} onChoose={setPayMethod} />
          <section class="panel">
            <h2>{t('goods')}</h2>
            <ul class="sku-lines">
              {settlement.skus.map((sku) => (
                <SkuLine key={sku.id} {...sku} image={sku.default_image_url} />
              ))}
            </ul>
          </section>
        </div>
        <aside class="panel summary">
          <Amounts settlement={settlement} total={total} />
          {placing.refusal && (
            <Notice of={placing.refusal}>{placing.isUnknown && <p>{t('safeToRetry')}</p>}</Notice>
          )}
          {addressId === undefined && <p class="dim">{t('chooseAddress')}</p>}
          <button
            type="button"
            class="button wide"
            disabled={placing.busy || addressId === undefined}
            onClick={() => void placing.place(addressId ?? 0, payMethod, total)}
          >
            {t(placing.busy ? 'placing' : placing.isUnknown ? 'placeAgain' : 'placeOrder')}
          </button>
        </aside>
      </div>
    </>
  );
}

/**
 * Placing the order. One key goes with every try of this checkout, so that a try whose answer was
 * lost and the next one make the same single order.
 */
function usePlacing(reload: () => Promise<void>) {
  const key = useRef(idempotencyKey());
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const place = async (address: number, pay_method: PayMethod, expected_amount: string) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const { order_id } = await ask(
        api.POST('/orders/', {
          params: { header: { 'Idempotency-Key': key.current } },
          body: { address, pay_method, expected_amount },
        }),
      );
      void refreshCartCount();
      go(`/orders/${order_id}`, { replace: true });
    } catch (error) {
      const refused = Refusal.from(error);
      setRefusal(refused);
      if (refused.problem) {
        await reload();
      }
      setBusy(false);
    }
  };
  return { place, busy, refusal, isUnknown: refusal !== undefined && !refusal.problem };
}

function Amounts({
  settlement,
  total,
}: {
  readonly settlement: Settlement;
  readonly total: string;
}) {
  const t = useTexts();
  return (
    <dl class="amounts">
      <dt>{t('subtotal')}</dt>
      <dd>
        <Price amount={yuanOf(sumFen(settlement.skus))} />
      </dd>
      <dt>{t('freight')}</dt>
      <dd>
        <Price amount={settlement.freight} />
      </dd>
      <dt class="amounts-total">{t('total')}</dt>
      <dd class="amounts-total">
        <Price amount={total} big />
      </dd>
    </dl>
  );
}
