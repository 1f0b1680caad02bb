import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDemoCatalogue } from '../../src/catalog/demo-catalogue.js';
import { seedDemo } from '../../src/database/seed/demo.js';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase } from '../kit/database.js';
import { type Shop, startShop } from '../kit/shop.js';

/**
 * The shop window over HTTP, without a token. The public address differs from the one the shop
 * listens on, so a link built from the Host header would show.
 */
const PUBLIC = 'https://api.example.test';

interface Sku {
  id: number;
  name: string;
  price: string;
  default_image_url: string;
  comments: number;
}
interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ PUBLIC_URL: PUBLIC });
});
afterAll(() => shop.close());

async function get<T>(path: string): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await fetch(`${shop.url}${path}`);
  return { status: response.status, body: (await response.json()) as T, headers: response.headers };
}

async function idsOf(path: string): Promise<number[]> {
  return (await get<Page<Sku>>(path)).body.results.map(({ id }) => id);
}

/** Five seconds are promised; twice that allows for a machine that is busy. */
const SOON_MS = 10_000;

const GOLD_64 = {
  id: 3,
  name: 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机',
  price: '6499.00',
  default_image_url: `${PUBLIC}/pictures/3.svg`,
  comments: 0,
};

describe('categories', () => {
  it('are a tree of three levels', async () => {
    const { status, body } = await get('/categories/');
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id: 1,
        name: '手机',
        subs: [{ id: 38, name: '手机通讯', subs: [{ id: 115, name: '手机' }] }],
      },
      {
        id: 4,
        name: '电脑',
        subs: [{ id: 45, name: '电脑整机', subs: [{ id: 157, name: '笔记本' }] }],
      },
    ]);
  });

  it('give the way down to the third level, with and without the last slash', async () => {
    const breadcrumb = {
      cat1: { category: { id: 4, name: '电脑' }, url: '/list.html?cat=157' },
      cat2: { id: 45, name: '电脑整机' },
      cat3: { id: 157, name: '笔记本' },
    };
    expect(await get('/categories/157/')).toMatchObject({ status: 200, body: breadcrumb });
    expect(await get('/categories/157')).toMatchObject({ status: 200, body: breadcrumb });
  });

  it.each(['1', '38', '999', '0', '-1', 'abc', '1.5', '99999999999', "115'"])(
    'are 404 for %s, which is none of the third level',
    async (id) => {
      for (const path of ['', 'skus/', 'hotskus/']) {
        const { status, body } = await get(`/categories/${encodeURIComponent(id)}/${path}`);
        expect(status).toBe(404);
        expect(body).toMatchObject({ code: 'NOT_FOUND', message: '未找到' });
      }
    },
  );
});

