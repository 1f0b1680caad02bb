import { useTexts } from '../state/language';

/** Links to the page before and after; nothing when there is only one. */
export function Pager(props: {
  readonly page: number;
  readonly last: number;
  readonly href: (page: number) => string;
}) {
  const t = useTexts();
  const { page, last, href } = props;
  return last <= 1 ? null : (
    <nav class="pager" aria-label={t('pageOf', { page, last })}>
      {page > 1 && (
        <a class="button plain small" href={href(page - 1)}>
          {t('previousPage')}
        </a>
      )}
      <span class="dim">{t('pageOf', { page, last })}</span>
      {page < last && (
        <a class="button plain small" href={href(page + 1)}>
          {t('nextPage')}
        </a>
      )}
    </nav>
  );
}
