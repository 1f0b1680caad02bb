import { afterAll, beforeAll, expect, it } from 'vitest';
import { Revocations } from '../../../src/auth/revocations.js';
import { type Buyer, buildBuyers } from '../../kit/build.js';
import { freshDatabase, type TestDatabase } from '../../kit/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

it('revocations are read from the users: what no living token can be older than is left out', async () => {
  const [now, old, never] = (await buildBuyers(db, 3)) as [Buyer, Buyer, Buyer];
  const revoke = (id: number, days: number) =>
    db.sql(
      `UPDATE users SET token_version = 7, tokens_revoked_at = UTC_TIMESTAMP(3) - INTERVAL ? DAY
       WHERE id = ?`,
      [days, id],
    );
  await revoke(now.id, 30);
  await revoke(old.id, 32);
  const revocations = new Revocations(db.dataSource);
  await revocations.onModuleInit();
  revocations.onApplicationShutdown();
  const dead = [now, old, never].map(({ id }) => revocations.revoked(id, 6));
  expect(dead).toEqual([true, false, false]);
  expect(revocations.revoked(now.id, 7)).toBe(false);
});
