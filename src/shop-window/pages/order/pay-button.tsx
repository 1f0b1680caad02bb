import { useState } from 'preact/hooks';
import { api, ask, type OrderDetail, Refusal } from '../../api/client';
import { language, speak, useTexts } from '../../state/language';
import { Notice } from '../../ui/states';

/** Where there is room the cashier opens beside the order, which then changes before one's eyes. */
const WIDE = '(min-width: 48rem)';

/** Leads to Alipay's cashier. What became of it is found out by asking the API, not by the page. */
export function PayButton({ order }: { readonly order: OrderDetail }) {
  const t = useTexts();
  const [state, setState] = useState<'idle' | 'opening' | 'waiting'>('idle');
  const [refusal, setRefusal] = useState<Refusal>();

  const pay = async () => {
    setState('opening');
    setRefusal(undefined);
    // The page that shows the result speaks the language that is remembered.
    speak(language.get());
    // A browser lets a tab be opened during the click only, before the address is known.
    const tab = matchMedia(WIDE).matches ? window.open('', '_blank') : null;
    if (tab) {
      tab.opener = null;
    }
    try {
      const { alipay_url } = await ask(
        api.GET('/orders/{id}/payment/', {
          params: { path: { id: order.order_id }, query: { scene: tab ? 'page' : 'wap' } },
        }),
      );
      (tab ?? window).location.assign(alipay_url ?? '/');
      setState(tab ? 'waiting' : 'idle');
    } catch (error) {
      tab?.close();
      setRefusal(Refusal.from(error));
      setState('idle');
    }
  };

  return (
    <>
      {state === 'waiting' && (
        <div class="hint waiting" role="status">
          <span class="spinner" />
          <div>
            <p>
              <strong>{t('waiting')}</strong>
            </p>
            <p>{t('waitingHint')}</p>
          </div>
        </div>
      )}
      {refusal && <Notice of={refusal} />}
      <button
        type="button"
        class="button alipay"
        disabled={state === 'opening'}
        onClick={() => void pay()}
      >
        {state === 'opening'
          ? t('openingCashier')
          : t('payWithAlipay', { amount: order.total_amount })}
      </button>
    </>
  );
}
