/**
 * Webhooks against real receivers that check the signature by themselves. What is promised: every
 * committed event comes at least once, those of one order in their order, whoever dies or fails.
 */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replay } from '../../src/webhooks/replay.js';
import { GIVE_UP_BATCH, WebhooksService } from '../../src/webhooks/webhooks.service.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { Client, tokenFor } from '../kit/client.js';
import { violations } from '../kit/invariants.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';

const KEY = Buffer.from('a key of the tests, 32 bytes long');
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Received {
  readonly id: string;
  readonly type: string;
  readonly order: string;
  readonly body: string;
}

/** A receiver as somebody else would write it. Without an answer told, it takes everything. */
class Receiver {
  readonly got: Received[] = [];
  readonly refusedSignatures: string[] = [];
  /** Keys the messages are to be signed with as well. */
  olderKeys: Buffer[] = [];
  /** How to answer; false leaves the request without any answer. */
  answer: (message: Received, response: ServerResponse) => number | false = () => 204;
  private readonly server: Server = createServer((request, response) => {
    void this.take(request, response);
  });

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hooks?of=shop`;
  }

  /** `type` of each message of an order, in the order of arrival. */
  typesOf(order: string): string[] {
    return this.got.filter((message) => message.order === order).map(({ type }) => type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) {
      body += String(chunk);
    }
    const header = (name: string) => String(request.headers[name]);
    const id = header('webhook-id');
    const signed = `${id}.${header('webhook-timestamp')}.${body}`;
    const expected = [KEY, ...this.olderKeys]
      .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
      .join(' ');
    const late = Math.abs(Date.now() / 1000 - Number(header('webhook-timestamp'))) > 60;
    if (header('webhook-signature') !== expected || late || request.method !== 'POST') {
      this.refusedSignatures.push(id);
    }
    const { type, data } = JSON.parse(body) as { type: string; data: { order_id: string } };
    const message = { id, type, order: data.order_id, body };
    const status = this.answer(message, response);
    this.got.push(message);
    if (status !== false) {
      response.writeHead(status).end();
    }
  }
}

describe('webhooks', () => {
  let first: Receiver;
  let second: Receiver;
  let shop: Shop;
  let webhooks: WebhooksService;
  const processes: ShopProcess[] = [];

  beforeEach(async () => {
    [first, second] = [await Receiver.start(), await Receiver.start()];
    shop = await startBareShop(settings());
    webhooks = shop.app.get(WebhooksService);
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((one) => one.stop()));
    expect(await violations(shop.db)).toEqual([]);
    expect([...first.refusedSignatures, ...second.refusedSignatures]).toEqual([]);
    await shop.close();
    await Promise.all([first.close(), second.close()]);
  });

  function settings(urls = [first.url, second.url]): Record<string, string> {
    return {
      WEBHOOK_URLS: urls.join(', '),
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_TIMEOUT_MS: '2000',
    };
  }

  async function place(url = shop.url) {
    const [buyer] = (await buildBuyers(shop.db, 1)) as [Buyer];
    const skus = await buildSkus(shop.db, 1);
    await fillCarts(shop.db, [{ userId: buyer.id, skuIds: skus }]);
    const client = new Client(url, tokenFor(buyer.id));
    const wish = { address: buyer.addressId, pay_method: 1 };
    const { body } = await client.post('/orders/', wish);
    const id = body['order_id'] as string;
    const cancel = () => new Client(shop.url, tokenFor(buyer.id)).post(`/orders/${id}/cancel/`);
    return { id, cancel };
  }

  /** Lets everything that is due happen, as the job does. */
  async function pump(service = webhooks): Promise<void> {
    while ((await service.relay()) > 0);
    for (const endpoint of await service.register()) {
      while ((await service.deliver(endpoint)) > 0);
    }
  }
  const letPausesPass = () =>
    shop.db.sql('UPDATE webhook_deliveries SET due_at = UTC_TIMESTAMP(3) WHERE state = 1');
  const waiting = () =>
    shop.db.sql<{ n: number }>('SELECT COUNT(*) AS n FROM webhook_deliveries WHERE state = 1');

  it('tell every receiver what happened, in order, signed, with nothing personal', async () => {
    const order = await place();
    await order.cancel();
    await pump();
    for (const receiver of [first, second]) {
      expect(receiver.typesOf(order.id)).toEqual(['order.placed', 'order.canceled']);
    }
    expect(JSON.parse(first.got[1]?.body ?? '')).toEqual({
      type: 'order.canceled',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        order_id: order.id,
        status: 6,
        previous_status: 2,
        pay_method: 1,
        total_amount: '20.00',
      },
    });
    const all = first.got.map(({ body }) => body).join('\n');
    expect(all).not.toMatch(/买家|19900000000|试验|一号|buyer/);
    await pump();
    expect(first.got).toHaveLength(2);
  });

  it('skip no event whose id is smaller than one that was committed before it', async () => {
    const slow = await place();
    const quick = await place();
    await pump();
    const rival = shop.db.dataSource.createQueryRunner();
    const insert = `INSERT INTO order_events (order_id, type, from_status, to_status, actor, created_at)
      VALUES (?, ?, 2, 2, 'system', UTC_TIMESTAMP(3))`;
    await rival.startTransaction();
    const { insertId: small } = (await rival.query(insert, [slow.id, 'late'])) as {
      insertId: number;
    };
    await shop.db.sql(insert, [quick.id, 'early']);
    const [last] = await shop.db.sql<{ id: number }>('SELECT MAX(id) AS id FROM order_events');
    expect(small).toBeLessThan(last?.id ?? 0);

    await pump();
    expect(first.typesOf(quick.id)).toEqual(['order.placed', 'order.early']);
    expect(first.typesOf(slow.id)).toEqual(['order.placed']);
    await rival.commitTransaction();
    await rival.release();
    await pump();
    expect(first.typesOf(slow.id)).toEqual(['order.placed', 'order.late']);
  });

  it('hold back what comes after a failed event of the same order, and nothing else', async () => {
    const [bad, good] = [await place(), await place()];
    await bad.cancel();
    await good.cancel();
    first.answer = ({ order }) => (order === bad.id ? 500 : 200);
    await pump();
    expect(first.typesOf(bad.id)).toEqual(['order.placed']);
    expect(first.typesOf(good.id)).toEqual(['order.placed', 'order.canceled']);
    expect(second.typesOf(bad.id)).toEqual(['order.placed', 'order.canceled']);

    await pump();
    expect(first.typesOf(bad.id)).toHaveLength(1);
    first.answer = () => 200;
    await letPausesPass();
    await pump();
    expect(first.typesOf(bad.id)).toEqual(['order.placed', 'order.placed', 'order.canceled']);
    const [before, again] = first.got.filter(({ order }) => order === bad.id);
    expect([again?.id, again?.body]).toEqual([before?.id, before?.body]);
    expect(await waiting()).toEqual([{ n: 0 }]);
  });

  it('give an event up after twelve attempts in three days, and go on with the next', async () => {
    const order = await place();
    await order.cancel();
    first.answer = ({ type }) => (type === 'order.placed' ? 503 : 200);
    let waitedMs = 0;
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await pump();
      const [row] = await shop.db.sql<{ ms: string | null }>(
        `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), MAX(due_at)) / 1000 AS ms
         FROM webhook_deliveries WHERE state = 1`,
      );
      waitedMs += Number(row?.ms ?? 0);
      await letPausesPass();
    }
    await pump();
    const types = first.typesOf(order.id);
    expect(types).toEqual([...Array<string>(12).fill('order.placed'), 'order.canceled']);
    expect(waitedMs).toBeGreaterThan(3 * 86_400_000);
    expect(waitedMs).toBeLessThan(4 * 86_400_000);
    expect(
      await shop.db.sql('SELECT attempts, last_error FROM webhook_deliveries WHERE state = 3'),
    ).toEqual([{ attempts: 12, last_error: 'status 503' }]);
  });

  it('follow no redirect, and take silence and a closed door for failures', async () => {
    const order = await place();
    first.answer = (_, response) => {
      response.setHeader('location', second.url);
      return 302;
    };
    second.answer = () => false;
    await pump();
    expect(first.got).toHaveLength(1);
    expect(second.got).toHaveLength(1);
    await second.close();
    await letPausesPass();
    await pump();
    const errors = await shop.db.sql<{ last_error: string }>(
      'SELECT last_error FROM webhook_deliveries ORDER BY endpoint_id',
    );
    expect(errors.map((row) => row.last_error)).toEqual(['status 302', 'ECONNREFUSED']);
    expect(first.typesOf(order.id)).toEqual(['order.placed', 'order.placed']);
  });

  it('come once from four instances at a time while every receiver takes them', async () => {
    const orders = [];
    while (orders.length < 30) {
      orders.push(await place());
    }
    await Promise.all(orders.slice(0, 5).map((order) => order.cancel()));
    await Promise.all(Array.from({ length: 4 }, () => pump()));
    await pump();
    for (const receiver of [first, second]) {
      expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(35);
      expect(receiver.got).toHaveLength(35);
      for (const [i, order] of orders.entries()) {
        const types = ['order.placed', ...(i < 5 ? ['order.canceled'] : [])];
        expect(receiver.typesOf(order.id)).toEqual(types);
      }
    }
  });

  it('survive kill -9 between the commit and the sending, and in the middle of it', async () => {
    const start = async (jobs: 'on' | 'off') => {
      const one = await spawnShop(shop.db.url, { ...settings([first.url]), JOBS: jobs });
      processes.push(one);
      return one;
    };
    const kill = async ({ child }: ShopProcess) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    const silent = await start('off');
    const order = await place(silent.url);
    await kill(silent);

    first.answer = () => false;
    const interrupted = await start('on');
    await vi.waitFor(() => expect(first.typesOf(order.id)).toEqual(['order.placed']), 60_000);
    await kill(interrupted);
    first.answer = () => 200;
    await order.cancel();
    await letPausesPass();
    await start('on');
    await vi.waitFor(
      () =>
        expect(first.typesOf(order.id)).toEqual(['order.placed', 'order.placed', 'order.canceled']),
      60_000,
    );
    await vi.waitFor(async () => expect(await waiting()).toEqual([{ n: 0 }]), 60_000);
  });

  it('are signed with every secret while one is being replaced', async () => {
    const old = Buffer.from('the key before it, also 32 bytes');
    const secrets = [SECRET, `whsec_${old.toString('base64')}`];
    first.olderKeys = second.olderKeys = [old];
    for (const between of [',', ' ', ', ', '\n']) {
      const both = { ...settings(), WEBHOOK_SECRET: secrets.join(between) };
      const order = await place();
      await pump(new WebhooksService(shop.db.dataSource, testSettings(shop.db.url, both)));
      expect(first.typesOf(order.id)).toEqual(['order.placed']);
    }
  });

  it('are forgotten when they have been over for long, and can still be replayed', async () => {
    const [old, young, stuck] = [await place(), await place(), await place()];
    first.answer = ({ order }) => (order === stuck.id ? 500 : 204);
    await pump();
    await shop.db.sql(
      'UPDATE webhook_deliveries SET due_at = due_at - INTERVAL 31 DAY WHERE order_id IN (?)',
      [[old.id, stuck.id]],
    );
    await webhooks.deleteOld();
    const left = await shop.db.sql<{ id: string; n: number }>(
      `SELECT CAST(order_id AS CHAR) AS id, COUNT(*) AS n FROM webhook_deliveries
       GROUP BY order_id ORDER BY order_id`,
    );
    // What still waits for a receiver is not old, however long it does.
    expect(left).toEqual([
      { id: young.id, n: 2 },
      { id: stuck.id, n: 1 },
    ]);
    await replay(shop.db.dataSource, { since: new Date(0), orderId: old.id });
    await pump();
    expect(second.typesOf(old.id)).toEqual(['order.placed', 'order.placed']);

    // Nobody sends to an endpoint that is not named any more, so what waits for it gets old too.
    await shop.db.sql('UPDATE webhook_endpoints SET retired = TRUE');
    await shop.db.sql(
      `UPDATE webhook_deliveries SET state = 1, due_at = UTC_TIMESTAMP(3) - INTERVAL 31 DAY`,
    );
    await webhooks.deleteOld();
    expect(await shop.db.sql('SELECT id FROM webhook_deliveries')).toEqual([]);
  });

  describe('replayed by command', () => {
    async function replayBy(...args: string[]): Promise<[code: number | null, output: string]> {
      const child = spawn(process.execPath, ['dist/src/webhooks/replay-cli.js', ...args], {
        env: { DATABASE_URL: shop.db.url },
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return [code, output];
    }

    it('come again in order, under their ids, to whom and of what was asked for', async () => {
      const [one, other] = [await place(), await place()];
      await one.cancel();
      await pump();
      const since = new Date(Date.now() - 3_600_000).toISOString();
      expect(await replayBy('--since', since, '--order', one.id, '--url', first.url)).toEqual([
        0,
        '2 events will be sent again to 1 endpoint(s)\n',
      ]);
      await pump();
      const types = ['order.placed', 'order.canceled'];
      expect(first.typesOf(one.id)).toEqual([...types, ...types]);
      const ids = first.got.filter(({ order }) => order === one.id).map(({ id }) => id);
      expect(ids.slice(2)).toEqual(ids.slice(0, 2));
      expect(second.typesOf(one.id)).toEqual(types);
      expect(first.typesOf(other.id)).toEqual(['order.placed']);

      expect(await replayBy('--since', since)).toEqual([
        0,
        '3 events will be sent again to 2 endpoint(s)\n',
      ]);
      await pump();
      expect(second.got).toHaveLength(6);
    });

    it('with arguments that make no sense are refused with what is wrong, and the usage', async () => {
      const since = ['--since', '2026-11-22T08:00:00Z'];
      for (const [args, wrong] of [
        [[], '--since is missing.'],
        [['--since', 'yesterday'], '--since must be a time such as'],
        [['--since', '2026-11-22T08:00:00'], '--since must name a zone, as in'],
        [[...since, '--until', 'x'], '--until must be a time such as'],
        [['--since', '2026-02-30T00:00:00Z'], '--since must be a time such as'],
        [['--since', '2026-11-22T08:00:00+25:00'], '--since must be a time such as'],
        [[...since, '--until', '2026-11-22T16:00:00+08:00'], '--until must be later than --since.'],
        [[...since, '--order', 'abc'], '--order must be an order id, up to 19 digits, not "abc".'],
        [[...since, '--order', '1'.repeat(20)], '--order must be an order id, up to 19 digits'],
        [[...since, '--url', 'nope'], '--url must be a URL, not "nope".'],
        [['--what'], "Unknown option '--what'"],
      ] as const) {
        const [code, output] = await replayBy(...args);
        expect([code, output.startsWith(wrong), output.includes('--since TIME')]).toEqual([
          2,
          true,
          true,
        ]);
      }
      expect(await replayBy(...since, '--url', 'http://nope')).toEqual([
        1,
        'replay failed: http://nope/ is none of the WEBHOOK_URLS of the shop\n',
      ]);
      await shop.db.sql('UPDATE webhook_endpoints SET retired = TRUE');
      expect(await replayBy(...since)).toEqual([
        1,
        'replay failed: nobody is sent events, since the shop has no WEBHOOK_URLS\n',
      ]);
    });
  });

  it('are sent to an endpoint from the time it is named', async () => {
    const only = new WebhooksService(
      shop.db.dataSource,
      testSettings(shop.db.url, settings([first.url])),
    );
    await only.register();
    const before = await place();
    while ((await only.relay()) > 0);
    await webhooks.register();
    const after = await place();
    await pump();
    expect(first.got.map(({ order }) => order)).toEqual([before.id, after.id]);
    expect(second.got.map(({ order }) => order)).toEqual([after.id]);
  });

  it('what waited at an endpoint that comes back is given up in batches, all of it, and at no other', async () => {
    const named = (urls: string[]) =>
      new WebhooksService(shop.db.dataSource, testSettings(shop.db.url, settings(urls)));
    const one = await place();
    await place();
    while ((await webhooks.relay()) > 0);
    await named([first.url]).register();
    // So many events of one order that they are no single batch.
    await shop.db.sql(
      `INSERT INTO order_events (order_id, type, from_status, to_status, actor, relayed, created_at)
       SELECT ?, 'seen', 2, 2, 'system', TRUE, UTC_TIMESTAMP(3) FROM seq_1_to_${GIVE_UP_BATCH}`,
      [one.id],
    );
    await shop.db.sql(
      `INSERT INTO webhook_deliveries (endpoint_id, event_id, order_id, state, due_at)
       SELECT p.id, e.id, e.order_id, 1, UTC_TIMESTAMP(3)
       FROM order_events e JOIN webhook_endpoints p ON p.retired WHERE e.type = 'seen'`,
    );
    await webhooks.register();
    expect(
      await shop.db.sql(
        `SELECT p.url, d.state, CAST(COUNT(*) AS SIGNED) AS n
         FROM webhook_deliveries d JOIN webhook_endpoints p ON p.id = d.endpoint_id
         GROUP BY p.url, d.state ORDER BY d.state`,
      ),
    ).toEqual([
      { url: new URL(first.url).href, state: 1, n: 2 },
      { url: new URL(second.url).href, state: 3, n: 2 + GIVE_UP_BATCH },
    ]);
    await shop.db.sql(`DELETE FROM webhook_deliveries`);
    await shop.db.sql(`DELETE FROM order_events WHERE type = 'seen'`);
  });

  it.each([
    ['one of two', () => [first.url]],
    ['the only ones', () => []],
  ])(
    'are not sent to an endpoint that was taken out, nor what waited when it is back: %s',
    async (_, left) => {
      const named = (urls: string[]) =>
        new WebhooksService(shop.db.dataSource, testSettings(shop.db.url, settings(urls)));
      second.answer = () => 500;
      const waited = await place();
      await pump();
      expect(second.typesOf(waited.id)).toEqual(['order.placed']);

      const without = named(left());
      await pump(without);
      const [meanwhile] = await shop.db.sql<{ n: number }>(
        'SELECT CAST(COUNT(*) AS SIGNED) AS n FROM webhook_endpoints WHERE retired',
      );
      expect(meanwhile?.n).toBe(2 - left().length);
      const missed = await place();
      await pump(without);

      second.answer = () => 204;
      await webhooks.register();
      await letPausesPass();
      const after = await place();
      await pump();
      expect(second.got.map(({ order }) => order)).toEqual([waited.id, after.id]);

      await replay(shop.db.dataSource, { since: new Date(0), url: second.url });
      await pump();
      expect(
        second.got
          .slice(2)
          .map(({ order }) => order)
          .toSorted(),
      ).toEqual([waited.id, missed.id, after.id]);
    },
  );
});

describe('the settings of webhooks', () => {
  it.each([
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: '' }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: 'whsec_short' }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: `${SECRET}, whsec_short` }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: Array<string>(5).fill(SECRET).join(',') }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: ' , ' }],
    ['WEBHOOK_URLS', { WEBHOOK_URLS: 'ftp://a.example/' }],
    ['WEBHOOK_URLS', { WEBHOOK_URLS: 'http://a.example/,nonsense' }],
    ['WEBHOOK_URLS', { WEBHOOK_URLS: 'http://me:pw@a.example/' }],
    ['WEBHOOK_URLS', { NODE_ENV: 'production' }],
  ])('do not let the shop start on a wrong %s: %j', (name, wrong) => {
    const right = { WEBHOOK_URLS: 'http://a.example/', WEBHOOK_SECRET: SECRET };
    const start = () => testSettings('mysql://u:p@h/d', { ...right, ...wrong });
    expect(start).toThrow(new RegExp(`- ${name}: `));
  });
});
