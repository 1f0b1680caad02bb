import { cpus, totalmem } from 'node:os';

/** One line that names the machine, for whoever compares numbers. */
export function machine(databaseVersion: string): string {
  const [cpu] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return (
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memoryGb} GB; ` +
    `Node.js ${process.versions.node}; ${databaseVersion}, flush at every commit; ` +
    'load generator, API and database on this machine'
  );
}
