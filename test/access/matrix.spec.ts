/**
 * The access matrix [G12]: every route of the running server with every kind of caller. What a route
 * is for is written down here; a route that is missing fails the test, so nothing is open by mistake.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { type Buyer, buildBuyers, buildSkus, fillCarts } from '../kit/build.js';
import { type Answer, Client } from '../kit/client.js';
import { figure, FULL } from '../kit/figure.js';
import { spawnShop } from '../kit/process.js';
import { CART, PUBLIC, routesOf } from '../kit/routes.js';
import { seeded } from '../kit/seeded.js';
import { testSettings } from '../kit/settings.js';
import { type Shop, startBareShop } from '../kit/shop.js';
import { compareTimes } from '../kit/timing.js';
import { claimsOf, handMade, inSeconds } from '../kit/tokens.js';

/** For a logged-in caller, about the caller alone: there is no id to be changed. */
const SELF = [
  'GET /user/',
  'GET /addresses/',
  'POST /addresses/',
  'PUT /email/',
  'GET /browse_histories/',
  'POST /browse_histories/',
  'GET /orders/settlement/',
  'POST /orders/',
  'GET /orders/',
];

type Row = 'user' | 'address' | 'order';

const ADDRESS = {
  receiver: '别人',
  province_id: 999_997,
  city_id: 999_998,
  district_id: 999_999,
  place: '别处',
  mobile: '13900139000',
};
const PASSWORDS = {
  old_password: 'pass-word-1',
  password: 'pass-word-2',
  password2: 'pass-word-2',
};

/** For the owner of a row: the row of the id, and a body that would be good for its owner. */
const OWN: Readonly<Record<string, readonly [row: Row, body?: unknown]>> = {
  'PUT /users/:id/password/': ['user', PASSWORDS],
  'PUT /addresses/:id/': ['address', ADDRESS],
  'DELETE /addresses/:id/': ['address'],
  'PUT /addresses/:id/status/': ['address', {}],
  'PUT /addresses/:id/title/': ['address', { title: '我的' }],
  'GET /orders/:id/': ['order'],
  'GET /orders/:id/payment/': ['order'],
  'GET /orders/:id/payment/status/': ['order'],
  'POST /orders/:id/cancel/': ['order', {}],
  'POST /orders/:id/refunds/': ['order', { reason: '不要了' }],
  'GET /orders/:id/refunds/': ['order'],
  'POST /orders/:id/receipt/': ['order', {}],
  'GET /orders/:id/uncommentgoods/': ['order'],
  'POST /orders/:id/comments/': [
    'order',
    { sku: 1, comment: '很好用的商品', score: 5, is_anonymous: false },
  ],
};

/** Pairs of route and caller that were judged, and what was wrong, one sentence each. */
interface Verdict {
  pairs: number;
  readonly wrong: string[];
}

/** Ids that belong to nobody. */
const NOBODYS: Readonly<Record<Row, string>> = {
  user: '4000000000',
  address: '4000000000',
  order: '2611222150361230042',
};

/** A request takes a few milliseconds, and some of them are lost to chance on a machine that does more. */
const TIMED = FULL ? 2000 : 50;
/** In full what is wanted; the few tries of the short form say less. */
const FACTOR = FULL ? 1.1 : 1.3;
/** What takes twice as long shows soon. */
const TIMED_FOR_CONTROL = 50;

type Who =
  | 'none'
  | 'other buyer'
  | 'expired'
  | 'forged'
  | 'tampered'
  | 'revoked'
  | 'wrong role'
  | 'forged role';

