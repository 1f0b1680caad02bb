import { api, ask, type Order, picture } from '../api/client';
import { useTexts } from '../state/language';
import { useLoad } from '../state/use-load';
import { PageTitle } from '../ui/page-title';
import { Pager } from '../ui/pager';
import { Price } from '../ui/price';
import { Bones, Empty, Loaded } from '../ui/states';
import { StatusBadge } from '../ui/status';

const PAGE_SIZE = 10;
const PICTURES = 4;

/** The buyer's orders, newest first. */
export function OrdersPage({ query }: { readonly query: URLSearchParams }) {
  const t = useTexts();
  const page = Number(query.get('page')) || 1;
  const orders = useLoad(`orders ${page}`, () =>
    ask(api.GET('/orders/', { params: { query: { page, page_size: PAGE_SIZE } } })),
  );
  return (
    <div class="width narrow">
      <Loaded of={orders} waiting={<Bones count={4} height={168} />}>
        {({ count, results }) =>
          count === 0 ? (
            <Empty
              icon="orders"
              title={t('ordersEmpty')}
              hint={t('ordersEmptyHint')}
              action={{ href: '#/', text: t('toProducts') }}
            />
          ) : (
            <>
              <PageTitle title={t('orders')} />
              <ul class="stack">
                {results.map((order) => (
                  <OrderCard key={order.order_id} order={order} />
                ))}
              </ul>
              <Pager
                page={page}
                last={Math.ceil(count / PAGE_SIZE)}
                href={(other) => `#/orders?page=${other}`}
              />
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function OrderCard({ order }: { readonly order: Order }) {
  const t = useTexts();
  const pieces = order.skus.reduce((sum, { count }) => sum + count, 0);
  const unpaid = order.status === 1;
  const href = `#/orders/${order.order_id}`;
  return (
    <li class="panel order-card">
      <div class="order-card-head">
        <StatusBadge status={order.status} />
        <span class="dim">{order.create_time}</span>
      </div>
      <a class="order-card-body" href={href}>
        <span class="order-pictures">
          {order.skus.slice(0, PICTURES).map(({ id, sku }) => (
            <img
              key={id}
              src={picture(sku.default_image_url)}
              alt=""
              width="64"
              height="64"
              loading="lazy"
            />
          ))}
        </span>
        <span class="order-names">
          <span>{order.skus[0]?.sku.name}</span>
          <span class="dim">
            {t('orderNumber')} {order.order_id}
          </span>
        </span>
      </a>
      <div class="order-card-foot">
        <span>
          <span class="dim">{t('pieces', { n: pieces })}</span>{' '}
          <Price amount={order.total_amount} />
        </span>
        <a class={unpaid ? 'button small' : 'button plain small'} href={href}>
          {unpaid ? t('payNow') : t('details')}
        </a>
      </div>
    </li>
  );
}
