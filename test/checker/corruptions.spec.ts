/**
 * The checker finds what it is for: every corruption is written by direct SQL into a shop whose
 * schema would let it pass, in a transaction that is rolled back when the checker has looked.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { check, type CheckOptions, type Reader } from '../../src/ops/checker/check.js';
import { readMarks } from '../../src/ops/checker/checker.store.js';
import { INVARIANTS } from '../../src/ops/checker/invariants.js';
import { figure } from '../kit/figure.js';
import { Bench } from '../payment/kit.js';
import { type Corruption, CORRUPTIONS } from './corruptions.js';
import { buildVillage, loosen, type Village } from './village.js';

describe('seeded corruptions', () => {
  const bench = new Bench();
  let village: Village;
  beforeAll(async () => {
    village = await buildVillage(bench);
    await loosen(bench.shop.db);
  });

  /** The rules that are found broken right after the corruption, each with its rows. */
  async function foundAfter(
    { sql, of, by }: Corruption,
    look: (reader: Reader) => Promise<CheckOptions>[],
  ): Promise<Map<string, readonly string[]>[]> {
    const runner = bench.shop.db.dataSource.createQueryRunner();
    try {
      const options = await Promise.all(look(bench.shop.db.dataSource));
      await runner.startTransaction('READ COMMITTED');
      const ids = of.map((name) => (by === 'sku' ? village[name].sku : village[name].id));
      const { affectedRows } = (await runner.query(sql, ids)) as { affectedRows: number };
      expect(affectedRows).toBeGreaterThan(0);
      const reader: Reader = { query: (text, values) => runner.query(text, values) };
      const found: Map<string, readonly string[]>[] = [];
      for (const one of options) {
        const findings = await check(reader, one);
        found.push(new Map(findings.map(({ rule, offenders }) => [rule.id, offenders])));
      }
      return found;
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
  const everything = async (): Promise<CheckOptions> => ({});
  const sinceTheStart = async (reader: Reader) => ({ marks: await readMarks(reader) });
  const sinceNow = async (reader: Reader): Promise<CheckOptions> => {
    const [marks] = await reader.query<[{ since: Date; eventId: number }]>(
      `SELECT UTC_TIMESTAMP(3) + INTERVAL 1 SECOND AS since, MAX(id) AS eventId FROM order_events`,
    );
    return { marks };
  };

  it.each(CORRUPTIONS.map((corruption) => [corruption.rule, corruption.what, corruption] as const))(
    'G21: %s finds that %s, in the full run and in the incremental one',
    async (rule, _, corruption) => {
      const [full, incremental] = await foundAfter(corruption, (reader) => [
        everything(),
        sinceTheStart(reader),
      ]);
      expect([...(full?.keys() ?? [])]).toContain(rule);
      expect([...(incremental?.keys() ?? [])]).toContain(rule);
      expect(incremental?.get(rule)?.toSorted()).toEqual(full?.get(rule)?.toSorted());
    },
  );

  it('G21: every rule has a corruption to find', () => {
    const seeded = new Set(CORRUPTIONS.map(({ rule }) => rule));
    expect(INVARIANTS.map(({ id }) => id).filter((id) => !seeded.has(id))).toEqual([]);
    const n = CORRUPTIONS.length;
    figure(
      'G21',
      'seeded corruptions',
      '28 or more, all found',
      `${n} of ${n}, full and incremental`,
    );
  });

  it('G21: rows nobody touched are left to the full run', async () => {
    const corruption = CORRUPTIONS.find(({ rule }) => rule === 'I06') as Corruption;
    const [full, incremental] = await foundAfter(corruption, (reader) => [
      everything(),
      sinceNow(reader),
    ]);
    expect([...(full?.keys() ?? [])]).toEqual(['I06']);
    expect([...(incremental?.keys() ?? [])]).toEqual([]);
  });

  it.each(['payments', 'refunds', 'skus'])(
    'G21: a write to %s touches its row, whoever makes it',
    async (table) => {
      const touched = () =>
        bench.shop.db.sql(`SELECT id FROM ${table} WHERE touched_at > '2020-01-01'`);
      await bench.shop.db.sql(`UPDATE ${table} SET touched_at = '2020-01-01'`);
      expect(await touched()).toEqual([]);
      const column = { payments: 'checks', refunds: 'attempts', skus: 'version' }[table];
      await bench.shop.db.sql(`UPDATE ${table} SET ${column} = ${column} + 1 ORDER BY id LIMIT 1`);
      expect(await touched()).toHaveLength(1);
    },
  );
});