describe('SKUs of a category', () => {
  it('come in pages of two, with links under the public address', async () => {
    const { status, body } = await get<Page<Sku>>('/categories/115/skus/?ordering=price');
    expect(status).toBe(200);
    expect(body).toEqual({
      count: 14,
      next: `${PUBLIC}/categories/115/skus/?ordering=price&page=2&page_size=2`,
      previous: null,
      results: [expect.objectContaining({ id: 9 }), expect.objectContaining({ id: 12 })],
    });
    expect(Object.keys(body.results[0] ?? {}).sort()).toEqual(Object.keys(GOLD_64).sort());
  });

  it('have every SKU on exactly one page', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map((page) => idsOf(`/categories/115/skus/?page=${page}&page_size=5`)),
    );
    expect(pages.map((ids) => ids.length)).toEqual([5, 5, 4]);
    expect(pages.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, i) => i + 3));
  });

  it('link back and forth', async () => {
    const { body } = await get<Page<Sku>>('/categories/115/skus/?page=3&page_size=5');
    expect(body.next).toBeNull();
    expect(body.previous).toBe(`${PUBLIC}/categories/115/skus/?page=2&page_size=5`);
  });

  it('are at most twenty on a page, however many are asked for', async () => {
    await withRows(shop, async () => {
      const { body } = await get<Page<Sku>>('/categories/157/skus/?page_size=500');
      expect(body.results).toHaveLength(20);
      expect(body.next).toContain('page=2&page_size=20');
    });
  });

  it.each(['page=8', 'page=0', 'page=-1', 'page=x', 'page=1.5', 'page=1e1'])(
    'have no page for ?%s',
    async (query) => {
      const { status, body } = await get(`/categories/115/skus/?${query}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  it.each(['page_size=0', 'page_size=-5', 'page_size=x', 'page_size='])(
    'fall back to two a page for ?%s',
    async (query) => {
      expect(await idsOf(`/categories/115/skus/?${query}`)).toHaveLength(2);
    },
  );

  it('follow the four orderings', async () => {
    await shop.db.sql('UPDATE skus SET sales = 7, stock = 993 WHERE id = 4');
    await shop.db.sql("UPDATE skus SET created_at = '2030-01-01' WHERE id = 11");
    const first = async (ordering: string): Promise<number | undefined> =>
      (await idsOf(`/categories/115/skus/?ordering=${ordering}`))[0];
    expect(await first('price')).toBe(9);
    expect(await first('-price')).toBe(8);
    await vi.waitFor(async () => expect(await first('-sales')).toBe(4), SOON_MS);
    expect(await first('-create_time')).toBe(11);
    expect(await first('')).toBe(11);
    await shop.db.sql('UPDATE skus SET sales = 0, stock = 1000 WHERE id = 4');
  });

  it.each(['name', 'PRICE', '__proto__', 'price;DROP'])(
    'refuse to be ordered by %s',
    async (ordering) => {
      const { status, body } = await get(`/categories/115/skus/?ordering=${ordering}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'VALIDATION_FAILED',
        ordering: [expect.stringContaining('-create_time')],
      });
    },
  );

  it('leave out what is not on sale, and an empty category has one empty page', async () => {
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE category_id = 157');
    const { status, body } = await get('/categories/157/skus/');
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE category_id = 157');
    expect(status).toBe(200);
    expect(body).toEqual({ count: 0, next: null, previous: null, results: [] });
  });

  it('have an index for every ordering but that by sales, so that none of these is sorted', async () => {
    const orders = ['created_at DESC, id DESC', 'price_fen, id', 'price_fen DESC, id DESC'];
    await withRows(shop, async () => {
      for (const order of orders) {
        const plan = await shop.db.sql(
          `EXPLAIN SELECT * FROM skus WHERE category_id = 157 AND is_launched = TRUE
           ORDER BY ${order} LIMIT 20`,
        );
        expect(JSON.stringify(plan)).not.toContain('filesort');
      }
    });
  });
});

describe('hot SKUs', () => {
  const hot = async (): Promise<Sku[]> => {
    const { status, body } = await get<Sku[]>('/categories/115/hotskus/');
    expect(status).toBe(200);
    return body;
  };

  /** What changes in the database behind the shop's back is shown within a few seconds. */
  const hotAre = (ids: readonly number[]): Promise<Sku[]> =>
    vi.waitFor(async () => {
      const skus = await hot();
      expect(skus.map(({ id }) => id)).toEqual(ids);
      return skus;
    }, SOON_MS);

  it('are the two best sellers on sale, as a bare array', async () => {
    await shop.db.sql('UPDATE skus SET sales = 5, stock = 995 WHERE id = 3');
    await shop.db.sql('UPDATE skus SET sales = 9, stock = 991 WHERE id = 10');
    await shop.db.sql('UPDATE skus SET sales = 99, stock = 901, is_launched = 0 WHERE id = 5');
    const body = await hotAre([10, 3]);
    await shop.db.sql('UPDATE skus SET sales = 0, stock = 1000, is_launched = 1');
    expect(body[1]).toEqual(GOLD_64);
    await hotAre([16, 15]);
  });

  it('are two, and on sale, though the best seller was taken off a moment ago', async () => {
    await hotAre([16, 15]);
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 16');
    expect((await hot()).map(({ id }) => id)).toEqual([15, 14]);
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 16');
    await hotAre([16, 15]);
  });

  it('are at once without what an administrator takes off sale', async () => {
    const admin = new Client(shop.url, tokenFor(1, 'admin'));
    const ids = async (): Promise<number[]> => (await hot()).map(({ id }) => id);
    expect((await admin.put('/admin/skus/16/', { is_launched: false })).status).toBe(200);
    expect(await ids()).toEqual([15, 14]);
    expect((await admin.put('/admin/skus/16/', { is_launched: true })).status).toBe(200);
    expect(await ids()).toEqual([16, 15]);
  });
});

describe('one SKU', () => {
  it('is shown with stock, caption, category and SPU', async () => {
    const { status, body } = await get('/skus/3/');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...GOLD_64,
      caption: expect.any(String) as string,
      stock: 1000,
      category: { id: 115, name: '手机' },
      spu: { id: 2, name: 'Apple iPhone 8 Plus' },
    });
  });

  it('is 404 when unknown or off sale', async () => {
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 3');
    const { status } = await get('/skus/3/');
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 3');
    expect(status).toBe(404);
    for (const id of ['17', '0', 'x', '-3']) {
      expect((await get(`/skus/${id}/`)).status).toBe(404);
    }
  });
});

