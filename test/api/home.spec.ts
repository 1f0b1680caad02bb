/** What stands at `/`: the shop window, the documentation or nothing, as the settings say. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('the shop window at /', () => {
  let shop: Shop;
  const get = (path: string) => fetch(new URL(path, shop.url), { redirect: 'manual' });
  beforeAll(async () => {
    shop = await startBareShop();
  });
  afterAll(() => shop.close());

  it('is a page that is asked for anew, of files that may be kept for good', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.map((file) => file.replace(/^.*\./, '')).sort()).toEqual(['css', 'js', 'svg']);
    for (const file of files) {
      expect(file).toMatch(/^\/assets\/[\w-]+\.\w+$/);
      const asset = await get(file);
      expect([asset.status, asset.headers.get('cache-control')], file).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(asset.headers.get('content-type'), file).toMatch(
        /^(text\/javascript|text\/css|image\/svg\+xml)/,
      );
    }
  });

  it('leaves every other path to the API, and no file of the machine is reached', async () => {
    for (const path of [
      '/cart/nothing/',
      '/assets/index-00000000.js',
      '/assets/..%2Findex.html',
      '/assets/..%2f..%2fsrc%2fmain.js',
      '/assets/.sources',
      '/index.html',
    ]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
    }
  });
});

describe('without the shop window', () => {
  let shop: Shop | undefined;
  afterEach(() => shop?.close());

  it('/ leads to the documentation', async () => {
    shop = await startBareShop({ SHOP_WINDOW_ENABLED: 'false' });
    const answer = await fetch(shop.url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
    const result = await (await fetch(new URL('/pay-result/', shop.url))).text();
    expect(result).not.toContain('#/orders');
  });

  it('and without the documentation there is nothing at /, nor any file', async () => {
    shop = await startBareShop({ SHOP_WINDOW_ENABLED: 'false', DOCS_ENABLED: 'false' });
    for (const path of ['/', '/assets/index-00000000.js', '/docs']) {
      const answer = await fetch(new URL(path, shop.url), { redirect: 'manual' });
      expect(answer.status, path).toBe(404);
      expect(answer.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
    }
  });
});
