import type { OrderDetail } from '../../api/client';
import { sumFen, yuanOf } from '../../money';
import { useTexts } from '../../state/language';
import { Price } from '../../ui/price';

export function Amounts({ order }: { readonly order: OrderDetail }) {
  const t = useTexts();
  return (
    <section class="panel">
      <h2>{t('amounts')}</h2>
      <dl class="amounts">
        <dt>{t('subtotal')}</dt>
        <dd>
          <Price amount={yuanOf(sumFen(order.skus))} />
        </dd>
        <dt>{t('freight')}</dt>
        <dd>
          <Price amount={order.freight} />
        </dd>
        <dt class="amounts-total">{t('total')}</dt>
        <dd class="amounts-total">
          <Price amount={order.total_amount} big />
        </dd>
      </dl>
    </section>
  );
}

export function Address({ address }: { readonly address: OrderDetail['address'] }) {
  const t = useTexts();
  return (
    <section class="panel">
      <h2>{t('address')}</h2>
      <p>
        <strong>{address.receiver}</strong> {address.mobile}
      </p>
      <p class="dim">
        {address.province} {address.city} {address.district} {address.place}
      </p>
    </section>
  );
}

export function Payment({ order }: { readonly order: OrderDetail }) {
  const t = useTexts();
  const { payment } = order;
  return (
    <section class="panel">
      <h2>{t('payment')}</h2>
      <dl class="facts">
        <dt>{t('payMethod')}</dt>
        <dd>{t(order.pay_method === 1 ? 'cash' : 'alipay')}</dd>
        <dt>{t('placedAt')}</dt>
        <dd>{order.create_time}</dd>
        {payment?.paid_time && (
          <>
            <dt>{t('paidAt')}</dt>
            <dd>{payment.paid_time}</dd>
          </>
        )}
        {payment?.trade_id && (
          <>
            <dt>{t('tradeNumber')}</dt>
            <dd>{payment.trade_id}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

export function Shipment({ shipment }: { readonly shipment: OrderDetail['shipment'] }) {
  const t = useTexts();
  return shipment ? (
    <section class="panel">
      <h2>{t('shipment')}</h2>
      <p>
        <strong>{shipment.carrier}</strong> {shipment.tracking_number}
      </p>
      <p class="dim">{shipment.ship_time}</p>
    </section>
  ) : null;
}

const REFUND_LOOKS: Readonly<Record<OrderDetail['refunds'][number]['status'], string>> = {
  asked: 'warm',
  done: 'good',
  failed: 'grey',
};

export function Refunds({ refunds }: { readonly refunds: OrderDetail['refunds'] }) {
  const t = useTexts();
  return refunds.length > 0 ? (
    <section class="panel">
      <h2>{t('refunds')}</h2>
      <ul class="refunds">
        {refunds.map(({ refund_id, amount, status, create_time }) => (
          <li key={refund_id}>
            <Price amount={amount} />
            <span class={`badge ${REFUND_LOOKS[status]}`}>{t(`refund_${status}`)}</span>
            <span class="dim">{create_time}</span>
          </li>
        ))}
      </ul>
    </section>
  ) : null;
}