describe('search', () => {
  const search = (text: string, rest = ''): Promise<{ status: number; body: Page<never> }> =>
    get<Page<never>>(`/skus/search/?text=${encodeURIComponent(text)}${rest}`);

  it('answers pages of text and SKU', async () => {
    const { status, body } = await search('64GB 金色');
    expect(status).toBe(200);
    expect(body).toMatchObject({ count: 1, next: null, previous: null });
    expect(body.results).toEqual([
      { text: expect.stringContaining(GOLD_64.name) as string, object: GOLD_64 },
    ]);
  });

  it('finds every word, in any order and case', async () => {
    expect((await search('IPHONE')).body.count).toBe(6);
    expect((await search('  128gb   huawei ')).body.count).toBe(4);
    expect((await search('huawei iphone')).body.count).toBe(0);
    expect((await search('')).body.count).toBe(16);
  });

  it('links to its next page with the text', async () => {
    const { body } = await search('华为 & 64GB');
    expect(body).toMatchObject({ count: 0, next: null });
    const { body: found } = await search('华为 64GB', '&page_size=3');
    const next = new URL(found.next ?? '');
    expect(next.origin).toBe(PUBLIC);
    expect(Object.fromEntries(next.searchParams)).toEqual({
      text: '华为 64GB',
      page: '2',
      page_size: '3',
    });
  });

  it.each(['%', '_', '!', '\\', '%%', "'", '" OR 1=1 --', '!%', '\u0000', '😀'])(
    'takes %j as what it is, not as a pattern',
    async (text) => {
      expect(await search(text)).toMatchObject({ status: 200, body: { count: 0, results: [] } });
    },
  );

  /** What changes in the database behind the shop's back is found within a few seconds. */
  const becomes = (text: string, count: number): Promise<void> =>
    vi.waitFor(async () => expect((await search(text)).body.count).toBe(count), SOON_MS);

  it('finds a sign that has a meaning in patterns where it stands', async () => {
    await shop.db.sql("UPDATE skus SET caption = '100%_off!' WHERE id = 1");
    for (const text of ['100%', '%_off', 'off!', '0%_o']) {
      await becomes(text, 1);
    }
    await shop.db.sql("UPDATE skus SET caption = '' WHERE id = 1");
    await becomes('100%', 0);
  });

  it('makes no difference of width or accent', async () => {
    expect((await search('ＩＰＨＯＮＥ')).body.count).toBe(6);
    expect((await search('áppLé 64gb')).body.count).toBe(3);
  });

  it('leaves out what is not on sale, at once and soon in the count', async () => {
    await shop.db.sql('UPDATE skus SET is_launched = FALSE WHERE id = 3');
    const { body } = await search('64GB 金色');
    expect(body.results).toEqual([]);
    await becomes('iphone', 5);
    await shop.db.sql('UPDATE skus SET is_launched = TRUE WHERE id = 3');
    await becomes('iphone', 6);
  });

  it('shows the price of now and puts best sellers first', async () => {
    await shop.db.sql('UPDATE skus SET sales = 3, stock = 997, price_fen = 1 WHERE id = 16');
    expect((await search('128GB 曜石黑')).body.results).toMatchObject([
      { object: { price: '0.01' } },
    ]);
    await vi.waitFor(async () => {
      expect((await search('华为')).body.results[0]).toMatchObject({ object: { id: 16 } });
    }, SOON_MS);
    await shop.db.sql('UPDATE skus SET sales = 0, stock = 1000, price_fen = 378800 WHERE id = 16');
  });

  it('finds what an administrator changes at once', async () => {
    const admin = new Client(shop.url, tokenFor(1, 'admin'));
    expect((await search('金色')).body.count).toBe(2);
    await admin.put('/admin/skus/3/', { is_launched: false });
    expect((await search('金色')).body.count).toBe(1);
    await admin.put('/admin/skus/3/', { is_launched: true });
    expect((await search('金色')).body.count).toBe(2);
  });

  it('refuses a text that is too long, and has no page beyond the last', async () => {
    const long = await search('x'.repeat(101));
    expect(long).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(long.body).toHaveProperty('text');
    expect((await search('iphone', '&page=4')).status).toBe(404);
    expect((await search('nothing', '&page=1')).status).toBe(200);
    expect((await search('nothing', '&page=2')).status).toBe(404);
  });
});

