/**
 * The figures of the payment loop. `npm test` runs a sample of each, `npm run prove:payments`
 * (FIGURES=full) all of it and prints them. The seed of what is random is in every failure message.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from '../kit/fast-check.js';
import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../../scripts/lib/ports.mjs';
import { PaymentGateway } from '../../src/payment/gateway/payment-gateway.js';
import { Client, tokenFor } from '../kit/client.js';
import { figure, FULL } from '../kit/figure.js';
import { spawnShop } from '../kit/process.js';
import { Bench, type Order } from './kit.js';
import { type Event, EVENTS } from './storms.js';

const ORDERINGS = FULL ? 720 : 24;
const RACES = FULL ? 1000 : 20;
const MUTATIONS = FULL ? 20_000 : 400;
const HOURS_MS = 3_600_000;

function permutations<T>(items: readonly T[]): T[][] {
  return items.length < 2
    ? [[...items]]
    : items.flatMap((item, i) =>
        permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
      );
}

describe('the figures', () => {
  const bench = new Bench();

  /** How an order ended, read from the books of the shop and of the gateway. */
  async function ending(order: Order): Promise<string> {
    await bench.shop.flush();
    await bench.due(order);
    await bench.sweep();
    await bench.due(order);
    await bench.runRefunds();
    const detail = await order.detail();
    const payment = detail['payment'] as Record<string, string> | null;
    const { status, body } = await bench.shop.sandbox.get(`/sandbox/trades/${order.id}`);
    const taken = status === 200 && Boolean(body['paid_at'] ?? body['gmt_payment']);
    if (detail['status'] === 2) {
      const right = payment?.['status'] === 'success' && payment['refunded'] === '0.00';
      return right && payment['amount'] === detail['total_amount'] ? 'paid' : 'wrong';
    }
    if (detail['status'] !== 6 || (await order.stock()) !== 5) {
      return 'wrong';
    }
    if (payment?.['status'] === 'success') {
      const [ours, theirs] = [payment['refunded'], body['refunded_amount']];
      const isBack = ours === payment['amount'] && theirs === payment['amount'];
      return isBack ? 'closed and refunded' : 'wrong';
    }
    return taken ? 'money kept for nothing' : 'closed unpaid';
  }

  /** Lets the events happen; the buyer pays right before the first one that speaks of a payment. */
  async function happen(order: Order, events: readonly Event[]): Promise<void> {
    const page = await order.payUrl();
    let returnUrl: string | null | undefined;
    for (const event of events) {
      if (['notify', 'duplicate', 'return'].includes(event) && returnUrl === undefined) {
        const { body } = await bench.shop.sandbox.post('/sandbox/trades/pay', { page_url: page });
        returnUrl = (body['return_url'] as string | undefined) ?? null;
      }
      await step(order, event, returnUrl ?? undefined);
    }
  }

  async function step(order: Order, event: Event, returnUrl: string | undefined): Promise<void> {
    switch (event) {
      case 'notify':
        await bench.control('notifies/flush', { out_trade_no: order.id });
        break;
      case 'duplicate':
        await bench.shop.sandbox.post('/sandbox/notifies/resend', { out_trade_no: order.id });
        break;
      case 'cancel':
        await order.client.post(`/orders/${order.id}/cancel/`);
        break;
      case 'query':
        await order.client.get(`/orders/${order.id}/payment/status/`);
        break;
      case 'sweep':
        // Only our clock runs out: the gateway still takes money, which is the hard case.
        await bench.expire(order, '1s');
        await bench.sweep();
        break;
      case 'return':
        if (returnUrl) {
          await bench.confirm(returnUrl);
        }
    }
  }

  it(
    `G8: every order of ${EVENTS.join(', ')} ends paid, or closed with the money back`,
    async () => {
      const all = permutations(EVENTS);
      const chosen = all.filter((_, i) => i % (all.length / ORDERINGS) === 0);
      expect(chosen).toHaveLength(ORDERINGS);
      const endings = new Map<string, number>();
      for (const events of chosen) {
        const order = await bench.unpaid();
        await happen(order, events);
        const end = await ending(order);
        expect(end, events.join(' ')).toMatch(/^(paid|closed and refunded|closed unpaid)$/);
        endings.set(end, (endings.get(end) ?? 0) + 1);
      }
      expect(endings.get('paid')).toBeGreaterThan(0);
      expect(endings.get('closed and refunded')).toBeGreaterThan(0);
      const said = [...endings].map(([end, n]) => `${n} ${end}`).join(', ');
      const wanted = `${ORDERINGS} of ${all.length} right`;
      figure('G8', 'orders of six events', wanted, `${ORDERINGS} right: ${said}`);
    },
    HOURS_MS,
  );

  it(
    'G8: cancel against pay, in two processes: exactly one of them wins',
    async () => {
      const { db, settings } = bench.shop;
      const port = await freePort();
      const [takesNotifies, cancels] = await Promise.all([
        spawnShop(db.url, {
          ...settings,
          PORT: String(port),
          ALIPAY_NOTIFY_URL: `http://127.0.0.1:${port}/payment/alipay/notify/`,
        }),
        spawnShop(db.url, settings),
      ]);
      const wins = { paid: 0, canceled: 0 };
      try {
        for (let round = 0; round < RACES; round += 1) {
          const order = await bench.unpaid();
          const client = (url: string) => new Client(url, tokenFor(order.buyer.id));
          const { body } = await client(takesNotifies.url).get(`/orders/${order.id}/payment/`);
          const pay = async () => {
            await bench.shop.sandbox.post('/sandbox/trades/pay', { page_url: body['alipay_url'] });
            await bench.control('notifies/flush', { out_trade_no: order.id });
          };
          const cancel = () => client(cancels.url).post(`/orders/${order.id}/cancel/`);
          const [first, second] = round % 8 < 4 ? [cancel, pay] : [pay, cancel];
          // Now one and now the other has a head start, since one way is always the shorter one;
          // the longest is until it is over, so that each of them wins at times.
          const head = first();
          await (round % 4 === 3 ? head : sleep(5 * (round % 4)));
          await Promise.all([head, second()]);
          const end = await ending(order);
          expect(end, `round ${round}`).toMatch(/^(paid|closed and refunded|closed unpaid)$/);
          wins[end === 'paid' ? 'paid' : 'canceled'] += 1;
        }
      } finally {
        await Promise.all([takesNotifies.stop(), cancels.stop()]);
      }
      expect(wins.paid).toBeGreaterThan(0);
      expect(wins.canceled).toBeGreaterThan(0);
      figure(
        'G8',
        'cancel against pay, two processes',
        `${RACES} rounds, one winner each`,
        `${RACES} rounds: ${wins.paid} paid, ${wins.canceled} canceled`,
      );
    },
    HOURS_MS,
  );

  it('G8: the harness sees a refund that is booked and was never sent', async () => {
    const order = await bench.unpaid();
    const gateway = bench.shop.app.get(PaymentGateway);
    const bug = vi.spyOn(gateway, 'refund').mockResolvedValue({ kind: 'moved', at: undefined });
    await happen(order, ['cancel', 'notify']);
    const end = await ending(order);
    expect(bug).toHaveBeenCalledTimes(1);
    bug.mockRestore();
    expect((await order.detail())['payment']).toMatchObject({ refunded: '6509.00' });
    expect(end).toBe('wrong');
  });

  function post(form: [string, string][]): Promise<Response> {
    return fetch(new URL('/payment/alipay/notify/', bench.shop.url), {
      method: 'POST',
      body: new URLSearchParams(form),
    });
  }

  /** The notify of an order that is paid at the gateway. It was not sent. */
  async function genuineOf(order: Order): Promise<[string, string][]> {
    await bench.shop.pay(await order.payUrl());
    const { forms } = await bench.control<{ forms: { body: string }[] }>('notifies/resend', {
      out_trade_no: order.id,
      dry_run: true,
    });
    return [...new URLSearchParams(forms[0]?.body)];
  }

  /** Nothing but the genuine notify is answered `success`, and nothing is a fault. */
  function isRefusedWhenMutated(genuine: [string, string][]) {
    const mutation = fc.record({
      field: fc.nat(genuine.length - 1),
      kind: fc.constantFrom('value', 'drop', 'twice', 'rename', 'char', 'empty'),
      text: fc.string({ unit: 'grapheme', maxLength: 30 }),
      at: fc.nat(200),
    });
    const same = (form: [string, string][]) => JSON.stringify(form) === JSON.stringify(genuine);
    return fc.asyncProperty(mutation, async ({ field, kind, text, at }) => {
      const form = mutate(genuine, field, kind, text, at);
      fc.pre(!same(form));
      const answer = await post(form);
      expect(answer.status).toBeLessThan(500);
      expect(await answer.text()).not.toBe('success');
    });
  }

  it(
    'G9: mutated notifies change nothing and are never a fault',
    async () => {
      const order = await bench.unpaid();
      const genuine = await genuineOf(order);
      await fc.assert(isRefusedWhenMutated(genuine), { numRuns: MUTATIONS });
      expect(await order.status()).toBe(1);
      expect(await order.verdicts()).toEqual([]);
      expect(await (await post(genuine)).text()).toBe('success');
      expect(await order.status()).toBe(2);
      figure(
        'G9',
        'mutated notifies',
        `${MUTATIONS}, no change, no 5xx`,
        `${MUTATIONS}, no change, no 5xx`,
      );
    },
    HOURS_MS,
  );

  it('G9: the harness sees a shop that believes what nobody has signed', async () => {
    const order = await bench.unpaid();
    const genuine = await genuineOf(order);
    const gateway = bench.shop.app.get(PaymentGateway);
    const facts = gateway.readNotify(Object.fromEntries(genuine));
    const bug = vi.spyOn(gateway, 'readNotify').mockReturnValue(facts);
    const { failed } = await fc.check(isRefusedWhenMutated(genuine), { endOnFailure: true });
    bug.mockRestore();
    expect(failed).toBe(true);
    expect(await order.status()).toBe(2);
  });
});

function mutate(
  genuine: readonly [string, string][],
  field: number,
  kind: string,
  text: string,
  at: number,
): [string, string][] {
  const form = genuine.map(([name, value]): [string, string] => [name, value]);
  const [name, value] = form[field] ?? ['', ''];
  switch (kind) {
    case 'drop':
      form.splice(field, 1);
      break;
    case 'twice':
      form.push([name, text]);
      break;
    case 'rename':
      form[field] = [`${name}x`, value];
      break;
    case 'char':
      form[field] = [name, value.slice(0, at) + text.slice(0, 1) + value.slice(at + 1)];
      break;
    case 'empty':
      form[field] = [name, ''];
      break;
    default:
      form[field] = [name, text];
  }
  return form;
}
