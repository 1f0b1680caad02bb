import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDatabase } from '../../scripts/lib/mariadb.mjs';

interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A server all test files share; each makes a database of its own in it. */
    database: DatabaseServer;
  }
}

/**
 * One database server for the whole run, in a temporary folder, gone with the run. A run of mutants
 * brings the one that all its processes share.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = process.env['MUTATION_DATABASE'];
  if (shared !== undefined) {
    project.provide('database', JSON.parse(shared) as DatabaseServer);
    return () => Promise.resolve();
  }
  const dir = mkdtempSync(join(tmpdir(), 'meiduo-test-'));
  const server = await startDatabase({ dir, durable: false, createDatabases: true });
  const { host, port, user, password } = server;
  project.provide('database', { host, port, user, password });
  return async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
