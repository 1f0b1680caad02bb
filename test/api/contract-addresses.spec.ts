/**
 * The contract with the original shop's pages, row by row: areas and addresses. Exact members, JSON
 * types, status codes, and texts in both languages.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Buyer, buildBuyers } from '../kit/build.js';
import { type Answer, Client, tokenFor } from '../kit/client.js';
import { walk, walkRefusals } from '../kit/contract.js';
import * as is from '../kit/shape.js';
import { type Shop, startShop } from '../kit/shop.js';

const ADDR = {
  id: is.id,
  title: is.text,
  receiver: is.text,
  province: '北京市',
  city: '北京市',
  district: '海淀区',
  province_id: 110_000,
  city_id: 110_100,
  district_id: 110_108,
  place: is.text,
  mobile: is.text,
  tel: is.text,
  email: is.text,
};

/** What the page for addresses sends. */
const FORM = {
  title: '家',
  receiver: '张三',
  province_id: 110_000,
  city_id: 110_100,
  district_id: 110_108,
  place: '中关村大街 1 号',
  mobile: '13812345678',
  tel: '',
  email: '',
};

type Send = (me: Client, path: string) => Promise<Answer<unknown>>;

/** The demo shop, and ways to get somebody new. */
class Ground {
  readonly anybody: Client;

  constructor(readonly shop: Shop) {
    this.anybody = new Client(shop.url);
  }

  /** A buyer who is logged in and has no address. */
  async buyer(): Promise<{ id: number; me: Client }> {
    const [{ id }] = (await buildBuyers(this.shop.db, 1)) as [Buyer];
    await this.shop.db.sql('DELETE FROM addresses WHERE user_id = ?', [id]);
    return { id, me: new Client(this.shop.url, tokenFor(id)) };
  }

  /** A buyer with one address. */
  async withAddress(): Promise<{ me: Client; addressId: number }> {
    const { me } = await this.buyer();
    const { body } = await me.post<{ id: number }>('/addresses/', FORM);
    return { me, addressId: body.id };
  }

  async addressOf(send: Send): Promise<Answer<unknown>> {
    const { me, addressId } = await this.withAddress();
    return send(me, `/addresses/${addressId}/`);
  }
}

let ground: Ground;
beforeAll(async () => {
  ground = new Ground(await startShop());
});
afterAll(() => ground.shop.close());

describe('areas', () => {
  walk<Ground>(
    () => ground,
    [
      {
        row: 'GET /areas/ without a token',
        asks: ({ anybody }) => anybody.get('/areas/'),
        status: 200,
        answers: [{ id: is.id, name: is.text }],
      },
      {
        row: 'GET /areas/{id}/ without a token',
        asks: ({ anybody }) => anybody.get('/areas/110100/'),
        status: 200,
        answers: { id: 110_100, name: '北京市', subs: [{ id: is.id, name: is.text }] },
      },
    ],
  );
});

