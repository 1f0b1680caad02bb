import { requireNode } from './lib/node-version.mjs';

requireNode();
const { takesNoArguments } = await import('./lib/arguments.mjs');
const { runMain } = await import('./lib/problem.mjs');
const { startShop } = await import('./lib/start-shop.mjs');

/** `npm start` (once) and `npm run dev` (`--watch`: again at every change of the sources). */
await runMain(async () => {
  const [first, ...more] = process.argv.slice(2);
  const watch = first === '--watch';
  takesNoArguments(watch ? 'npm run dev' : 'npm start', watch ? more : process.argv.slice(2));
  await startShop({ watch });
});
