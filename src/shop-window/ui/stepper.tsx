import { useTexts } from '../state/language';
import { Icon } from './icons';

/** A count with a button for one less and one for one more. */
export function Stepper(props: {
  readonly count: number;
  readonly max: number;
  readonly label: string;
  readonly busy?: boolean;
  readonly onCount: (count: number) => void;
}) {
  const t = useTexts();
  const { count, max, busy = false } = props;
  return (
    <div class="stepper" role="group" aria-label={props.label} aria-busy={busy}>
      <button
        type="button"
        aria-label={t('less')}
        disabled={busy || count <= 1}
        onClick={() => props.onCount(count - 1)}
      >
        <Icon name="minus" />
      </button>
      <output aria-live="polite">{count}</output>
      <button
        type="button"
        aria-label={t('more')}
        disabled={busy || count >= max}
        onClick={() => props.onCount(count + 1)}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
