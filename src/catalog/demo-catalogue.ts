import type { DataSource } from 'typeorm';
import { inTransaction, type Tx } from '../database/transaction.js';
import { DEMO_SKUS } from './demo-skus.js';

const STOCK = 1000;

/** id, name, parent; parents before their children. */
const CATEGORIES = [
  [1, '手机', null],
  [4, '电脑', null],
  [38, '手机通讯', 1],
  [45, '电脑整机', 4],
  [115, '手机', 38],
  [157, '笔记本', 45],
] as const;

const SPUS = [
  {
    id: 1,
    name: 'Apple MacBook Pro 13.3英寸笔记本',
    categoryId: 157,
    caption: '13.3 英寸高分屏，轻薄机身，全天续航',
  },
  {
    id: 2,
    name: 'Apple iPhone 8 Plus',
    categoryId: 115,
    caption: '5.5 英寸屏幕，后置双摄，支持无线充电',
  },
  {
    id: 3,
    name: '华为 HUAWEI P10 Plus',
    categoryId: 115,
    caption: '5.5 英寸屏幕，双镜头人像摄影，双卡双待',
  },
] as const;

/**
 * Puts the demo catalogue into an empty shop; one that has categories of its own is left alone.
 * Two processes may do this at once. Returns whether the demo goods were put in.
 */
export function createDemoCatalogue(dataSource: DataSource): Promise<boolean> {
  return inTransaction(dataSource, async (tx) => {
    const present = await tx.query<unknown[]>('SELECT id FROM categories LIMIT 1');
    if (present.length > 0) {
      return false;
    }
    await insert(tx, 'categories (id, name, parent_id)', CATEGORIES);
    await insert(
      tx,
      'spus (id, name, category_id)',
      SPUS.map(({ id, name, categoryId }) => [id, name, categoryId]),
    );
    await insert(
      tx,
      `skus (id, spu_id, category_id, name, caption, price_fen, stock, initial_stock,
         default_image)`,
      SPUS.flatMap((spu) =>
        DEMO_SKUS.filter(({ spuId }) => spuId === spu.id).map(({ id, name, priceFen }) => [
          id,
          spu.id,
          spu.categoryId,
          name,
          spu.caption,
          priceFen,
          STOCK,
          STOCK,
          `/pictures/${id}.svg`,
        ]),
      ),
    );
    return true;
  });
}

/** Rows that another process has just put in stay as they are. */
function insert(tx: Tx, table: string, rows: readonly (readonly unknown[])[]): Promise<unknown> {
  return tx.query(`INSERT INTO ${table} VALUES ? ON DUPLICATE KEY UPDATE id = id`, [rows]);
}
