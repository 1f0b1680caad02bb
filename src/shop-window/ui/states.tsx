import type { ComponentChildren } from 'preact';
import type { Refusal } from '../api/client';
import { useTexts } from '../state/language';
import type { Loadable } from '../state/use-load';
import { Icon, type IconName } from './icons';

interface Link {
  readonly href: string;
  readonly text: string;
}

/** A page or list with nothing in it, and where to go from there. */
export function Empty(props: {
  readonly title: string;
  readonly hint?: string;
  readonly icon?: IconName;
  readonly action?: Link;
}) {
  return (
    <section class="empty">
      <span class="empty-icon">
        <Icon name={props.icon ?? 'box'} />
      </span>
      <h1>{props.title}</h1>
      {props.hint && <p>{props.hint}</p>}
      {props.action && (
        <a class="button" href={props.action.href}>
          {props.action.text}
        </a>
      )}
    </section>
  );
}

/** What the API refused, in its own words, with the code that names it in every language. */
export function Notice(props: { readonly of: Refusal; readonly children?: ComponentChildren }) {
  const t = useTexts();
  const { of: refusal } = props;
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <div>
        <p>{refusal.message}</p>
        {props.children}
        {refusal.code && <p class="notice-code">{t('problemNote', { code: refusal.code })}</p>}
      </div>
    </div>
  );
}

/** Shows what is loaded; before that grey shapes, and instead of it why it could not be loaded. */
export function Loaded<T>(props: {
  readonly of: Loadable<T>;
  readonly waiting: ComponentChildren;
  readonly children: (data: T) => ComponentChildren;
}) {
  const { data, error, reload } = props.of;
  if (data !== undefined) {
    return <>{props.children(data)}</>;
  }
  return error ? <Failed error={error} retry={reload} /> : <Waiting>{props.waiting}</Waiting>;
}

function Failed(props: { readonly error: Refusal; readonly retry: () => Promise<void> }) {
  const t = useTexts();
  return (
    <section class="empty">
      <span class="empty-icon bad">
        <Icon name="warning" />
      </span>
      <h1>{t('failed')}</h1>
      <p role="alert">{props.error.message}</p>
      {props.error.code && (
        <p class="notice-code">{t('problemNote', { code: props.error.code })}</p>
      )}
      <div class="actions">
        <button type="button" class="button" onClick={() => void props.retry()}>
          {t('retry')}
        </button>
        <a class="button plain" href="#/">
          {t('toProducts')}
        </a>
      </div>
    </section>
  );
}

function Waiting({ children }: { readonly children: ComponentChildren }) {
  const t = useTexts();
  return (
    <div aria-busy="true">
      <p class="unseen" role="status">
        {t('loading')}
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

/** Grey boxes where rows of something will be. */
export function Bones({ count, height }: { readonly count: number; readonly height: number }) {
  const rows = Array.from({ length: count }, (_, row) => row);
  return (
    <div class="stack">
      {rows.map((row) => (
        <div key={row} class="bone" style={{ height: `${height}px` }} />
      ))}
    </div>
  );
}
