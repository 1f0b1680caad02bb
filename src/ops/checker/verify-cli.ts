import { check, sentence, withCheckConnection } from './check.js';
import { INVARIANTS } from './invariants.js';

/**
 * `node dist/src/ops/checker/verify-cli.js`: checks every invariant on all rows of DATABASE_URL and
 * prints a table. Exit 0: all hold; 1: some do not, and the rows are named; 2: the check could not
 * be made.
 */
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});

async function main(): Promise<number> {
  if (process.argv.length > 2) {
    throw new Error(`it takes no arguments, and was given ${process.argv.slice(2).join(' ')}`);
  }
  const url = process.env['DATABASE_URL'];
  if (!url) {
    throw new Error('DATABASE_URL is not set');
  }
  const since = performance.now();
  const at = { url, tls: process.env['DATABASE_TLS'] };
  const findings = await withCheckConnection(at, (reader) => check(reader));
  const offendersOf = new Map(findings.map(({ rule, offenders }) => [rule.id, offenders.length]));
  for (const { id, severity, title } of INVARIANTS) {
    const offenders = String(offendersOf.get(id) ?? 0).padStart(9);
    process.stdout.write(`${id}  ${severity.padEnd(8)}  ${offenders}  ${title}\n`);
  }
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(
    findings.length === 0
      ? `All ${INVARIANTS.length} invariants hold (${seconds} s).\n`
      : `\n${findings.map((finding) => `${sentence(finding)}\n`).join('')}`,
  );
  return findings.length === 0 ? 0 : 1;
}
