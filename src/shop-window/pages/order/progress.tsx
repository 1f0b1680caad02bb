import type { OrderDetail } from '../../api/client';
import { type Translate, useTexts } from '../../state/language';
import type { TextKey } from '../../texts/zh';
import { Icon } from '../../ui/icons';
import { LOOKS } from '../../ui/status';

/** Status names and the steps behind them; the number of steps that are done. */
const STEPS: readonly TextKey[] = ['stepPlaced', 'stepPaid', 'stepSent', 'stepReceived'];
const DONE: Readonly<Record<OrderDetail['status'], number>> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 4,
  6: 0,
};

/** Where the order stands: in a word, in a sentence, and on its way. */
export function Progress({ order }: { readonly order: OrderDetail }) {
  const t = useTexts();
  const [tone, icon] = LOOKS[order.status];
  return (
    <div class="progress">
      <div class="progress-head">
        <span class={`progress-icon ${tone}`}>
          <Icon name={icon} />
        </span>
        <div role="status">
          <h2>{t(`status${order.status}`)}</h2>
          <p class="dim">{hint(order, t)}</p>
        </div>
      </div>
      {order.status !== 6 && <Steps order={order} />}
    </div>
  );
}

function hint(order: OrderDetail, t: Translate): string {
  const { status, expire_time, pay_method, payment } = order;
  switch (status) {
    case 1:
      return expire_time
        ? t('status1Hint', { time: expire_time.slice(5, 16) })
        : t('status1HintPlain');
    case 2:
      return t(pay_method === 1 ? 'status2CashHint' : 'status2Hint');
    case 6:
      if (!payment?.trade_id) {
        return t('status6Hint');
      }
      return t(payment.refunded === payment.amount ? 'status6RefundedHint' : 'status6RefundHint');
    default:
      return t(`status${status}Hint`);
  }
}

function Steps({ order }: { readonly order: OrderDetail }) {
  const t = useTexts();
  const isCash = order.pay_method === 1;
  const steps = STEPS.filter((step) => !(isCash && step === 'stepPaid'));
  const done = Math.max(1, DONE[order.status] - (isCash ? 1 : 0));
  return (
    <ol class="steps" aria-label={t('progress')}>
      {steps.map((step, place) => (
        <li
          key={step}
          class={place < done ? 'done' : ''}
          aria-current={place === done - 1 ? 'step' : undefined}
        >
          <span class="step-mark">{place < done && <Icon name="check" />}</span>
          {t(step)}
        </li>
      ))}
    </ol>
  );
}