describe('addresses', () => {
  const list = (addresses: is.Shape, defaultId: is.Shape): is.Shape => ({
    user_id: is.id,
    default_address_id: defaultId,
    limit: 20,
    addresses,
  });
  walk<Ground>(
    () => ground,
    [
      {
        row: 'GET /addresses/ without a default',
        asks: async (g) => (await g.withAddress()).me.get('/addresses/'),
        status: 200,
        answers: list([ADDR], null),
      },
      {
        row: 'GET /addresses/ with a default',
        asks: async (g) => {
          const { me, addressId } = await g.withAddress();
          await me.put(`/addresses/${addressId}/status/`, {});
          return me.get('/addresses/');
        },
        status: 200,
        answers: list([ADDR], is.id),
      },
      {
        row: 'GET /addresses/ after the default was deleted',
        asks: async (g) => {
          const { me, addressId } = await g.withAddress();
          await me.put(`/addresses/${addressId}/status/`, {});
          await me.delete(`/addresses/${addressId}/`);
          return me.get('/addresses/');
        },
        status: 200,
        answers: list([], null),
      },
      {
        row: 'POST /addresses/',
        asks: async (g) => (await g.buyer()).me.post('/addresses/', FORM),
        status: 201,
        answers: ADDR,
      },
      {
        row: 'PUT /addresses/{id}/ with the whole object echoed',
        asks: (g) =>
          g.addressOf(async (me, path) => {
            const { body } = await me.get<{ addresses: object[] }>('/addresses/');
            return me.put(path, { ...body.addresses[0], receiver: '李四' });
          }),
        status: 200,
        answers: { ...ADDR, receiver: '李四' },
      },
      {
        row: 'DELETE /addresses/{id}/',
        asks: (g) => g.addressOf((me, path) => me.delete(path)),
        status: 204,
        answers: null,
      },
      {
        row: 'PUT /addresses/{id}/status/',
        asks: (g) => g.addressOf((me, path) => me.put(`${path}status/`, {})),
        status: 200,
        answers: { message: 'OK' },
      },
      {
        row: 'PUT /addresses/{id}/title/',
        asks: (g) => g.addressOf((me, path) => me.put(`${path}title/`, { title: '公司' })),
        status: 200,
        answers: { title: '公司' },
      },
    ],
  );

  it('GET /addresses/: newest change first', async () => {
    const { me, addressId } = await ground.withAddress();
    const { body: second } = await me.post<{ id: number }>('/addresses/', FORM);
    const order = async () =>
      (await me.get<{ addresses: { id: number }[] }>('/addresses/')).body.addresses.map(
        ({ id }) => id,
      );
    expect(await order()).toEqual([second.id, addressId]);
    await me.put(`/addresses/${addressId}/title/`, { title: '公司' });
    expect(await order()).toEqual([addressId, second.id]);
  });

  it('DELETE /addresses/{id}/: softly, the row stays', async () => {
    const { me, addressId } = await ground.withAddress();
    await me.delete(`/addresses/${addressId}/`);
    const [row] = await ground.shop.db.sql('SELECT deleted_at FROM addresses WHERE id = ?', [
      addressId,
    ]);
    expect(row?.['deleted_at']).toBeInstanceOf(Date);
  });

  it.each<[row: string, send: Send]>([
    ['PUT /addresses/{id}/', (me, path) => me.put(path, FORM)],
    ['DELETE /addresses/{id}/', (me, path) => me.delete(path)],
    ['PUT /addresses/{id}/status/', (me, path) => me.put(`${path}status/`, {})],
    ['PUT /addresses/{id}/title/', (me, path) => me.put(`${path}title/`, { title: '我的' })],
  ])('%s of somebody else: 404', async (_, send) => {
    const { me: owner, addressId } = await ground.withAddress();
    const { me } = await ground.buyer();
    const before = (await owner.get('/addresses/')).body;
    expect((await send(me, `/addresses/${addressId}/`)).status).toBe(404);
    expect((await owner.get('/addresses/')).body).toEqual(before);
  });

  walkRefusals<Ground>(
    () => ground,
    [
      {
        row: 'POST /addresses/ the 21st',
        asks: async (g, headers) => {
          const { me, id } = await g.buyer();
          await g.shop.db.sql(
            `INSERT INTO addresses (user_id, title, receiver, province_id, city_id, district_id,
               place, mobile) VALUES ?`,
            [Array.from({ length: 20 }, () => [id, 'x', 'x', 110_000, 110_100, 110_108, 'x', '1'])],
          );
          return me.post('/addresses/', FORM, headers);
        },
        status: 400,
        code: 'ADDRESS_LIMIT',
        member: 'message',
        zh: '保存地址数据已达到上限',
        en: 'No more addresses can be saved',
      },
      {
        row: 'POST /addresses/ with a mobile that is none',
        asks: async (g, headers) =>
          (await g.buyer()).me.post('/addresses/', { ...FORM, mobile: '1' }, headers),
        status: 400,
        code: 'VALIDATION_FAILED',
        member: 'mobile',
        zh: '手机号格式错误',
        en: 'Not a mobile number',
      },
    ],
  );
});
