import type { TestDatabase } from '../../kit/database.js';
import { tokenFor } from '../../kit/client.js';
import { BIG_BUYER, BIG_CATEGORY, BIG_SKU, CATEGORIES, type Scale, WORDS } from './data.js';

/** One GET request; with a token where the route asks for one. */
export interface Read {
  readonly path: string;
  readonly token?: string;
}

/** A route of the OpenAPI document and what is asked of it, by many buyers about many things. */
export interface ReadRoute {
  /** As the document writes it, such as `/skus/{id}/`. */
  readonly route: string;
  /** What is special about these requests; empty for the only row of a route. */
  readonly about: string;
  readonly reads: readonly Read[];
}

/** GET routes that are not driven, and why. */
export const NOT_READS: Readonly<Record<string, string>> = {
  '/sms_codes/{mobile}/': 'sends a message and is limited to one a minute',
  '/image_codes/{id}/': 'draws a new picture and keeps its answer: a write',
  '/emails/verification/': 'uses a link up: a write',
  '/orders/{id}/payment/': 'begins a payment: writes a row and signs',
  '/health/live/': 'for machines',
  '/health/ready/': 'for machines',
  '/metrics/': 'for machines',
};

/** Different requests of one row, so that no row is about one page of the database. */
const READS = 100;
/** What the original pages ask for, and the most there is. */
const PAGE_SIZE = 5;
const PAGE_SIZE_MAX = 20;
const QUARANTINE_PAGE = '?page_size=20';

interface OrderRow {
  readonly id: string;
  readonly userId: number;
}

/** The requests for every read route, about rows that `layReads` has laid. */
export async function readRoutes(db: TestDatabase, scale: Scale): Promise<ReadRoute[]> {
  return [
    ...catalogueRoutes(scale, await deepCategoryPages(db)),
    ...accountRoutes(scale),
    ...(await orderRoutes(db)),
    ...(await adminRoutes(db, scale)),
  ];
}

function catalogueRoutes(scale: Scale, deepPages: number): ReadRoute[] {
  const list = '/categories/{id}/skus/';
  const big = `/categories/${BIG_CATEGORY}/skus/`;
  const sku = (i: number) => 1 + ((i * 37) % scale.skus);
  const onSale = (i: number) => (sku(i) % 50 === 0 ? BIG_SKU : sku(i));
  const leaf = (i: number) => BIG_CATEGORY + (i % CATEGORIES.leaves);
  const orderings = ['-create_time', 'price', '-price', '-sales'];
  return [
    row('/categories/', '', () => '/categories/'),
    row('/categories/{id}/', '', (i) => `/categories/${leaf(i)}/`),
    ...orderings.map((ordering) =>
      row(
        list,
        `by ${ordering}, any category`,
        (i) => `/categories/${leaf(i)}/skus/?page_size=${PAGE_SIZE}&ordering=${ordering}`,
      ),
    ),
    row(list, 'largest category, last pages, 20 each', (i) => {
      const page = Math.max(1, deepPages - (i % 5));
      return `${big}?page=${page}&page_size=${PAGE_SIZE_MAX}&ordering=${orderings[i % 4]}`;
    }),
    row('/categories/{id}/hotskus/', '', (i) => `/categories/${leaf(i)}/hotskus/`),
    row('/categories/{id}/hotskus/', 'largest category', () => big.replace('skus', 'hotskus')),
    row('/skus/{id}/', '', (i) => `/skus/${onSale(i)}/`),
    row('/skus/{id}/comments/', '', (i) => `/skus/${onSale(i)}/comments/`),
    row('/skus/{id}/comments/', 'most commented SKU', () => `/skus/${BIG_SKU}/comments/`),
    row('/skus/search/', 'one word, an eighth of all SKUs', (i) =>
      search(WORDS[i % WORDS.length] ?? '', `&page_size=${PAGE_SIZE}`),
    ),
    row('/skus/search/', 'two words', (i) =>
      search(`${WORDS[i % WORDS.length]} 型号 ${i}`, `&page_size=${PAGE_SIZE}`),
    ),
    row('/skus/search/', 'every SKU, later pages, 20 each', (i) =>
      search('', `&page=${1 + (i % Math.max(1, Math.floor(scale.skus / 25)))}&page_size=20`),
    ),
    row('/skus/search/', 'nothing found', (i) => search(`没有${i}`, '')),
    row('/pictures/{file}/', '', (i) => `/pictures/${1 + (i % 16)}.svg`),
    row('/areas/', '', () => '/areas/'),
    row('/areas/{id}/', '', (i) => `/areas/${[110_000, 440_000, 510_100][i % 3]}/`),
  ];
}

function search(text: string, rest: string): string {
  return `/skus/search/?text=${encodeURIComponent(text)}${rest}`;
}

