/**
 * What comes in, in every order and under every accident: cases N7 to N10, N12 to N14 of the matrix
 * in docs/alipay.md (the others are in test/api/payment.spec.ts), and the quarantine.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { registry } from '../../src/common/metrics.js';
import { QuarantineService } from '../../src/payment/quarantine/quarantine.service.js';
import { clearOfMidnight } from '../kit/calendar.js';
import { spawnShop } from '../kit/process.js';
import { Bench } from './kit.js';
import { Client, tokenFor } from '../kit/client.js';

describe('notifies', () => {
  const bench = new Bench();

  it('a database that fails gets no success; the repetition settles [N7]', async () => {
    const { db } = bench.shop;
    const order = await bench.unpaid();
    const url = await order.payUrl();
    await bench.control('notifies/hold', { hold: false });
    await db.sql('RENAME TABLE payments TO payments_away');
    try {
      await bench.shop.pay(url);
      await bench.shop.flush();
    } finally {
      await db.sql('RENAME TABLE payments_away TO payments');
    }
    expect([await order.status(), await order.verdicts()]).toEqual([1, []]);
    await bench.control('clock/advance', { by: '4m' });
    expect([await order.status(), await order.verdicts()]).toEqual([2, ['applied']]);
    expect(await unacknowledged()).toBe(0);
  });

  it('a process killed between commit and answer: the repetition has no second effect [N8]', async () => {
    let target: string;
    let kill = (): void => undefined;
    const wire = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) {
          chunks.push(chunk as Buffer);
        }
        const answer = await fetch(new URL('/payment/alipay/notify/', target), {
          method: 'POST',
          headers: { 'Content-Type': request.headers['content-type'] ?? '' },
          body: Buffer.concat(chunks),
        });
        const text = await answer.text();
        if (target === victim.url) {
          kill();
          request.socket.destroy();
        } else {
          response.end(text);
        }
      })();
    });
    await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
    const { port } = wire.address() as AddressInfo;
    const victim = await spawnShop(bench.shop.db.url, {
      ...bench.shop.settings,
      ALIPAY_NOTIFY_URL: `http://127.0.0.1:${port}/payment/alipay/notify/`,
    });
    target = victim.url;
    kill = () => victim.child.kill('SIGKILL');
    const order = await bench.unpaid();
    const page = await new Client(victim.url, tokenFor(order.buyer.id)).get(
      `/orders/${order.id}/payment/`,
    );
    await bench.control('notifies/hold', { hold: false });
    await bench.shop.pay(page.body['alipay_url'] as string);
    await bench.shop.flush();
    expect([await order.status(), await order.verdicts()]).toEqual([2, ['applied']]);
    expect(await unacknowledged()).toBe(1);
    target = bench.shop.url;
    await bench.control('clock/advance', { by: '4m' });
    expect(await order.verdicts()).toEqual(['applied', 'already']);
    expect(await unacknowledged()).toBe(0);
    await victim.stop();
    await new Promise((resolve) => wire.close(resolve));
  });

  it('notify and return in either order, or the return alone, end paid [N9]', async () => {
    for (const steps of ['notify return', 'return notify', 'return']) {
      const order = await bench.unpaid();
      const { trade_no, return_url } = await bench.shop.pay(await order.payUrl());
      for (const step of steps.split(' ')) {
        if (step === 'notify') {
          await bench.shop.flush();
        } else {
          expect((await bench.confirm(return_url)).body).toEqual({ trade_id: trade_no });
        }
      }
      expect(await order.status(), steps).toBe(2);
    }
  });

  it('with all notifies lost, asking settles the payment [N10]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    await bench.control('notifies/drop');
    await bench.sweep();
    expect(await order.status()).toBe(1);
    await bench.due(order);
    await bench.sweep();
    expect(await order.detail()).toMatchObject({ status: 2, payment: { status: 'success' } });
    expect(await order.verdicts()).toEqual([]);
  });

  it('a month-old genuine notify after the refund changes nothing [N12]', async () => {
    const order = await bench.paid();
    await order.client.post(`/orders/${order.id}/refunds/`, {});
    const before = await order.detail();
    await bench.control('clock/advance', { by: '30d' });
    expect((await bench.resend(order.id, { times: 3 })).map(({ answer }) => answer)).toEqual(
      Array(3).fill('success'),
    );
    expect(await order.detail()).toEqual(before);
  });

  it('waiting and finished are acknowledged and change nothing [N13]', async () => {
    await bench.shop.sandbox.send('PATCH', '/sandbox/settings', { notify_policy: 'all' });
    const order = await bench.unpaid();
    await bench.control('trades/login', { page_url: await order.payUrl() });
    await bench.shop.flush();
    expect([await order.status(), await order.verdicts()]).toEqual([1, ['ignored']]);
    await bench.shop.pay(await order.payUrl());
    await bench.shop.flush();
    await bench.control('trades/finish', { out_trade_no: order.id });
    await bench.shop.flush();
    expect(await order.verdicts()).toEqual(['ignored', 'applied', 'already']);
    expect(await unacknowledged()).toBe(0);
    expect(await order.status()).toBe(2);
  });

  it('closed before success, as they may arrive: the query decides [N14]', async () => {
    await bench.shop.sandbox.send('PATCH', '/sandbox/settings', { notify_policy: 'all' });
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    await order.client.get(`/orders/${order.id}/payment/status/`);
    await order.client.post(`/orders/${order.id}/refunds/`, {});
    await bench.shop.flush('desc');
    expect(await order.verdicts()).toEqual(['ignored', 'already', 'ignored']);
    expect(await order.detail()).toMatchObject({
      status: 6,
      payment: { status: 'success', refunded: '6509.00' },
    });

    const unpaid = await bench.unpaid();
    await bench.control('trades/login', { page_url: await unpaid.payUrl('wap') });
    await bench.control('clock/advance', { by: '40m' });
    await bench.shop.flush('desc');
    expect(await unpaid.status()).toBe(1);
    await bench.due(unpaid);
    await bench.sweep();
    expect([await unpaid.status(), await unpaid.stock()]).toEqual([6, 5]);
  });

  it('every genuine notify is kept as it came, with its verdict [N1]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    const { forms } = await bench.control<{ forms: { body: string }[] }>('notifies/resend', {
      out_trade_no: order.id,
      dry_run: true,
    });
    const sent = Object.fromEntries(new URLSearchParams(forms[0]?.body));
    await post(forms[0]?.body ?? '');
    const [kept] = await bench.shop.db.sql<{ verdict: string; params: string; notify_id: string }>(
      'SELECT verdict, CAST(params AS CHAR) AS params, notify_id FROM alipay_notices WHERE out_trade_no = ?',
      [order.id],
    );
    expect(kept).toMatchObject({ verdict: 'applied', notify_id: sent['notify_id'] });
    expect(JSON.parse(kept?.params ?? '')).toEqual(sent);
    expect(Object.keys(sent)).toEqual(expect.arrayContaining(['sign', 'sign_type', 'gmt_payment']));
  });

  it('what is not Alipay’s is counted, and the first of a minute are kept as they came [N5]', async () => {
    const before = await counted('payment_notifies_refused_total');
    const texts = Array.from({ length: 30 }, (_, i) => `sign=x&total_amount=0.01&n=${i}`);
    for (const text of [...texts, `long=${'长'.repeat(9000)}`]) {
      expect(await post(text)).toBe('fail');
    }
    expect((await counted('payment_notifies_refused_total')) - before).toBe(31);
    const kept = await bench.shop.db.sql<{ params: string; out_trade_no: string | null }>(
      `SELECT CAST(params AS CHAR) AS params, out_trade_no FROM alipay_notices WHERE verdict = 'refused' ORDER BY id`,
    );
    expect(kept.length).toBeGreaterThan(0);
    // A new minute may have begun meanwhile.
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(JSON.parse(kept.at(-1)?.params ?? '')).toMatchObject({ total_amount: '0.01' });
    expect(kept.every((row) => row.out_trade_no === null)).toBe(true);
  });

  it('a trade that paid another order is no payment of this one [N4]', async () => {
    const paid = await bench.paid();
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    const before = await counted('payment_quarantined_total');
    const copies = await bench.resend(order.id, { before: { trade_no: paid.tradeNo } });
    expect(copies[0]).toMatchObject({ status: 200, answer: 'success' });
    expect([await order.status(), await order.verdicts()]).toEqual([1, ['mismatch']]);
    expect((await counted('payment_quarantined_total')) - before).toBe(1);
    await bench.shop.flush();
    expect(await order.status()).toBe(2);
  });

  it('old notices are deleted in their time, and never one that waits for a person', async () => {
    const { db, app } = bench.shop;
    await clearOfMidnight();
    // What earlier tests left for a person; what booked money stays, since a rule asks for it.
    await db.sql(`DELETE FROM alipay_notices WHERE verdict NOT IN ('applied', 'late')`);
    const [{ last } = { last: 0 }] = await db.sql<{ last: number }>(
      'SELECT COALESCE(MAX(id), 0) AS last FROM alipay_notices',
    );
    const [{ id: adminId } = { id: 0 }] = await db.sql<{ id: number }>(
      'SELECT MIN(id) AS id FROM users',
    );
    const rows = [
      ['applied', false, 399, null],
      ['applied', false, 401, null],
      ['refused', false, 29, null],
      ['refused', false, 31, null],
      ['mismatch', true, 900, null],
      ['mismatch', true, 401, adminId],
      ['second_trade', true, 399, adminId],
    ] as const;
    for (const [verdict, quarantined, days, by] of rows) {
      await db.sql(
        `INSERT INTO alipay_notices (verdict, quarantined, params, received_at, resolved_at,
           resolved_by)
         VALUES (?, ?, '{}', UTC_TIMESTAMP(3) - INTERVAL ? DAY,
           IF(? IS NULL, NULL, UTC_TIMESTAMP(3)), ?)`,
        [verdict, quarantined, days, by, by],
      );
    }
    await app.get(QuarantineService).deleteOld();
    const left = await db.sql<{ what: string }>(
      `SELECT CONCAT(verdict, ' ', DATEDIFF(UTC_TIMESTAMP(), received_at)) AS what
       FROM alipay_notices WHERE id > ? ORDER BY id`,
      [last],
    );
    expect(left.map(({ what }) => what)).toEqual([
      'applied 399',
      'refused 29',
      'mismatch 900',
      'second_trade 399',
    ]);
    await db.sql('DELETE FROM alipay_notices WHERE id > ?', [last]);
  });

  it('what does not fit waits for an administrator, who says what was done [N4]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    const error = vi.spyOn(Logger.prototype, 'error');
    await bench.resend(order.id, { before: { total_amount: '0.01' } });
    expect(error.mock.calls).toEqual([
      [`notify for order ${order.id}: mismatch, expected 650900 fen, got 1 fen`],
    ]);
    error.mockRestore();
    const admin = await bench.admin();
    const path = '/admin/alipay/quarantine/';
    const list = await admin.get<{ count: number; results: Record<string, unknown>[] }>(path);
    expect(list.body).toMatchObject({
      count: 1,
      results: [
        {
          verdict: 'mismatch',
          source: 'notify',
          out_trade_no: order.id,
          params: { total_amount: '0.01' },
          note: null,
        },
      ],
    });
    const id = String(list.body.results[0]?.['id']);
    const note = { note: '金额不符，已联系买家' };
    expect((await order.client.get(path)).status).toBe(403);
    expect((await admin.post(`${path}${id}/resolve/`, { note: ' ' })).status).toBe(400);
    expect((await admin.post(`${path}${id}/resolve/`, note)).body).toMatchObject(note);
    expect((await admin.post(`${path}${id}/resolve/`, note)).body['code']).toBe(
      'QUARANTINE_RESOLVED',
    );
    expect((await admin.post(`${path}999999/resolve/`, note)).status).toBe(404);
    expect((await admin.get(path)).body).toMatchObject({ count: 0 });
    expect((await admin.get(`${path}?state=resolved`)).body).toMatchObject({ count: 1 });
  });

  it('what a query says and does not fit is kept once, however often it is asked [N4]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    const { db } = bench.shop;
    const totals = (fen: number) =>
      db.sql(
        `UPDATE orders o JOIN order_lines l ON l.order_id = o.id JOIN payments p
           ON p.order_id = o.id
         SET o.total_fen = ?, p.amount_fen = ?, l.price_fen = ? WHERE o.id = ?`,
        [fen, fen, fen - 1000, order.id],
      );
    await totals(700_000);
    const before = await counted('payment_quarantined_total');
    const ask = async () => {
      for (let i = 0; i < 3; i += 1) {
        await bench.due(order);
        await bench.sweep();
      }
      expect([await order.status(), await order.verdicts()]).toEqual([1, ['mismatch']]);
      expect((await counted('payment_quarantined_total')) - before).toBe(1);
    };
    await ask();
    // What a person has dealt with does not come back while the gateway says the same.
    await resolveAll(order.id);
    await ask();
    // Another amount is another matter.
    await db.sql(
      `UPDATE alipay_notices SET params = JSON_SET(params, '$.totalFen', 1) WHERE out_trade_no = ?`,
      [order.id],
    );
    await bench.due(order);
    await bench.sweep();
    expect(await order.verdicts()).toEqual(['mismatch', 'mismatch']);
  });

  it('the copies of a notify of an unknown order wait for a person once [N4]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    const id = '2600000000000000001';
    const before = await counted('payment_quarantined_total');
    const send = async (more: object) => {
      for (let copy = 0; copy < 4; copy += 1) {
        const [sent] = await bench.resend(order.id, { before: { out_trade_no: id, ...more } });
        expect(sent?.answer).toBe('fail');
      }
    };
    const flags = async () =>
      (
        await bench.shop.db.sql<{ quarantined: number }>(
          'SELECT quarantined FROM alipay_notices WHERE out_trade_no = ? ORDER BY id',
          [id],
        )
      ).map(({ quarantined }) => quarantined);
    await send({});
    expect(await flags()).toEqual([1, 0, 0, 0]);
    await resolveAll(id);
    await send({});
    expect(await flags()).toEqual([1, ...Array<number>(7).fill(0)]);
    expect((await counted('payment_quarantined_total')) - before).toBe(1);
    await send({ notify_id: 'another' });
    expect(await flags()).toEqual([1, ...Array<number>(7).fill(0), 1, 0, 0, 0]);
  });

  it('a notify that says something else under the id of another waits for a person too [N4]', async () => {
    const order = await bench.unpaid();
    await bench.shop.pay(await order.payUrl());
    for (const total_amount of ['0.01', '0.02', '0.01', '0.02']) {
      await bench.resend(order.id, { before: { total_amount, notify_id: 'the-same' } });
    }
    const kept = await bench.shop.db.sql<{ quarantined: number; amount: string }>(
      `SELECT quarantined, JSON_VALUE(params, '$.total_amount') AS amount
       FROM alipay_notices WHERE out_trade_no = ? AND verdict = 'mismatch' ORDER BY id`,
      [order.id],
    );
    expect(kept).toEqual([
      { quarantined: 1, amount: '0.01' },
      { quarantined: 1, amount: '0.02' },
      { quarantined: 0, amount: '0.01' },
      { quarantined: 0, amount: '0.02' },
    ]);
  });

  /** An administrator has dealt with all there is of an order. */
  async function resolveAll(outTradeNo: string): Promise<void> {
    await bench.shop.db.sql(
      `UPDATE alipay_notices SET resolved_at = UTC_TIMESTAMP(3),
         resolved_by = (SELECT MIN(id) FROM users)
       WHERE out_trade_no = ? AND quarantined AND resolved_at IS NULL`,
      [outTradeNo],
    );
  }

  /** Posts a form to the notify address; its answer. */
  async function post(body: string): Promise<string> {
    const response = await fetch(new URL('/payment/alipay/notify/', bench.shop.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(response.status).toBe(200);
    return response.text();
  }

  /** The sum of a counter over its labels. */
  async function counted(name: string): Promise<number> {
    const { values } = await registry.getSingleMetric(name)!.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  /** Notifies the sandbox would still send again. */
  async function unacknowledged(): Promise<number> {
    const { notifies } = await bench.look<{ notifies: { acknowledged: boolean }[] }>('notifies');
    return notifies.filter(({ acknowledged }) => !acknowledged).length;
  }
});
