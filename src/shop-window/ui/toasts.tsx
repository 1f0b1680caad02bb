import { toast } from '../state/toast';
import { useStore } from '../state/store';
import { Icon } from './icons';

/** The message of the moment, read aloud by what reads pages aloud. */
export function Toasts() {
  const current = useStore(toast);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {current && (
        <div class={`toast ${current.tone}`}>
          <Icon name={current.tone === 'good' ? 'check' : 'warning'} />
          <span>{current.text}</span>
          {current.link && (
            <a href={current.link.href} onClick={() => toast.set(undefined)}>
              {current.link.text}
            </a>
          )}
        </div>
      )}
    </div>
  );
}
