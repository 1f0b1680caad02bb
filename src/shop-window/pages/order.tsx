import { api, ask, type OrderDetail } from '../api/client';
import { useTexts } from '../state/language';
import { say } from '../state/toast';
import { type Loadable, useLoad } from '../state/use-load';
import { usePoll } from '../state/use-poll';
import { PageTitle } from '../ui/page-title';
import { SkuLine } from '../ui/sku-line';
import { Bones, Empty, Loaded } from '../ui/states';
import { OrderActions } from './order/actions';
import { Address, Amounts, Payment, Refunds, Shipment } from './order/facts';
import { Progress } from './order/progress';

const POLL_MS = 2000;

/** With the strategy `queue` an order may still have to be made when it is first looked at. */
type Looked = OrderDetail | 'queued';

async function look(id: string): Promise<Looked> {
  const order = await ask(api.GET('/orders/{id}/', { params: { path: { id } } }));
  return 'status' in order ? order : 'queued';
}

/** One order: where it stands, what can be done about it, and everything that is known of it. */
export function OrderPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const order = useLoad(`order ${id}`, () => look(id));
  useWatch(id, order);
  return (
    <div class="width">
      <Loaded of={order} waiting={<Bones count={3} height={150} />}>
        {(data) =>
          data === 'queued' ? (
            <Empty icon="clock" title={t('orderBeingPlaced')} hint={t('orderBeingPlacedHint')} />
          ) : (
            <Detail order={data} reload={order.reload} />
          )
        }
      </Loaded>
    </div>
  );
}

/**
 * Follows the order while something may happen to it by itself: a payment, which the shop asks
 * Alipay about when it is asked here, a refund that is on its way, its turn in the queue.
 */
function useWatch(id: string, order: Loadable<Looked>): void {
  const t = useTexts();
  const { data, reload } = order;
  const detail = data === undefined || data === 'queued' ? undefined : data;
  const unpaid = detail?.status === 1;
  const returning = detail?.refunds.some(({ status }) => status === 'asked') === true;

  usePoll(unpaid, POLL_MS, async () => {
    try {
      const { status, paid } = await ask(
        api.GET('/orders/{id}/payment/status/', { params: { path: { id } } }),
      );
      if (status !== 1) {
        await reload();
        if (paid) {
          say({ text: t('paidToast'), tone: 'good' });
        }
      }
    } catch {
      // The next turn asks again; what the page shows stays true until then.
    }
  });
  usePoll(returning || data === 'queued', POLL_MS, reload);
}

function Detail(props: { readonly order: OrderDetail; readonly reload: () => Promise<void> }) {
  const { order, reload } = props;
  const t = useTexts();
  return (
    <>
      <PageTitle title={t('orderTitle')} back="#/orders">
        <span class="dim order-number">{order.order_id}</span>
      </PageTitle>
      <section class="panel order-state">
        <Progress order={order} />
        <OrderActions order={order} reload={reload} />
      </section>
      <div class="columns">
        <div class="stack">
          <section class="panel">
            <h2>{t('goods')}</h2>
            <ul class="sku-lines">
              {order.skus.map(({ id, sku, price, count }) => (
                <SkuLine
                  key={id}
                  id={sku.id}
                  name={sku.name}
                  image={sku.default_image_url}
                  price={price}
                  count={count}
                />
              ))}
            </ul>
          </section>
          <Address address={order.address} />
          <Shipment shipment={order.shipment} />
        </div>
        <div class="stack">
          <Amounts order={order} />
          <Payment order={order} />
          <Refunds refunds={order.refunds} />
        </div>
      </div>
    </>
  );
}
