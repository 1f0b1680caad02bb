import { useTexts } from '../../state/language';

/** 1 cash on delivery, 2 Alipay. */
export type PayMethod = 1 | 2;

const METHODS = [
  [2, 'alipay', 'alipayHint'],
  [1, 'cash', 'cashHint'],
] as const;

export function PayMethodChoice(props: {
  readonly chosen: PayMethod;
  readonly onChoose: (method: PayMethod) => void;
}) {
  const t = useTexts();
  return (
    <fieldset class="panel">
      <legend>{t('payMethod')}</legend>
      <div class="options two">
        {METHODS.map(([method, name, hint]) => (
          <label key={method} class="option">
            <input
              type="radio"
              name="pay_method"
              checked={method === props.chosen}
              onChange={() => props.onChoose(method)}
            />
            <span>
              <strong>{t(name)}</strong>
              <span class="dim">{t(hint)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
