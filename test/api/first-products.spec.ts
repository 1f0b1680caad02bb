/** The SQL by which README.md puts a first product into a production. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type Shop, startBareShop } from '../kit/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await startBareShop();
});
afterAll(() => shop.close());

it.each(['README.md', 'README.zh-CN.md'])('makes a product that is on sale: %s', async (file) => {
  const [, sql = ''] = /```sql\n(.*?)```/s.exec(readFileSync(file, 'utf8')) ?? [];
  const statements = sql.split(';').filter((text) => text.trim());
  expect(statements).toHaveLength(3);
  for (const table of ['skus', 'spus', 'categories']) {
    await shop.db.sql(`DELETE FROM ${table} ORDER BY id DESC`);
  }
  for (const statement of statements) {
    await shop.db.sql(statement);
  }
  const [{ id } = { id: 0 }] = await shop.db.sql<{ id: number }>('SELECT id FROM skus');
  const { status, body } = await new Client(shop.url).get(`/skus/${id}/`);
  expect([status, body]).toEqual([200, expect.objectContaining({ price: '3388.00', stock: 100 })]);
  expect(await violations(shop.db)).toEqual([]);
});