describe('G12: the access matrix', () => {
  let shop: Shop;
  let routes: string[];
  let rows: Record<Row, string>;
  let tokens: Record<Who, string | undefined>;
  let owner: Client;
  const all: Verdict = { pairs: 0, wrong: [] };

  beforeAll(async () => {
    shop = await startBareShop();
    routes = routesOf(shop.app.getHttpAdapter().getInstance());
    const [victim, other, former, admin] = (await buildBuyers(shop.db, 4)) as [
      Buyer,
      Buyer,
      Buyer,
      Buyer,
    ];
    await shop.db.sql(`UPDATE users SET role = 'admin' WHERE id = ?`, [admin.id]);
    await fillCarts(shop.db, [{ userId: victim.id, skuIds: await buildSkus(shop.db, 2) }]);
    owner = new Client(shop.url, handMade(claimsOf(victim.id)));
    const wish = { address: victim.addressId, pay_method: 2 };
    const { body } = await owner.post('/orders/', wish);
    rows = {
      user: String(victim.id),
      address: String(victim.addressId),
      order: String(body['order_id']),
    };
    tokens = await tokensOf(victim.id, other.id, former.id, admin.id);
  });
  afterAll(async () => {
    figure(
      'G12',
      'access: pairs of route and caller, wrong',
      'all, 0',
      `${all.pairs}, ${all.wrong.length}`,
      all.wrong.length === 0,
    );
    await shop.close();
  });

  async function tokensOf(victim: number, other: number, former: number, admin: number) {
    await shop.db.sql(
      'UPDATE users SET token_version = 1, tokens_revoked_at = UTC_TIMESTAMP(3) WHERE id = ?',
      [former],
    );
    // A round trip of the clock that reads revocations: the old token of this user dies.
    const revoked = handMade(claimsOf(former));
    const deadline = Date.now() + 60_000;
    while ((await new Client(shop.url, revoked).get('/user/')).status !== 401) {
      expect(Date.now()).toBeLessThan(deadline);
    }
    const [head = '', , signature = ''] = handMade(claimsOf(other)).split('.');
    const mine = Buffer.from(JSON.stringify(claimsOf(victim))).toString('base64url');
    return {
      none: undefined,
      'other buyer': handMade(claimsOf(other)),
      expired: handMade({ ...claimsOf(victim), exp: inSeconds(-60) }),
      forged: handMade(claimsOf(victim), { secret: 'k2J8sQv5Wn3Zx7Lr1Tp9Yc4Hd6Mf0BgA' }),
      tampered: `${head}.${mine}.${signature}`,
      revoked,
      'wrong role': handMade(claimsOf(admin, 'admin')),
      'forged role': handMade(claimsOf(other, 'admin'), { secret: 'guessed' }),
    };
  }

  const DEAD: readonly Who[] = ['none', 'expired', 'forged', 'tampered', 'revoked', 'forged role'];

  function ask(
    route: string,
    who: Who,
    id?: string,
    body?: unknown,
    at = shop.url,
  ): Promise<Answer> {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replaceAll(/:\w+/g, id ?? '1');
    const sent = body ?? (method === 'GET' || method === 'DELETE' ? undefined : {});
    return new Client(at, tokens[who]).send(method, path, sent);
  }

  /** Counts a pair, and remembers the wrong ones so that all are told together. */
  function judge(verdict: Verdict, pair: string, got: unknown, wanted: unknown): void {
    verdict.pairs += 1;
    if (JSON.stringify(got) !== JSON.stringify(wanted)) {
      verdict.wrong.push(`${pair}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
    }
  }

  function expectRight({ pairs, wrong }: Verdict): void {
    all.pairs += pairs;
    all.wrong.push(...wrong);
    expect(wrong).toEqual([]);
  }

  const refusal = ({ status, body }: Answer) => [status, body['code']];

  /** A sum over every row of every table: what is the same after a refusal was not changed by it. */
  async function everything(): Promise<unknown> {
    const tables = await shop.db.sql<{ t: string }>(
      `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE()`,
    );
    return shop.db.sql(`CHECKSUM TABLE ${tables.map(({ t }) => t).join(', ')}`);
  }

  const closed = () => routes.filter((route) => ![...PUBLIC, ...CART].includes(route));
  const isAdmin = (route: string) => route.split(' ')[1]?.startsWith('/admin/') === true;

  it('has a line for every route, and no line for what is no route', () => {
    const classified = [
      ...PUBLIC,
      ...SELF,
      ...CART,
      ...Object.keys(OWN),
      ...routes.filter(isAdmin),
    ];
    expect(classified.toSorted()).toEqual(routes.toSorted());
  });

  it('would notice a route that somebody has added and said nothing about: the control', async () => {
    const app = await createApp(testSettings(shop.db.url));
    const fastify = app.getHttpAdapter().getInstance();
    fastify.get('/orders/:id/everything', (_request, reply) => reply.send('open'));
    await app.listen(0, '127.0.0.1');
    const added = routesOf(fastify).filter((route) => !routes.includes(route));
    expect(added).toEqual(['GET /orders/:id/everything/']);
    const answer = await new Client(await app.getUrl()).get('/orders/1/everything');
    expect(answer.status, 'so it would be missed by nobody but this list').toBe(200);
    await app.close();
  });

  it('refuses nobody, and believes nobody, where everybody may come', async () => {
    const verdict: Verdict = { pairs: 0, wrong: [] };
    for (const route of PUBLIC) {
      const free = await ask(route, 'none');
      judge(verdict, `${route} none`, [401, 403].includes(free.status), route.includes('status'));
      for (const who of [...DEAD, 'other buyer', 'wrong role'] as const) {
        const id = /mobile/.test(route) ? '12345' : undefined;
        const { status } = await ask(route, who, id);
        judge(verdict, `${route} ${who}`, status, (await ask(route, 'none', id)).status);
      }
    }
    expectRight(verdict);
  });

  it('answers 401 to whoever has no good token, on every other route, and changes nothing', async () => {
    const before = await everything();
    const verdict: Verdict = { pairs: 0, wrong: [] };
    for (const route of closed()) {
      const [row, body] = OWN[route] ?? [];
      for (const who of DEAD) {
        const answer = await ask(route, who, row && rows[row], body);
        judge(verdict, `${route} ${who}`, refusal(answer), [401, 'NOT_AUTHENTICATED']);
      }
    }
    expectRight(verdict);
    expect(await everything()).toEqual(before);
  });

  it('takes a forged token on the cart for none, and refuses one that was ours', async () => {
    const before = await everything();
    const verdict: Verdict = { pairs: 0, wrong: [] };
    for (const route of CART) {
      const { status: free } = await ask(route, 'none');
      judge(verdict, `${route} none`, [401, 403].includes(free), false);
      for (const who of ['forged', 'tampered', 'forged role'] as const) {
        judge(verdict, `${route} ${who}`, (await ask(route, who)).status, free);
      }
      for (const who of ['expired', 'revoked'] as const) {
        const answer = await ask(route, who);
        judge(verdict, `${route} ${who}`, refusal(answer), [401, 'NOT_AUTHENTICATED']);
      }
    }
    expectRight(verdict);
    expect(await everything()).toEqual(before);
  });

  it('answers 404 for another buyer’s row, as if there were none, and changes nothing', async () => {
    const before = await everything();
    expectRight(await lookAtRows());
    expect(await everything()).toEqual(before);
  });

  it('has bodies its owner is not refused for: the control of the 404', async () => {
    for (const [route, [row, body]] of Object.entries(OWN)) {
      if (/GET|title|PUT \/addresses\/:id\/$/.test(route)) {
        const [method = '', pattern = ''] = route.split(' ');
        const answer = await owner.send(method, pattern.replace(':id', rows[row]), body);
        expect([route, answer.status]).toEqual([route, 200]);
      }
    }
  });

  it('shows a caller nothing of anybody else where there is no id', async () => {
    const before = await everything();
    const verdict: Verdict = { pairs: 0, wrong: [] };
    for (const route of [...SELF, ...CART]) {
      for (const who of ['other buyer', 'wrong role'] as const) {
        const { status, body } = await ask(route, who);
        judge(verdict, `${route} ${who}`, [401, 403, 404].includes(status), false);
        const text = JSON.stringify(body);
        for (const secret of [rows.order, `buyer_${rows.user}"`, `买家${rows.user}"`, '别处']) {
          expect(text, `${route} ${who}`).not.toContain(secret);
        }
      }
    }
    expectRight(verdict);
    expect(await everything()).toEqual(before);
  });

  it('answers 403 to a buyer on every route of the shop’s people, and lets them in', async () => {
    const before = await everything();
    expectRight(await tryAdminRoutes());
    expect(await everything()).toEqual(before);
  });

  it('notices a shop that forgets whose an order is and who may what: the control', async () => {
    const open = await spawnShop(shop.db.url, seeded('test/access/seed-open-doors.mjs'));
    try {
      const shown = (await lookAtRows(open.url)).wrong;
      expect(shown).toContainEqual(
        expect.stringMatching(/^GET \/orders\/:id\/ other buyer: \[200/),
      );
      const admitted = (await tryAdminRoutes(open.url)).wrong;
      expect(admitted).toHaveLength(routes.filter(isAdmin).length);
    } finally {
      await open.kill();
    }
  });

  it(`takes as long for another’s row as for none (${TIMED} tries of each)`, async () => {
    const look = (id: string) => () => ask('GET /orders/:id/', 'other buyer', id);
    const { a, b, tries, alike } = await compareTimes(
      TIMED,
      FACTOR,
      look(rows.order),
      look(NOBODYS.order),
    );
    const told = `${(((a - b) / b) * 100).toFixed(1)} %, ${(a - b).toFixed(2)} ms (${tries} tries of each)`;
    const isClose = Math.abs(a / b - 1) < 0.1;
    figure('G12', 'another’s row against none: median time', 'within 10 %', told, isClose);
    expect(alike, told).toBe(true);
  }, 600_000);

  it('notices a row that takes longer because it is there: the control', async () => {
    const route = 'GET /orders/:id/';
    const none = () => ask(route, 'other buyer', NOBODYS.order);
    const more = () => none().then(none);
    expect((await compareTimes(TIMED_FOR_CONTROL, FACTOR, more, none)).alike).toBe(false);
  });

  /** Asks for what is another buyer's, and for what is nobody's. */
  async function lookAtRows(at?: string): Promise<Verdict> {
    const verdict: Verdict = { pairs: 0, wrong: [] };
    for (const [route, [row, body]] of Object.entries(OWN)) {
      for (const who of ['other buyer', 'wrong role'] as const) {
        const theirs = await ask(route, who, rows[row], body, at);
        const nobodys = await ask(route, who, NOBODYS[row], body, at);
        const alike = isDeepStrictEqual(shapeOf(theirs), shapeOf(nobodys));
        const got = [...refusal(theirs), alike ? 'as if there were none' : 'unlike none'];
        judge(verdict, `${route} ${who}`, got, [404, 'NOT_FOUND', 'as if there were none']);
      }
    }
    return verdict;
  }

  /** Asks for everything that is for the shop's people, as a buyer and as one of them. */
  async function tryAdminRoutes(at?: string): Promise<Verdict> {
    const verdict: Verdict = { pairs: 0, wrong: [] };
    const routesOfAdmins = routes.filter(isAdmin);
    expect(routesOfAdmins.length).toBeGreaterThan(5);
    for (const route of routesOfAdmins) {
      const refused = await ask(route, 'other buyer', undefined, undefined, at);
      judge(verdict, `${route} buyer`, refusal(refused), [403, 'PERMISSION_DENIED']);
      const { status } = await ask(route, 'wrong role', '4000000000', undefined, at);
      judge(verdict, `${route} admin`, [401, 403].includes(status), false);
    }
    return verdict;
  }

  function shapeOf({ status, headers, body }: Answer) {
    const { request_id: id, ...rest } = body;
    const changing = new Set(['date', 'x-request-id']);
    return {
      status,
      idLength: String(id).length,
      rest,
      headers: [...headers].filter(([name]) => !changing.has(name)),
    };
  }
});