function accountRoutes({ buyers }: Scale): ReadRoute[] {
  const buyer = (i: number) => 2 + (i % (buyers - 1));
  const mine = (route: string) => [
    row(route, '', () => route, buyer),
    row(
      route,
      'largest',
      () => route,
      () => BIG_BUYER,
    ),
  ];
  return [
    row('/usernames/{username}/count/', '', (i) => `/usernames/buyer_${i * 2}/count/`),
    row('/mobiles/{mobile}/count/', '', (i) => `/mobiles/1380000${1000 + i * 30}/count/`),
    row('/user/', '', () => '/user/', buyer),
    row('/browse_histories/', '', () => '/browse_histories/', buyer),
    ...mine('/addresses/'),
    ...mine('/cart/'),
    ...mine('/orders/settlement/'),
  ];
}

async function orderRoutes(db: TestDatabase): Promise<ReadRoute[]> {
  const sample = async (where: string): Promise<OrderRow[]> =>
    db.sql<OrderRow>(
      `SELECT CAST(id AS CHAR) AS id, user_id AS userId FROM orders WHERE ${where}
       ORDER BY CRC32(id) LIMIT ${READS}`,
    );
  const about = (orders: readonly OrderRow[], path: string) => (i: number) =>
    `/orders/${orderAt(orders, i).id}/${path}`;
  const owner = (orders: readonly OrderRow[]) => (i: number) => orderAt(orders, i).userId;
  const [any, received, paid] = await Promise.all([
    sample('TRUE'),
    sample('status = 4'),
    sample('pay_method = 2 AND status IN (2, 3, 4, 5)'),
  ]);
  const refunded = await db.sql<OrderRow>(
    `SELECT CAST(o.id AS CHAR) AS id, o.user_id AS userId FROM refunds r
     JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id LIMIT ${READS}`,
  );
  const [mine] = await db.sql<{ n: number }>('SELECT COUNT(*) AS n FROM orders WHERE user_id = ?', [
    BIG_BUYER,
  ]);
  const lastPage = Math.ceil((mine?.n ?? 0) / PAGE_SIZE_MAX);
  return [
    row(
      '/orders/',
      'page 1',
      () => `/orders/?page=1&page_size=${PAGE_SIZE}`,
      (i) => orderAt(any, i).userId,
    ),
    row(
      '/orders/',
      'buyer of a thousand, last pages, 20 each',
      (i) => `/orders/?page=${Math.max(1, lastPage - (i % 5))}&page_size=${PAGE_SIZE_MAX}`,
      () => BIG_BUYER,
    ),
    row('/orders/{id}/', '', about(any, ''), owner(any)),
    row('/orders/{id}/uncommentgoods/', '', about(received, 'uncommentgoods/'), owner(received)),
    row('/orders/{id}/payment/status/', 'paid', about(paid, 'payment/status/'), owner(paid)),
    row('/orders/{id}/refunds/', '', about(refunded, 'refunds/'), owner(refunded)),
  ];
}

async function adminRoutes(db: TestDatabase, scale: Scale): Promise<ReadRoute[]> {
  const token = tokenFor(scale.buyers + 1, 'admin');
  const refunded = await db.sql<{ id: string }>(
    `SELECT CAST(p.order_id AS CHAR) AS id FROM refunds r JOIN payments p ON p.id = r.payment_id
     LIMIT ${READS}`,
  );
  const admin = (route: string, about: string, path: (i: number) => string): ReadRoute => ({
    route,
    about,
    reads: times((i) => ({ path: path(i), token })),
  });
  return [
    admin('/admin/skus/{id}/', '', (i) => `/admin/skus/${1 + ((i * 41) % scale.skus)}/`),
    admin(
      '/admin/orders/{id}/refunds/',
      '',
      (i) => `/admin/orders/${refunded[i % refunded.length]?.id}/refunds/`,
    ),
    ...['open', 'resolved', 'all'].map((state) =>
      admin(
        '/admin/alipay/quarantine/',
        state,
        () => `/admin/alipay/quarantine/${QUARANTINE_PAGE}&state=${state}`,
      ),
    ),
  ];
}

/** How many pages of 20 the largest category has. */
async function deepCategoryPages(db: TestDatabase): Promise<number> {
  const [inCategory] = await db.sql<{ n: number }>(
    'SELECT COUNT(*) AS n FROM skus WHERE category_id = ? AND is_launched = TRUE',
    [BIG_CATEGORY],
  );
  return Math.ceil((inCategory?.n ?? 0) / PAGE_SIZE_MAX);
}

function orderAt(orders: readonly OrderRow[], i: number): OrderRow {
  const order = orders[i % orders.length];
  if (!order) {
    throw new RangeError('the data has no order of this kind');
  }
  return order;
}

function row(
  route: string,
  about: string,
  path: (i: number) => string,
  reader?: (i: number) => number,
): ReadRoute {
  return {
    route,
    about,
    reads: times((i) =>
      reader ? { path: path(i), token: tokenFor(reader(i)) } : { path: path(i) },
    ),
  };
}

function times(read: (i: number) => Read): Read[] {
  return Array.from({ length: READS }, (_, i) => read(i));
}

/** The GET routes of a document that are neither driven nor on the list of those that are not. */
export function undriven(document: OpenApi, routes: readonly ReadRoute[]): string[] {
  const known = new Set([...routes.map(({ route }) => route), ...Object.keys(NOT_READS)]);
  return Object.entries(document.paths)
    .filter(([path, methods]) => 'get' in methods && !known.has(path))
    .map(([path]) => path);
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
