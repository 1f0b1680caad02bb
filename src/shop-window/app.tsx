import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CartPage } from './pages/cart';
import { CheckoutPage } from './pages/checkout';
import { LoginPage } from './pages/login';
import { OrderPage } from './pages/order';
import { OrdersPage } from './pages/orders';
import { ProductPage } from './pages/product';
import { ProductsPage } from './pages/products';
import { language, useTexts } from './state/language';
import { type Route, route } from './state/route';
import { useStore } from './state/store';
import { Footer, Header } from './ui/frame';
import { Empty } from './ui/states';
import { Toasts } from './ui/toasts';

/** The whole window: header, the page of the address, footer. */
export function App() {
  const current = useStore(route);
  const spoken = useStore(language);
  const t = useTexts();
  useEffect(() => {
    document.documentElement.lang = spoken === 'zh' ? 'zh-CN' : 'en';
  }, [spoken]);
  const main = useFocusOnArrival(current.parts.join('/'));
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => focusMain(event, main.current)}>
        {t('skip')}
      </a>
      <Header page={current.parts[0] ?? ''} />
      <main id="main" ref={main} tabIndex={-1}>
        {page(current)}
      </main>
      <Footer />
      <Toasts />
    </>
  );
}

/** The address behind `#` belongs to the pages, so the skip link moves the focus itself. */
function focusMain(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

/** Moves the focus and the view to the new page, as a browser does for a new document. */
function useFocusOnArrival(path: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) {
      before.current = path;
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }, [path]);
  return main;
}

function page({ parts, query }: Route): VNode {
  const [name = '', id = ''] = parts;
  switch (name) {
    case '':
      return <ProductsPage query={query} />;
    case 'products':
      return <ProductPage id={Number(id)} />;
    case 'cart':
      return <CartPage />;
    case 'checkout':
      return <CheckoutPage />;
    case 'orders':
      return id ? <OrderPage key={id} id={id} /> : <OrdersPage query={query} />;
    case 'login':
      return <LoginPage next={query.get('next')} />;
    default:
      return <NotFound />;
  }
}

function NotFound() {
  const t = useTexts();
  return <Empty title={t('notFound')} action={{ href: '#/', text: t('toProducts') }} />;
}
