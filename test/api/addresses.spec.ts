/** Addresses over HTTP: the contract, the limit, and that every buyer is alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedAreas } from '../../src/database/seed/areas.js';
import { createDemoUsers } from '../../src/users/demo-users.js';
import { Client, tokenFor } from '../kit/client.js';
import { insist } from '../kit/insist.js';
import { type Shop, startBareShop } from '../kit/shop.js';

/** What would break out of a statement that was put together from texts. */
const INJECTIONS = [
  "' OR '1'='1",
  "x'); DELETE FROM users; -- x",
  "1' UNION SELECT password_hash FROM users -- x",
  'a" OR "1"="1',
  "\\' OR SLEEP(9) #",
  "x', mobile = '13800138000",
  '\\',
  '? :x $1 %s',
];

interface Address {
  id: number;
  title: string;
  [member: string]: unknown;
}
interface List {
  user_id: number;
  default_address_id: number | null;
  limit: number;
  addresses: Address[];
}

/** What the original page sends: areas as numbers or strings, empty strings where left out. */
const FORM = {
  receiver: '张三',
  province_id: 110_000,
  city_id: '110100',
  district_id: '110108',
  place: '中关村大街 1 号',
  mobile: '13812345678',
  tel: '',
  email: '',
};

describe('addresses', () => {
  let shop: Shop;
  let users = 0;
  beforeAll(async () => {
    shop = await startBareShop();
    await seedAreas(shop.db.dataSource);
  });
  afterAll(() => shop.close());

  /** A new buyer without any address. */
  async function buyer(): Promise<{ id: number; me: Client; list: () => Promise<List> }> {
    users += 1;
    await shop.db.sql('INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)', [
      `buyer_${users}`,
      `1990000${String(users).padStart(4, '0')}`,
      '!',
    ]);
    const [row] = await shop.db.sql<{ id: number }>('SELECT MAX(id) AS id FROM users');
    const id = row?.id ?? 0;
    const me = new Client(shop.url, tokenFor(id));
    return { id, me, list: async () => (await me.get<List>('/addresses/')).body };
  }

  async function add(me: Client, changes: object = {}): Promise<Address> {
    const answer = await me.post<Address>('/addresses/', { ...FORM, ...changes });
    expect(answer.status).toBe(201);
    return answer.body;
  }

  it('take signs of SQL for text, in what is written and in what is changed', async () => {
    const [{ me, id, list }, other] = [await buyer(), await buyer()];
    await add(other.me);
    const rest = async () => [
      await shop.db.sql('SELECT * FROM users ORDER BY id'),
      await shop.db.sql('SELECT * FROM addresses WHERE user_id <> ? ORDER BY id', [id]),
    ];
    const before = await rest();
    for (const place of INJECTIONS) {
      const { id: added } = await add(me, { place, receiver: place.slice(0, 20) });
      const title = place.slice(0, 20).trim();
      expect((await me.put(`/addresses/${added}/title/`, { title })).status).toBeLessThan(300);
      const found = (await list()).addresses.find((one) => one.id === added);
      expect(found).toMatchObject({ place, title, receiver: title, mobile: FORM.mobile });
    }
    expect((await list()).addresses).toHaveLength(INJECTIONS.length);
    expect(await rest()).toEqual(before);
  });

  it('a receiver in another encoding is refused and not stored as something else', async () => {
    const { id, list } = await buyer();
    const form = JSON.stringify({ ...FORM, receiver: 'RECEIVER' });
    const [before = '', after = ''] = form.split('RECEIVER');
    const body = Buffer.concat([
      Buffer.from(before),
      Buffer.from('c4e3bac3', 'hex'),
      Buffer.from(after),
    ]);
    const post = (kind: string, sent: string | Buffer) =>
      fetch(new URL('/addresses/', shop.url), {
        method: 'POST',
        headers: { 'Content-Type': kind, Authorization: `Bearer ${tokenFor(id)}` },
        body: sent as string,
      });
    expect((await post('application/json', body)).status).toBe(400);
    expect((await post('application/json; charset=gbk', body)).status).toBe(415);
    expect((await list()).addresses).toEqual([]);
    expect((await post('application/json; charset=utf-8', form)).status).toBe(201);
  });

  it('live: added, listed newest change first, changed, renamed, default, deleted', async () => {
    const { id, me, list } = await buyer();
    expect(await list()).toEqual({
      user_id: id,
      default_address_id: null,
      limit: 20,
      addresses: [],
    });
    const first = await add(me);
    expect(first).toEqual({
      ...FORM,
      id: expect.any(Number),
      title: '张三',
      province: '北京市',
      city: '北京市',
      district: '海淀区',
      city_id: 110_100,
      district_id: 110_108,
    });
    const second = await add(me, { title: ' 公司 ', tel: '010-12345678', email: 'a@b.cn' });
    expect(second).toMatchObject({ title: '公司', tel: '010-12345678', email: 'a@b.cn' });
    expect((await list()).addresses).toEqual([second, first]);

    const echoed = { ...first, receiver: '李四', is_deleted: true, user_id: 1, id: second.id };
    const changed = await me.put<Address>(`/addresses/${first.id}/`, echoed);
    expect([changed.status, changed.body]).toEqual([200, { ...first, receiver: '李四' }]);
    expect((await list()).addresses).toEqual([changed.body, second]);

    const renamed = await me.put(`/addresses/${second.id}/title/`, { title: '仓库' });
    expect([renamed.status, renamed.body]).toEqual([200, { title: '仓库' }]);
    expect((await list()).addresses).toEqual([{ ...second, title: '仓库' }, changed.body]);

    const status = await me.put(`/addresses/${first.id}/status/`, {});
    expect([status.status, status.body]).toEqual([200, { message: 'OK' }]);
    expect((await list()).default_address_id).toBe(first.id);
    expect((await me.put(`/addresses/${second.id}/status/`)).status).toBe(200);
    expect((await list()).default_address_id).toBe(second.id);

    expect((await me.delete(`/addresses/${first.id}/`)).status).toBe(204);
    expect((await list()).default_address_id).toBe(second.id);
    const gone = await me.delete(`/addresses/${second.id}/`);
    expect([gone.status, gone.body]).toEqual([204, '']);
    expect(await list()).toMatchObject({ default_address_id: null, addresses: [] });
    const rows = await shop.db.sql('SELECT id FROM addresses WHERE user_id = ?', [id]);
    expect(rows, 'deleting keeps the rows for the orders').toHaveLength(2);
  });

  it('take what the page sends after it has shown another address', async () => {
    const { me } = await buyer();
    const shown = await add(me, { title: '家' });
    const added = await add(me, { ...shown, receiver: '王五', title: '王五' });
    expect(added.id).not.toBe(shown.id);
    expect(added).toMatchObject({ receiver: '王五', title: '王五' });
  });

  it('keep their title when a change does not name one', async () => {
    const { me } = await buyer();
    const { id } = await add(me, { title: '家' });
    const changed = await me.put<Address>(`/addresses/${id}/`, { ...FORM, tel: null });
    expect(changed.body).toMatchObject({ title: '家', tel: '' });
  });

  it('say what is wrong with each field, and nothing is written', async () => {
    const { me, list } = await buyer();
    const { id } = await add(me);
    const before = await list();
    const cases: readonly [field: string, value: unknown, text: string][] = [
      ['receiver', '', '收货人应为1-20个字符'],
      ['receiver', '   ', '收货人应为1-20个字符'],
      ['receiver', '三'.repeat(21), '收货人应为1-20个字符'],
      ['receiver', '❤️'.repeat(11), '收货人应为1-20个字符'],
      ['receiver', '张\u202E三', '收货人应为1-20个字符'],
      ['place', 'a\u2066b', '详细地址应为1-50个字符'],
      ['place', undefined, '详细地址应为1-50个字符'],
      ['place', 'a\nb', '详细地址应为1-50个字符'],
      ['mobile', '12812345678', '手机号格式错误'],
      ['province_id', '', '请选择省份'],
      ['city_id', 1.5, '请选择城市'],
      ['district_id', [110_108], '请选择区县'],
      ['tel', 'call me', '固定电话格式错误'],
      ['email', 'nobody', '邮箱格式错误'],
      ['title', 't'.repeat(21), '标题应为1-20个字符'],
    ];
    for (const [field, value, text] of cases) {
      const body = { ...FORM, [field]: value };
      for (const answer of [
        await me.post('/addresses/', body),
        await me.put(`/addresses/${id}/`, body),
      ]) {
        expect([field, answer.status]).toEqual([field, 400]);
        expect(answer.body['errors']).toEqual([{ field, message: text }]);
      }
    }
    const unknown = await me.post('/addresses/', { ...FORM, user_id: 1 });
    expect([unknown.status, unknown.body['code']]).toEqual([400, 'VALIDATION_FAILED']);
    for (const body of [[], 'text', null]) {
      expect((await me.put(`/addresses/${id}/`, body)).status).toBe(400);
    }
    const untitled = await me.put(`/addresses/${id}/title/`, {});
    expect(untitled.body['detail']).toBe('标题应为1-20个字符');
    expect(await list()).toEqual(before);
  });

  it('hold what fits the column to the last character', async () => {
    const { me } = await buyer();
    const receiver = '𠮷'.repeat(20);
    expect(await add(me, { receiver })).toMatchObject({ receiver, title: receiver });
  });

  it('refuse areas that do not lie in each other', async () => {
    const { me, list } = await buyer();
    for (const areas of [
      { province_id: 120_000 },
      { city_id: 440_100 },
      { district_id: 440_106 },
      { district_id: 999_999 },
      { province_id: 110_100, city_id: 110_108, district_id: 110_108 },
    ]) {
      const answer = await me.post('/addresses/', { ...FORM, ...areas });
      expect([answer.status, answer.body['code']]).toEqual([400, 'AREA_INVALID']);
    }
    expect((await list()).addresses).toEqual([]);
  });

  it('are at most twenty, also when thirty come at once', async () => {
    const { me, list } = await buyer();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => insist(() => me.post('/addresses/', FORM))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(({ body }) => body['code']))).toEqual(new Set(['ADDRESS_LIMIT']));
    expect(refused[0]?.body['message']).toBe('保存地址数据已达到上限');
    const { addresses } = await list();
    expect(addresses).toHaveLength(20);
    await me.delete(`/addresses/${addresses[0]?.id}/`);
    await add(me);
  });

  it('of another buyer, deleted or never made, are not found on any route', async () => {
    const owner = await buyer();
    const { me } = await buyer();
    const foreign = await add(owner.me);
    await owner.me.put(`/addresses/${foreign.id}/status/`, {});
    const before = await owner.list();
    const deleted = await add(me);
    await me.delete(`/addresses/${deleted.id}/`);
    for (const id of [foreign.id, deleted.id, 4_000_000_000, '0', '-1', '1.5', 'x']) {
      for (const answer of [
        await me.put(`/addresses/${id}/`, FORM),
        await me.put(`/addresses/${id}/status/`, {}),
        await me.put(`/addresses/${id}/title/`, { title: '我的' }),
        await me.delete(`/addresses/${id}/`),
      ]) {
        expect([id, answer.status, answer.body['code']]).toEqual([id, 404, 'NOT_FOUND']);
      }
    }
    expect(await owner.list()).toEqual(before);
  });

  it('end up with no default that is deleted, whoever comes first', async () => {
    const { me, list } = await buyer();
    for (let round = 0; round < 5; round += 1) {
      const { id } = await add(me);
      await Promise.all([me.put(`/addresses/${id}/status/`, {}), me.delete(`/addresses/${id}/`)]);
      expect((await list()).default_address_id).toBeNull();
    }
  });

  it('come with the demo buyer: one, and it is the default', async () => {
    await createDemoUsers(shop.db.dataSource);
    const [row] = await shop.db.sql<{ id: number }>(
      `SELECT id FROM users WHERE username = 'demo_buyer'`,
    );
    const { body } = await new Client(shop.url, tokenFor(row?.id ?? 0)).get<List>('/addresses/');
    expect(body.addresses).toMatchObject([
      { id: body.default_address_id, province: '北京市', city: '北京市', district: '海淀区' },
    ]);
  });
});
