/**
 * Two buyers, three products and whatever they may do, in any order: the shop answers and holds what
 * a model of a few maps says. A divergence is shrunk and told with its seed; G17_SEED=… repeats it.
 */
import fc, { NEW_SEED } from '../kit/fast-check.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figure, FULL } from '../kit/figure.js';
import { type ShopWithSandbox, startShopWithSandbox } from '../kit/sandbox.js';
import { ModelShop, RIGHT, type Rules, SKUS, type Step, USERS } from './model-shop.js';
import { RealShop } from './real-shop.js';

const RUNS = FULL ? 5000 : 60;
const LIMIT_MS = FULL ? 1_300_000 : 300_000;
const COMMANDS_MAX = 60;
const SEED = Number(process.env['G17_SEED'] ?? NEW_SEED);
const HOUR_MS = 3_600_000;

const user = fc.nat(USERS - 1);
const sku = fc.nat(SKUS - 1);
const count = fc.integer({ min: 1, max: 6 });

/** A step that may name one of the orders there are, by any number, and mostly by their owner. */
type Wish = Step & { readonly stranger?: boolean };

const WISHES: readonly fc.WeightedArbitrary<Wish>[] = [
  ...(['add', 'set'] as const).map((kind) => ({
    weight: kind === 'add' ? 12 : 2,
    arbitrary: fc.record({
      kind: fc.constant(kind),
      user,
      sku,
      count,
      selected: fc.boolean().map((one) => one || kind === 'add'),
    }),
  })),
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), user, sku }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick'), user, selected: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look'), user }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('buy'),
      user,
      payMethod: fc.constantFrom(1, 2, 2, 2),
      key: fc.constantFrom(null, null, 'a', 'b', 'A'),
      amount: fc.constantFrom('none', 'none', 'right', 'wrong'),
    }),
  },
  ...(['open', 'pay', 'cancel', 'refund'] as const).map((kind) => ({
    weight: kind === 'open' ? 1 : 3,
    arbitrary: fc.record({
      kind: fc.constant(kind),
      user,
      order: fc.nat(99),
      stranger: fc.constantFrom(false, false, false, false, true),
    }),
  })),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('restock'),
      sku,
      delta: fc.integer({ min: -6, max: 9 }).filter((delta) => delta !== 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('price'),
      sku,
      priceFen: fc.integer({ min: 1, max: 5000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('launch'),
      sku,
      on: fc.constantFrom(true, true, false),
    }),
  },
];

let commands = 0;

class Command implements fc.AsyncCommand<ModelShop, RealShop> {
  constructor(private readonly wish: Wish) {}

  /** Nobody can name an order before there is one. */
  check(model: Readonly<ModelShop>): boolean {
    return !('order' in this.wish) || model.orders.length > 0;
  }

  async run(model: ModelShop, real: RealShop): Promise<void> {
    commands += 1;
    const step = meant(this.wish, model);
    const amountFen =
      step.kind !== 'buy' || step.amount === 'none'
        ? undefined
        : model.totalFen(step.user) + (step.amount === 'wrong' ? 1 : 0);
    const expected = model.apply(step);
    expect(await real.apply(step, amountFen)).toEqual(expected);
    expect(await real.held()).toEqual(model.held());
  }

  toString(): string {
    return JSON.stringify(this.wish);
  }
}

function meant(wish: Wish, { orders }: ModelShop): Step {
  if (!('order' in wish)) {
    return wish;
  }
  const { stranger, ...step } = wish;
  const order = step.order % orders.length;
  const owner = orders[order]?.user ?? 0;
  return { ...step, order, user: stranger ? (owner + 1) % USERS : owner };
}

describe('the shop and its model', () => {
  let shop: ShopWithSandbox;
  beforeAll(async () => {
    shop = await startShopWithSandbox();
  });
  afterAll(() => shop.close());

  const property = (rules: Rules) =>
    fc.asyncProperty(
      fc.commands([fc.oneof(...WISHES).map((wish) => new Command(wish))], {
        maxCommands: COMMANDS_MAX,
        size: 'max',
      }),
      async (steps) => {
        const real = await RealShop.open(shop);
        await fc.asyncModelRun(() => ({ model: new ModelShop(rules), real }), steps);
        expect(await real.wrong()).toEqual([]);
      },
    );

  it(
    `G17: never diverge (G17_SEED=${SEED})`,
    async () => {
      const told = await fc.check(property(RIGHT), {
        seed: SEED,
        numRuns: RUNS,
        interruptAfterTimeLimit: LIMIT_MS,
        includeErrorInReport: true,
      });
      const message = await fc.asyncDefaultReportMessage(told);
      expect(message, `G17_SEED=${SEED}`).toBeUndefined();
      figure(
        'G17',
        'sequences against the model',
        `${RUNS}, 0 divergences`,
        `${told.numRuns} (${commands} commands), 0 divergences, seed ${SEED}`,
        !FULL || told.numRuns >= RUNS,
      );
    },
    HOUR_MS,
  );

  it.each<[string, Partial<Rules>]>([
    ['a canceled order keeps its stock', { cancelGivesBack: false }],
    ['an order takes nothing', { buyingTakesStock: false }],
    ['a key is forgotten', { keysAreKept: false }],
  ])('G17: a model in which %s is found to differ', async (_, wrong) => {
    const told = await fc.check(property({ ...RIGHT, ...wrong }), {
      seed: 17,
      numRuns: 100,
      endOnFailure: true,
    });
    expect(told.failed).toBe(true);
    expect(told.counterexample).not.toBeNull();
  });
});
