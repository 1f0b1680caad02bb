import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDatabase } from '../../scripts/lib/mariadb.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server all test files share; each makes a database of its own in it. */
    database: { host: string; port: number; user: string; password: string };
  }
}

/** One database server for the whole run, in a temporary folder, gone with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-test-'));
  const server = await startDatabase({ dir, durable: false, createDatabases: true });
  const { host, port, user, password } = server;
  project.provide('database', { host, port, user, password });
  return async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
