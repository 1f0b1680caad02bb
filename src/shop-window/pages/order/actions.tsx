import { useRef, useState } from 'preact/hooks';
import { api, ask, idempotencyKey, type OrderDetail, Refusal } from '../../api/client';
import { useTexts } from '../../state/language';
import { say } from '../../state/toast';
import type { TextKey } from '../../texts/zh';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { Notice } from '../../ui/states';
import { PayButton } from './pay-button';

type Question = 'cancel' | 'refund';

/** What the buyer can do about an order in its state: pay, cancel, refund, confirm receipt. */
export function OrderActions(props: {
  readonly order: OrderDetail;
  readonly reload: () => Promise<void>;
}) {
  const { order, reload } = props;
  const t = useTexts();
  const [question, setQuestion] = useState<Question>();
  const { run, busy, refusal } = useAction(reload);
  const path = { path: { id: order.order_id } };
  const isUnpaid = order.status === 1;
  const isRefundable = order.status === 2 && order.payment?.status === 'success';

  const close = () => setQuestion(undefined);
  const cancel = () => {
    close();
    void run('canceledToast', () => ask(api.POST('/orders/{id}/cancel/', { params: path })));
  };
  const receive = () =>
    void run('receiptToast', () => ask(api.POST('/orders/{id}/receipt/', { params: path })));

  return (
    <div class="order-actions">
      {refusal && <Notice of={refusal} />}
      <div class="actions">
        {isUnpaid && <PayButton order={order} />}
        {order.status === 3 && (
          <button type="button" class="button" disabled={busy} onClick={receive}>
            {t('confirmReceipt')}
          </button>
        )}
        {isUnpaid && (
          <button
            type="button"
            class="button plain"
            disabled={busy}
            onClick={() => setQuestion('cancel')}
          >
            {t('cancelOrder')}
          </button>
        )}
        {isRefundable && (
          <button
            type="button"
            class="button plain"
            disabled={busy}
            onClick={() => setQuestion('refund')}
          >
            {t('refundOrder')}
          </button>
        )}
      </div>
      {question === 'cancel' && (
        <Dialog title={t('cancelQuestion')} onClose={close}>
          <p class="dim">{t('cancelText')}</p>
          <div class="actions">
            <button type="button" class="button" onClick={cancel}>
              {t('cancelOrder')}
            </button>
            <button type="button" class="button plain" onClick={close}>
              {t('keepOrder')}
            </button>
          </div>
        </Dialog>
      )}
      {question === 'refund' && <RefundDialog order={order} run={run} onClose={close} />}
    </div>
  );
}

type Run = (done: TextKey, work: () => Promise<unknown>) => Promise<void>;

/** Does one thing at a time and shows the order anew, whether it worked or was refused. */
function useAction(reload: () => Promise<void>) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const run: Run = async (done, work) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
      say({ text: t(done), tone: 'good' });
    } catch (error) {
      setRefusal(Refusal.from(error));
    }
    await reload();
    setBusy(false);
  };
  return { run, busy, refusal };
}

function RefundDialog(props: {
  readonly order: OrderDetail;
  readonly run: Run;
  readonly onClose: () => void;
}) {
  const { order, run, onClose } = props;
  const t = useTexts();
  const [reason, setReason] = useState('');
  const key = useRef(idempotencyKey());
  const refund = () => {
    onClose();
    void run('refundToast', () =>
      ask(
        api.POST('/orders/{id}/refunds/', {
          params: {
            path: { id: order.order_id },
            header: { 'Idempotency-Key': key.current },
          },
          body: reason.trim() ? { reason: reason.trim() } : {},
        }),
      ),
    );
  };
  return (
    <Dialog title={t('refundQuestion')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          refund();
        }}
      >
        <p class="dim">
          {t('refundText', { amount: order.payment?.amount ?? order.total_amount })}
        </p>
        <Field
          label={t('reason')}
          placeholder={t('reasonHint')}
          maxLength={200}
          value={reason}
          onText={setReason}
        />
        <div class="actions">
          <button type="submit" class="button">
            {t('confirmRefund')}
          </button>
          <button type="button" class="button plain" onClick={onClose}>
            {t('keepOrder')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
