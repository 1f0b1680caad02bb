import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runShopProgram } = await import('./lib/shop-program.mjs');

/** `npm run reconcile -- [--date YYYY-MM-DD]`: compares Alipay's bill of a day with our books. */
await runShopProgram('payment/reconcile-cli.js', { callsAlipay: true });
