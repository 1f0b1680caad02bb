import { createStore } from './store';

/** Where in the shop the person is: what stands behind the `#` of the address. */
export interface Route {
  /** Without the first slash: `['orders', '26112…']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#/, '').split('?', 2);
  return { parts: path.split('/').filter(Boolean), query: new URLSearchParams(query) };
}

export const route = createStore<Route>(read());
addEventListener('hashchange', () => route.set(read()));

/** Goes to a page of the shop, as `/cart`. `replace` leaves no step back to the page before. */
export function go(path: string, { replace = false } = {}): void {
  const address = `#${path}`;
  if (replace) {
    history.replaceState(null, '', address);
    route.set(read());
  } else {
    location.hash = address;
  }
}

/** Goes to the login, which leads back to the page the person is on. */
export function goToLogin(): void {
  const here = location.hash.replace(/^#/, '') || '/';
  if (!here.startsWith('/login')) {
    go(`/login?next=${encodeURIComponent(here)}`, { replace: true });
  }
}
