/** Areas over HTTP: complete, consistent, and cheap to ask for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedAreas } from '../../src/database/seed/areas.js';
import { Client } from '../kit/client.js';
import { type Shop, startBareShop } from '../kit/shop.js';

describe('areas', () => {
  let shop: Shop;
  let anybody: Client;
  beforeAll(async () => {
    shop = await startBareShop();
    anybody = new Client(shop.url);
  });
  afterAll(() => shop.close());

  it('are not remembered as none while the table is still empty', async () => {
    expect((await anybody.get('/areas/')).body).toEqual([]);
    await seedAreas(shop.db.dataSource);
    expect((await anybody.get('/areas/')).body).toHaveLength(34);
  });

  it('are complete, and seeding them again changes nothing', async () => {
    const counts = () =>
      shop.db.sql(
        `SELECT (id % 10000 = 0) + (id % 100 = 0) AS level, COUNT(*) AS n,
           BIT_XOR(CRC32(CONCAT(id, name, IFNULL(parent_id, 0)))) AS sum
         FROM areas GROUP BY level ORDER BY level DESC`,
      );
    const before = await counts();
    expect(before).toMatchObject([
      { level: 2, n: 34 },
      { level: 1, n: 369 },
      { level: 0, n: 3479 },
    ]);
    await seedAreas(shop.db.dataSource);
    expect(await counts()).toEqual(before);
    const misplaced = await shop.db.sql(
      `SELECT a.id FROM areas a LEFT JOIN areas p ON p.id = a.parent_id
       WHERE (a.parent_id IS NULL) <> (a.id % 10000 = 0)
          OR (a.id % 100 <> 0) <> (p.parent_id IS NOT NULL)`,
    );
    expect(misplaced).toEqual([]);
  });

  it('are served by code, for caches too, and only when they exist', async () => {
    const provinces = await anybody.get<{ id: number; name: string }[]>('/areas/');
    expect(provinces.body[0]).toEqual({ id: 110_000, name: '北京市' });
    expect(provinces.headers.get('cache-control')).toBe('public, max-age=86400');
    const beijing = await anybody.get('/areas/110000/');
    expect(beijing.body).toEqual({
      id: 110_000,
      name: '北京市',
      subs: [{ id: 110_100, name: '北京市' }],
    });
    expect(beijing.headers.get('cache-control')).toBe('public, max-age=86400');
    const guangdong = await anybody.get<{ subs: unknown[] }>('/areas/440000/');
    expect(guangdong.body.subs).toHaveLength(21);
    const districts = await anybody.get<{ subs: unknown[] }>('/areas/110100/');
    expect(districts.body.subs).toHaveLength(16);
    expect((await anybody.get('/areas/110108/')).body).toEqual({
      id: 110_108,
      name: '海淀区',
      subs: [],
    });
    for (const id of ['999999', '0', 'x']) {
      const missing = await anybody.get(`/areas/${id}/`);
      expect([missing.status, missing.body['code']]).toEqual([404, 'NOT_FOUND']);
      expect(missing.headers.get('cache-control')).toBe('no-store');
    }
  });
});
