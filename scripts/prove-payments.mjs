import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { provePayments } = await import('./lib/prove-payments.mjs');

/**
 * `npm run prove:payments`: the whole matrix and the figures of the payment loop in full, ending with
 * one table. When all of it holds, the table is written into docs/alipay.md.
 */
await runMain(async () => {
  takesNoArguments('npm run prove:payments');
  await provePayments();
});
