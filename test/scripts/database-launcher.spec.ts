import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, startDatabase } from '../../scripts/lib/mariadb.mjs';

let folder: string;
let dir: string;
const started: Database[] = [];

async function start(options: Partial<Parameters<typeof startDatabase>[0]> = {}) {
  const database = await startDatabase({ dir, durable: false, ...options });
  started.push(database);
  return database;
}

async function query(database: Database, sql: string): Promise<RowDataPacket[]> {
  const connection: Connection = await createConnection(database.url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Runs statements that may use `startDatabase` and `dir` in a process of their own. */
function runScript(statements: string) {
  const launcher = new URL('../../scripts/lib/mariadb.mjs', import.meta.url).href;
  const script = `
    import { existsSync } from 'node:fs';
    import { startDatabase } from ${JSON.stringify(launcher)};
    const dir = ${JSON.stringify(dir)};
    ${statements}`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meiduo-launcher-'));
  dir = join(folder, 'database');
});

afterEach(async () => {
  for (const database of started.splice(0)) {
    await database.stop();
  }
  rmSync(folder, { recursive: true });
});

describe('a private database', () => {
  it('is a utf8mb4, READ COMMITTED server that its own user alone may enter', async () => {
    const database = await start();
    const [row] = await query(
      database,
      'SELECT CURRENT_USER() AS me, @@character_set_database AS charset, @@tx_isolation AS level',
    );
    expect(row).toEqual({
      me: 'meiduo@127.0.0.1',
      charset: 'utf8mb4',
      level: 'READ-COMMITTED',
    });
    for (const user of ['root', '', 'mariadb.sys', 'meiduo']) {
      const intruder = createConnection({ host: database.host, port: database.port, user });
      await expect(intruder, `"${user}" without a password`).rejects.toMatchObject({
        code: 'ER_ACCESS_DENIED_ERROR',
      });
    }
  });

  it('gives its user all of its own database and nothing beyond', async () => {
    const database = await start();
    await query(database, 'CREATE TABLE mine (id INT PRIMARY KEY)');
    for (const sql of [
      'SELECT * FROM mysql.global_priv',
      'SET GLOBAL max_connections = 5',
      'CREATE DATABASE another',
    ]) {
      await expect(query(database, sql), sql).rejects.toThrow(/denied/);
    }
  });

  it('may create databases where tests ask for that', async () => {
    const database = await start({ createDatabases: true });
    await query(database, 'CREATE DATABASE another');
    const rows = await query(database, "SHOW DATABASES LIKE 'another'");
    expect(rows).toHaveLength(1);
  });

  it('keeps its password for the owner alone', async () => {
    const database = await start();
    const file = join(dir, 'password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(database.password).toMatch(/^[0-9a-f]{48}$/);
  });

  it('works with the flushing that keeps every commit', async () => {
    const database = await start({ durable: true });
    const [row] = await query(database, 'SELECT @@innodb_flush_log_at_trx_commit AS flush');
    expect(row).toEqual({ flush: 1 });
  });
});

describe('the data of a private database', () => {
  it('is there after a restart, under the same password', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept (id INT PRIMARY KEY)');
    await query(first, 'INSERT INTO kept VALUES (42)');
    await first.stop();
    const second = await start();
    expect(second.password).toBe(first.password);
    expect(await query(second, 'SELECT id FROM kept')).toEqual([{ id: 42 }]);
  });

  it('is there after the server was killed', async () => {
    const first = await start({ durable: true });
    await query(first, 'CREATE TABLE kept (id INT PRIMARY KEY)');
    await query(first, 'INSERT INTO kept VALUES (42)');
    first.kill('SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await first.stop();
    const second = await start();
    expect(await query(second, 'SELECT id FROM kept')).toEqual([{ id: 42 }]);
  });

  it('is not left half made by a creation that was cut short', async () => {
    const half = JSON.stringify(join(dir, 'data.tmp', 'ibdata1'));
    const creation = runScript(
      `startDatabase({ dir, durable: true });
       setInterval(() => existsSync(${half}) && process.kill(process.pid, 'SIGKILL'), 1);`,
    );
    await once(creation, 'exit');
    expect(readdirSync(dir)).toContain('data.tmp');
    const database = await start();
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(dir, 'data.tmp'))).toBe(false);
  });
});

describe('a folder in use', () => {
  it('is refused at once, in one sentence that names the process', async () => {
    await start();
    await expect(start()).rejects.toThrow(
      `The database in ${dir} is already in use by process ${process.pid}.`,
    );
  });

  it('goes to exactly one of several who start at the same moment', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const states = outcomes.map(({ status }) => status).toSorted();
    expect(states).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('is taken over from a launcher that was killed, whose server is ended first', async () => {
    const launcher = runScript(
      `const { pid } = await startDatabase({ dir, durable: false });
       console.log(pid);`,
    );
    const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
    const orphan = Number(line.toString());
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    const database = await start();
    expect(database.pid).not.toBe(orphan);
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is free again after a start that failed', async () => {
    await expect(start({ options: ['--no-such-option'] })).rejects.toThrow(/did not start/);
    await start();
  });
});

it('gives each of several makers of a new database a complete one', async () => {
  const databases = await Promise.all(
    ['a', 'b', 'c'].map((name) => start({ dir: join(folder, name) })),
  );
  for (const database of databases) {
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }
  expect(new Set(databases.map(({ password }) => password)).size).toBe(3);
});
