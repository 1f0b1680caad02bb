import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useTexts } from '../state/language';
import { Icon } from './icons';

/** Sets the title of the browser's tab. */
export function useTitle(title: string | undefined): void {
  const t = useTexts();
  const shop = t('shop');
  useEffect(() => {
    document.title = title ? `${title} · ${shop}` : shop;
  }, [title, shop]);
}

/** The heading of a page, with the way back. */
export function PageTitle(props: {
  readonly title: string;
  readonly back?: string;
  readonly children?: ComponentChildren;
}) {
  const t = useTexts();
  useTitle(props.title);
  return (
    <div class="page-title">
      {props.back !== undefined && (
        <a class="round" href={props.back} aria-label={t('back')}>
          <Icon name="back" />
        </a>
      )}
      <h1>{props.title}</h1>
      {props.children}
    </div>
  );
}