describe('pictures', () => {
  it('are there for every SKU: well-formed SVG that can run and load nothing', async () => {
    const skus = await shop.db.sql<{ id: number; path: string }>(
      'SELECT id, default_image AS path FROM skus ORDER BY id',
    );
    expect(skus).toHaveLength(16);
    for (const { path } of skus) {
      const response = await fetch(`${shop.url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toContain('immutable');
      const svg = await response.text();
      expect(unbalanced(svg)).toEqual([]);
      expect(svg).not.toMatch(/<script|<foreignObject|\son\w+=|href=|NaN|undefined/);
    }
  });

  it('differ by product and colour', async () => {
    const svg = async (id: number): Promise<string> =>
      (await fetch(`${shop.url}/pictures/${id}.svg`)).text();
    const shown = await Promise.all([1, 2, 3, 5, 7, 9, 12, 13, 15].map(svg));
    expect(new Set(shown).size).toBe(9);
    expect(await svg(4)).toBe(shown[2]);
  });

  it('are not sent again to whoever has them', async () => {
    const url = `${shop.url}/pictures/3.svg`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await fetch(url, { headers: { 'If-None-Match': known } });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(await again.text()).toBe('');
    }
    expect((await fetch(url, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  it.each(['17.svg', '3.png', '3', '..%2f3.svg', '03.svg', '__proto__'])(
    'are 404 for %s',
    async (file) => {
      const { status, body, headers } = await get(`/pictures/${file}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'NOT_FOUND' });
      expect(headers.get('cache-control') ?? '').not.toContain('immutable');
    },
  );
});

describe('the demo catalogue', () => {
  it('has the prices the original pages hard-code, 1,000 of each, all on sale', async () => {
    const rows = await shop.db.sql<{ price: string; ids: string }>(
      `SELECT price_fen AS price, GROUP_CONCAT(id ORDER BY id) AS ids FROM skus
       WHERE stock = 1000 AND is_launched GROUP BY price_fen ORDER BY price_fen`,
    );
    expect(rows).toEqual([
      { price: 338_800, ids: '9,12,13,15' },
      { price: 378_800, ids: '10,11,14,16' },
      { price: 649_900, ids: '3' },
      { price: 668_800, ids: '5,7' },
      { price: 798_800, ids: '4,6,8' },
      { price: 1_138_800, ids: '1' },
      { price: 1_139_800, ids: '2' },
    ]);
  });

  it('belongs to three SPUs', async () => {
    const rows = await shop.db.sql(
      `SELECT spu_id, category_id, MIN(id) AS first, MAX(id) AS last, COUNT(*) AS n
       FROM skus GROUP BY spu_id, category_id ORDER BY spu_id`,
    );
    expect(rows).toEqual([
      { spu_id: 1, category_id: 157, first: 1, last: 2, n: 2 },
      { spu_id: 2, category_id: 115, first: 3, last: 8, n: 6 },
      { spu_id: 3, category_id: 115, first: 9, last: 16, n: 8 },
    ]);
  });

  it('is put in once, however often and by however many it is asked for', async () => {
    const db = await freshDatabase();
    const made = await Promise.all([1, 2, 3].map(() => createDemoCatalogue(db.dataSource)));
    expect(made).toContain(true);
    await db.sql('UPDATE skus SET price_fen = 1 WHERE id = 3');
    await seedDemo(db.dataSource);
    await seedDemo(db.dataSource);
    expect(await db.sql('SELECT COUNT(*) AS n, MIN(price_fen) AS low FROM skus')).toEqual([
      { n: 16, low: 1 },
    ]);
    await db.close();
  });
});

/** Runs `work` with 60 more SKUs in category 157. */
async function withRows({ db }: Shop, work: () => Promise<void>): Promise<void> {
  const rows = Array.from({ length: 60 }, (_, i) => [1000 + i, 1, 157, `more ${i}`, 100 + i, 1, 1]);
  const columns = 'id, spu_id, category_id, name, price_fen, stock, initial_stock';
  await db.sql(`INSERT INTO skus (${columns}) VALUES ?`, [rows]);
  try {
    await work();
  } finally {
    await db.sql('DELETE FROM skus WHERE id >= 1000');
  }
}

/** Tags of an XML text that are opened and not closed, or closed and not open. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, close, name, , self] of xml.matchAll(
    /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (close && open.at(-1) === name) {
      open.pop();
    } else if (!self) {
      open.push(`${close}${name}`);
    }
  }
  const leftover = xml.replace(/<\/?[\w:]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '').trim();
  return leftover === '' ? open : [...open, leftover];
}
