import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runShopProgram } = await import('./lib/shop-program.mjs');

/** `npm run replay -- --since TIME …`: has webhooks sent again. */
await runShopProgram('webhooks/replay-cli.js');
