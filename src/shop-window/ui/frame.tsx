import iconUrl from '../icon.svg';
import { cartCount } from '../state/cart-count';
import { language, speak, useTexts } from '../state/language';
import { go } from '../state/route';
import { logOut, session } from '../state/session';
import { useStore } from '../state/store';
import type { TextKey } from '../texts/zh';
import { Icon, type IconName } from './icons';

const LINKS: readonly (readonly [page: string, text: TextKey, icon: IconName])[] = [
  ['', 'products', 'shop'],
  ['cart', 'cart', 'cart'],
  ['orders', 'ordersShort', 'orders'],
];

/** Which link of the navigation a page belongs to. */
const HOME: Readonly<Record<string, string>> = { products: '', checkout: 'cart' };

/** Name of the shop, navigation, language and account. */
export function Header({ page }: { readonly page: string }) {
  const t = useTexts();
  const current = HOME[page] ?? page;
  return (
    <header class="header">
      <div class="width header-row">
        <a class="brand" href="#/">
          <img src={iconUrl} alt="" width="32" height="32" />
          <span>{t('shop')}</span>
        </a>
        <nav class="nav" aria-label={t('mainNavigation')}>
          {LINKS.map(([name, text, icon]) => (
            <a key={name} href={`#/${name}`} aria-current={name === current ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{t(text)}</span>
              {name === 'cart' && <CartCount />}
            </a>
          ))}
        </nav>
        <LanguageSwitch />
        <Account />
      </div>
    </header>
  );
}

function CartCount() {
  const t = useTexts();
  const count = useStore(cartCount);
  return count > 0 ? (
    <span class="count">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span class="unseen">{t('pieces', { n: count })}</span>
    </span>
  ) : null;
}

function LanguageSwitch() {
  const next = useStore(language) === 'zh' ? 'en' : 'zh';
  const [text, label, lang] =
    next === 'en' ? ['EN', 'Switch to English', 'en'] : ['中文', '切换到中文', 'zh-CN'];
  return (
    <button
      type="button"
      class="quiet language"
      lang={lang}
      aria-label={label}
      onClick={() => speak(next)}
    >
      <Icon name="globe" />
      <span>{text}</span>
    </button>
  );
}

function Account() {
  const t = useTexts();
  const current = useStore(session);
  const leave = () => {
    logOut();
    go('/');
  };
  return current ? (
    <span class="account">
      <span class="account-name" title={t('loggedInAs', { name: current.username })}>
        {current.username}
      </span>
      <button type="button" class="quiet" onClick={leave}>
        {t('logOut')}
      </button>
    </span>
  ) : (
    <a class="button small" href="#/login">
      {t('logIn')}
    </a>
  );
}

export function Footer() {
  const t = useTexts();
  return (
    <footer class="footer">
      <div class="width footer-row">
        <p>{t('footer')}</p>
        <a href="/docs">{t('apiDocs')}</a>
      </div>
    </footer>
  );
}
