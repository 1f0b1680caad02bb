/** Money and stock that would be written into a row that is not there: nothing is written at all. */
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminSkusService } from '../../src/catalog/admin/admin-skus.service.js';
import { BestSellers } from '../../src/catalog/best-sellers.js';
import { SearchIndex } from '../../src/catalog/search-index.js';
import { ConflictError } from '../../src/database/errors.js';
import { databaseOptions } from '../../src/database/options.js';
import { prepareSessions } from '../../src/database/session.js';
import { inTransaction } from '../../src/database/transaction.js';
import type { LockedOrder } from '../../src/orders/orders.locks.js';
import { closePayment, PaymentStatus } from '../../src/payment/payments.locks.js';
import { bookRefunded } from '../../src/payment/refunds/refunds.store.js';
import { takeBack } from '../../src/payment/refunds/returns.locks.js';
import { buildBuyers, buildSkus } from '../kit/build.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';

const NOBODYS = 4_000_000;
const LOST_PAYMENT = {
  id: NOBODYS,
  status: PaymentStatus.Pending,
  amountFen: 1,
  tradeNo: null,
};

let db: TestDatabase;
let proxy: MysqlProxy;
let dataSource: DataSource;
let sku = 0;

beforeAll(async () => {
  db = await freshDatabase();
  [sku = 0] = await buildSkus(db, 1, { stock: 5 });
  const { hostname, port } = new URL(db.url);
  proxy = await MysqlProxy.before(hostname, Number(port));
  dataSource = await new DataSource(databaseOptions(proxy.urlOf(db.url), 2)).initialize();
  await prepareSessions(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await proxy.close();
  await db.close();
});

it('a payment is not closed', async () => {
  const close = inTransaction(dataSource, (tx) => closePayment(tx, LOST_PAYMENT));
  await expect(close).rejects.toThrow(ConflictError);
});

it('a refund is not booked', async () => {
  const book = inTransaction(dataSource, (tx) => bookRefunded(tx, NOBODYS, 1));
  await expect(book).rejects.toThrow(`payment ${NOBODYS}: 0 rows`);
});

it('goods do not come back', async () => {
  // The line of the order is found, and its SKU is not.
  const stop = proxy.rewrite(/^UPDATE order_lines/, 'UPDATE skus SET id = id');
  const order = { id: '1', status: 2 } as unknown as LockedOrder;
  const goods = [{ skuId: NOBODYS, count: 1 }];
  const take = inTransaction(dataSource, (tx) => takeBack(tx, order, goods));
  await expect(take).rejects.toThrow(`SKU ${NOBODYS}: 0 rows`);
  stop();
});

it('a stock is not booked in, nor a price changed', async () => {
  const [buyer] = await buildBuyers(db, 1);
  const skus = new AdminSkusService(
    dataSource,
    new SearchIndex(dataSource),
    new BestSellers(dataSource),
  );
  const stop = proxy.rewrite(/^UPDATE skus/, 'DO 0');
  const wish = { delta: 3, reason: 'a delivery' };
  await expect(skus.restock(buyer?.id ?? 0, sku, wish, 'key')).rejects.toThrow(ConflictError);
  await expect(skus.change(sku, { price: '1.00' })).rejects.toThrow(ConflictError);
  stop();
  expect(await db.sql('SELECT stock, restocked, version FROM skus')).toMatchObject([
    { stock: 5, restocked: 0 },
  ]);
  expect(await db.sql('SELECT id FROM stock_adjustments')).toEqual([]);
});
