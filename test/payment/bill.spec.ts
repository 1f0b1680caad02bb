/** The daily bill against our books: case B1 of the matrix in docs/alipay.md. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { shanghaiTime } from '../../src/common/clock.js';
import { registry } from '../../src/common/metrics.js';
import { Config } from '../../src/config/config.js';
import { downloadBill } from '../../src/payment/bill/bill-download.js';
import { compare, parseBill } from '../../src/payment/bill/bill-rules.js';
import { BillService } from '../../src/payment/bill/bill.service.js';
import { unzip } from '../../src/payment/bill/unzip.js';
import { PaymentGateway } from '../../src/payment/gateway/payment-gateway.js';
import { clearOfMidnight } from '../kit/calendar.js';
import { testEnvironment } from '../kit/settings.js';
import { Bench } from './kit.js';

describe('the bill', () => {
  const bench = new Bench();
  beforeEach(() => clearOfMidnight());
  const today = () => shanghaiTime(new Date()).slice(0, 10);
  const bills = () => bench.shop.app.get(BillService);

  /** Earlier tests' money is unknown to a sandbox that was reset: it happened long ago. */
  const forget = () =>
    bench.shop.db.sql(`UPDATE payments p LEFT JOIN refunds r ON r.payment_id = p.id
      SET p.paid_at = IF(p.status = 2, p.paid_at - INTERVAL 9 DAY, NULL),
          r.finished_at = r.finished_at - INTERVAL 9 DAY`);

  it('equals our books; a hidden, a foreign and a changed row are found [B1]', async () => {
    await forget();
    const orders = [await bench.paid(), await bench.paid(), await bench.paid()] as const;
    await orders[0].client.post(`/orders/${orders[0].id}/refunds/`, {});
    const date = today();
    expect(await bills().compareDay(date)).toBeUndefined();
    await bench.control('clock/advance', { by: '26h' });
    expect(await bills().compareDay(date)).toEqual({
      date,
      payments: 3,
      refunds: 1,
      differences: [],
    });

    await bench.control('trades/hide-from-bill', { out_trade_no: orders[1].id });
    const report = await bills().compareDay(date);
    expect(report?.differences).toEqual([
      {
        kind: 'not_billed',
        outTradeNo: orders[1].id,
        outRequestNo: '',
        oursFen: 650_900,
        theirsFen: null,
      },
    ]);
    expect(await bench.shop.db.sql('SELECT kind, out_trade_no FROM bill_differences')).toEqual([
      { kind: 'not_billed', out_trade_no: orders[1].id },
    ]);
    // Compared again, a day has one outcome.
    await bills().compareDay(date);
    expect(await bench.shop.db.sql('SELECT payments, differences FROM bills')).toEqual([
      { payments: 2, differences: 1 },
    ]);
  });

  it('is compared for every day of the last week that nobody has compared [B1]', async () => {
    await forget();
    await bench.shop.db.sql('DELETE FROM bill_differences');
    await bench.shop.db.sql('DELETE FROM bills');
    await bench.shop.db.sql('DELETE FROM bill_claims');
    const order = await bench.paid();
    const [date, tomorrow] = [today(), new Date(Date.now() + 86_400_000)];
    const at = (day: Date, time: string) =>
      new Date(`${shanghaiTime(day).slice(0, 10)}T${time}+08:00`);
    await bench.control('clock/advance', { by: '80h' });
    await bench.control('trades/hide-from-bill', { out_trade_no: order.id });
    expect(await bills().compareMissing(at(tomorrow, '08:59:59'))).toEqual([]);
    const inThreeDays = at(new Date(tomorrow.getTime() + 2 * 86_400_000), '09:00:00');
    expect(await bills().compareMissing(inThreeDays)).toContain(date);
    expect(
      await bench.shop.db.sql(
        'SELECT out_trade_no AS id FROM bill_differences WHERE bill_date = ?',
        [date],
      ),
    ).toEqual([{ id: order.id }]);
    expect(await registry.metrics()).toContain('payment_bill_differences 1');
    expect(await bills().compareMissing(inThreeDays)).toEqual([]);
  });

  it('is fetched by one instance of the fleet, and by the next one when that came to nothing [B1]', async () => {
    await forget();
    const { app, db } = bench.shop;
    await db.sql('DELETE FROM bill_differences');
    await db.sql('DELETE FROM bills');
    await db.sql('DELETE FROM bill_claims');
    await bench.paid();
    const date = today();
    await bench.control('clock/advance', { by: '26h' });
    const tomorrow = new Date(
      `${shanghaiTime(new Date(Date.now() + 86_400_000)).slice(0, 10)}T09:00:00+08:00`,
    );
    const asked = vi.spyOn(app.get(PaymentGateway), 'billUrl');
    const askedForToday = () => asked.mock.calls.filter(([day]) => day === date).length;
    const others = [1, 2, 3].map(
      () => new BillService(db.dataSource, app.get(PaymentGateway), app.get(Config)),
    );
    const turn = async () =>
      (await Promise.all([bills(), ...others].map((one) => one.compareMissing(tomorrow)))).flat();
    asked.mockResolvedValue(undefined);
    expect(await turn()).toEqual([]);
    expect(askedForToday()).toBe(1);
    // The claim of whoever found nothing, or died, ends.
    await db.sql('UPDATE bill_claims SET due_at = UTC_TIMESTAMP(3)');
    asked.mockRestore();
    expect((await turn()).filter((day) => day === date)).toEqual([date]);
    // By command a day is compared whoever has it.
    expect(await bills().compareDay(date)).toMatchObject({ date, differences: [] });
  });

  it('is fetched from the gateway and from Alipay alone, whatever an answer or a redirect says [B1]', async () => {
    await forget();
    await bench.paid();
    const date = today();
    await bench.control('clock/advance', { by: '26h' });
    const genuine = (await bench.shop.app.get(PaymentGateway).billUrl(date)) ?? '';
    let asked = 0;
    const stranger = createServer((_, response) => {
      asked += 1;
      response.writeHead(302, { Location: genuine }).end();
    });
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const there = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const known = await bench.shop.db.sql('SELECT * FROM bills');
    const answer = vi.spyOn(bench.shop.app.get(PaymentGateway), 'billUrl');
    try {
      for (const url of [
        there,
        `${there}/bill`,
        'file:///etc/passwd',
        'bill',
        'http://alipay.com.x/',
      ]) {
        answer.mockResolvedValue(url);
        await expect(bills().compareDay(date)).rejects.toThrow('neither the gateway is nor Alipay');
      }
      expect(asked).toBe(0);
      // A gateway whose bill is elsewhere: the first step is taken, the second is not.
      const fetched = downloadBill(`${there}/bill`, `${there}/gateway.do`, 1000);
      await expect(fetched).rejects.toThrow('status 302');
      expect(asked).toBe(1);
    } finally {
      answer.mockRestore();
      stranger.close();
    }
    expect(await bench.shop.db.sql('SELECT * FROM bills')).toEqual(known);
    expect(await bills().compareDay(date)).toMatchObject({ date, payments: 1 });
  });

  it('by command: exit 1 and a line for each difference [B1]', async () => {
    await forget();
    const order = await bench.paidAtGateway();
    const date = today();
    await bench.control('clock/advance', { by: '26h' });
    const { url } = bench.shop.db;
    const { ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY, ...rest } = testEnvironment(
      url,
      bench.shop.settings,
    );
    void [ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY];
    const run = (...args: string[]) =>
      spawnAsync(process.execPath, ['dist/src/payment/reconcile-cli.js', ...args], rest);
    const found = await run('--date', date);
    expect(found).toEqual({
      code: 1,
      out: `${date}: 1 payments, 0 refunds in the bill\nnot_booked: payment ${order.id}: ours none, Alipay 6509.00\n`,
      err: '',
    });
    expect(await run('--date', '2026-02-30')).toMatchObject({ code: 2 });
    await order.client.get(`/orders/${order.id}/payment/status/`);
    expect(await run('--date', date)).toMatchObject({ code: 0 });
  });

  it('compares by number and request number, and reads columns by name', () => {
    const csv = [
      '#支付宝业务明细查询',
      '新列,商户订单号,业务类型,订单金额（元）,退款批次号/请求号',
      'x,1\t,交易\t,9.00,',
      'x,1\t,退款\t,-2.00,1-1',
      'x,2\t,交易\t,5.00,',
      '#交易合计：2笔',
    ].join('\r\n');
    const bill = parseBill(csv);
    const payment = { outTradeNo: '1', outRequestNo: '', amountFen: 900 };
    const refund = { outTradeNo: '1', outRequestNo: '1-1', amountFen: 100 };
    expect(compare(bill, [payment, refund], [payment, { ...refund, outRequestNo: '1-2' }])).toEqual(
      [
        { kind: 'amount', outTradeNo: '1', outRequestNo: '1-1', oursFen: 100, theirsFen: 200 },
        { kind: 'not_booked', outTradeNo: '2', outRequestNo: '', oursFen: null, theirsFen: 500 },
        { kind: 'not_billed', outTradeNo: '1', outRequestNo: '1-2', oursFen: 100, theirsFen: null },
      ],
    );
    // A line that is there twice is money that moved twice.
    expect(compare([...bill, ...bill], [payment, refund], [])).toContainEqual({
      kind: 'amount',
      outTradeNo: '1',
      outRequestNo: '',
      oursFen: 900,
      theirsFen: 1800,
    });
    expect(() => parseBill('a,b\r\n1,2')).toThrow('no column');
    expect(() => parseBill(csv.replace('9.00', '9,00'))).toThrow('cannot be read');
  });

  it('reads the wanted file alone, and refuses a damaged, a foreign and an oversized archive', () => {
    const [bill, rest] = [Buffer.from('a'.repeat(5000)), Buffer.from('b'.repeat(50_000))];
    const archive = zipOf(['b.csv', rest], ['a.csv', bill]);
    const named = (wanted: string) => (name: Buffer) => name.toString() === wanted;
    expect(unzip(archive, 10_000, named('a.csv'))).toEqual(bill);
    expect(unzip(archive, 10_000, named('c.csv'))).toBeUndefined();
    expect(() => unzip(archive, 10_000, named('b.csv'))).toThrow('larger than 10000 bytes');
    expect(() => unzip(Buffer.from('<html>'), 100, named('a.csv'))).toThrow('no zip archive');
    // What says that it is small is not unpacked any further.
    const liar = zipOf(['a.csv', bill]);
    liar.writeUInt32LE(10, liar.lastIndexOf('PK\x01\x02') + 24);
    expect(() => unzip(liar, 100, named('a.csv'))).toThrow('damaged');
    for (let i = 0; i < archive.length; i += 1) {
      const damaged = Buffer.from(archive);
      damaged[i] = (damaged[i] ?? 0) ^ 0xff;
      try {
        unzip(damaged, 10_000, named('a.csv'));
      } catch (error) {
        expect((error as Error).constructor.name).toBe('ZipError');
      }
    }
  });
});

/** Runs a program beside us: the sandbox it talks to lives in this process. */
async function spawnAsync(command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = child.exitCode ?? ((await once(child, 'exit'))[0] as number);
  return { code, out, err };
}

/** An archive of deflated files, written by hand. */
function zipOf(...files: readonly [name: string, data: Buffer][]): Buffer {
  let [bodies, directory] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (const [name, data] of files) {
    const packed = deflateRawSync(data);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(bodies.length, 10);
    directory = Buffer.concat([
      directory,
      Buffer.from('PK\x01\x02\x14\x00'),
      shared,
      where,
      Buffer.from(name),
    ]);
    bodies = Buffer.concat([bodies, Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(bodies.length, 16);
  return Buffer.concat([bodies, directory, end]);
}
