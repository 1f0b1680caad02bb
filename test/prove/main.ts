import 'reflect-metadata';
import { tmpdir } from 'node:os';
import { runMain } from '../../scripts/lib/problem.mjs';
import { createDatabase } from '../bench/database.js';
import { table } from '../bench/report.js';
import { type Servers, withServers } from '../bench/servers.js';
import { type ProveOptions, readOptions } from './options.js';
import { isExact, type Proof, prove } from './prove.js';

const WRONG_SHOWN_MAX = 10;

await runMain(async () => {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.log(options);
    return;
  }
  const proofs = await withServers({ parent: tmpdir(), durable: false }, (servers) =>
    proveAll(options, servers),
  );
  console.log(proofTable(proofs));
  for (const { strategy, wrong } of proofs) {
    wrong.slice(0, WRONG_SHOWN_MAX).forEach((sentence) => console.log(`${strategy}: ${sentence}`));
    if (wrong.length > WRONG_SHOWN_MAX) {
      console.log(`${strategy}: and ${wrong.length - WRONG_SHOWN_MAX} more`);
    }
  }
  const exact = proofs.every(isExact);
  console.log(exact ? 'Every row is exact.' : 'NOT EXACT.');
  process.exitCode = exact ? 0 : 1;
});

async function proveAll(options: ProveOptions, { database, redis }: Servers): Promise<Proof[]> {
  const { buyers, units, processes, carts, strategies } = options;
  console.log(
    `${buyers} buyers, ${units} units of each product, ${processes} processes, ` +
      `${carts.min} to ${carts.max} products in a cart\n`,
  );
  const proofs: Proof[] = [];
  for (const strategy of strategies) {
    const db = await createDatabase(database, `prove_${strategy}`);
    proofs.push(await prove(db, redis.url, strategy, options));
    await db.close();
  }
  return proofs;
}

function proofTable(proofs: readonly Proof[]): string {
  return table(
    [
      'strategy',
      'orders',
      'refused',
      'oversold',
      'lost',
      'duplicated',
      'deadlocks',
      'retries',
      'seconds',
      '',
    ],
    proofs.map((proof) => [
      proof.strategy,
      String(proof.orders),
      String(proof.refused),
      String(proof.oversold),
      String(proof.lost),
      String(proof.duplicated),
      String(proof.deadlocks ?? '-'),
      String(proof.retries),
      proof.seconds.toFixed(1),
      isExact(proof) ? 'exact' : 'NOT EXACT',
    ]),
  );
}
