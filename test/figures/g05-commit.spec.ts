/**
 * The connection is lost around COMMIT: before the server gets it, or after it has done it and
 * before its answer comes back. Nobody can tell the two apart, and every buyer has one order.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { audit, CLEAN, Crowd, told } from '../fault/kit/crowd.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { figure, FULL } from '../kit/figure.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { testSettings } from '../kit/settings.js';

const CUTS = FULL ? 2000 : 200;
const HOUR_MS = 3_600_000;
const COMMIT = /^COMMIT/;

describe('G5', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let app: Awaited<ReturnType<typeof createApp>>;
  let urls: readonly string[];

  beforeAll(async () => {
    db = await freshDatabase();
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
    app = await createApp(testSettings(proxy.urlOf(db.url)));
    await app.listen(0, '127.0.0.1');
    urls = [await app.getUrl()];
  });
  afterAll(async () => {
    await app.close();
    await proxy.close();
    await db.close();
  });

  it(
    'a COMMIT that is cut, whichever way, ends in one order for the key',
    async () => {
      const crowd = new Crowd(db, () => urls, { seed: 5 });
      const before = proxy.cuts;
      for (let i = 0; i < CUTS; i += 1) {
        proxy.cutNext(COMMIT, i % 2 === 0 ? 'drop-reply' : 'drop-request');
        await crowd.one();
      }
      const cuts = proxy.cuts - before;
      // An order that is refused for want of stock commits nothing, so its cut waits for the next.
      expect(cuts).toBeGreaterThanOrEqual(CUTS);
      const books = await audit(db, crowd);
      expect(books).toMatchObject({ promised: CUTS - crowd.refused.size, ...CLEAN });
      figure(
        'G5',
        'COMMIT cut, its request or its reply',
        `${CUTS} cuts: keys = orders, 0 lost, 0 doubled`,
        `${cuts} cuts, ${told(books)}`,
      );
    },
    HOUR_MS,
  );

  /** The reply to COMMIT is lost, and nobody can look for the order until the client has its 503. */
  async function lostForGood(sloppy: boolean): Promise<Crowd> {
    const crowd = new Crowd(db, () => urls, {
      seed: 6,
      sloppy,
      onRetry: () => proxy.reset(),
    });
    proxy.dieAt(COMMIT, 'drop-reply');
    await crowd.one();
    expect(crowd.retries).toBeGreaterThan(0);
    return crowd;
  }

  it('a client that was answered 503 after the COMMIT finds its order by the key', async () => {
    const before = (await audit(db, await lostForGood(false))).doubled;
    expect(before).toBe(0);
  });

  it('the harness sees the second order of a client without a key', async () => {
    expect((await audit(db, await lostForGood(true))).doubled).toBe(1);
  });
});
