import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LOG_FILE_SIZE, asRoot, bootstrap, copyTemplate, findServer } from './mariadb-files.mjs';
import { holderOf } from './lock.mjs';
import { installPackages } from './packages.mjs';
import { freePort } from './ports.mjs';
import { runUntilReady, withServerFolder } from './private-server.mjs';
import { Problem } from './problem.mjs';
import { keptSecret } from './secrets.mjs';

export { findServer } from './mariadb-files.mjs';

const HOST = '127.0.0.1';

const NO_SERVER = [
  'No MariaDB or MySQL server was found, and none could be installed here. Choose one:',
  '  - use a database you have:  DATABASE_URL=mysql://user:password@host:3306/name npm start',
  '  - install a server:         apt-get install mariadb-server-core   (macOS: brew install mariadb)',
  '  - use Docker Compose:       docker compose up',
].join('\n');

/**
 * Finds a database server's binary, or installs one with the system's package manager.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<import('./mariadb.d.mts').ServerProgram>}
 * @throws {Problem} naming the choices when there is none and none can be installed
 */
export async function ensureServer({ log = console.log } = {}) {
  const found = findServer();
  if (found) {
    return found;
  }
  const installed = await installPackages(['mariadb-server-core'], log);
  const server = installed ? findServer() : undefined;
  if (!server) {
    throw new Problem(NO_SERVER);
  }
  return server;
}

/**
 * Starts a private database server with its data below `dir`, reachable on loopback only, and
 * comes back when it takes connections. Data of an earlier run is kept and, after a crash,
 * recovered by the server itself.
 * @param {import('./mariadb.d.mts').DatabaseOptions} options
 * @returns {Promise<import('./mariadb.d.mts').Database>}
 * @throws {Problem} at once when a living process uses this folder, or when the server fails
 */
export async function startDatabase(options) {
  const dir = path.resolve(options.dir);
  return withServerFolder(dir, 'database', (lock) => launch(dir, lock, options));
}

/**
 * @param {string} dir
 * @param {import('./private-server.mjs').Lock} lock
 * @param {import('./mariadb.d.mts').DatabaseOptions} options
 * @returns {Promise<import('./mariadb.d.mts').Database>}
 */
async function launch(dir, lock, options) {
  const { durable = true, log } = options;
  const server = await ensureServer({ log });
  const dataDir = path.join(dir, 'data');
  if (!fs.existsSync(dataDir) && durable) {
    await bootstrap(server, dataDir, (pid) => lock.adopt(pid));
  } else if (!fs.existsSync(dataDir)) {
    await copyTemplate(server, dataDir);
  }
  const account = {
    user: options.user ?? 'meiduo',
    password: options.password ?? keptSecret(path.join(dir, 'password')),
    database: options.database ?? 'meiduo',
  };
  const port = options.port ?? (await freePort());
  fs.rmSync(urlFile(dir), { force: true });
  fs.mkdirSync(tmpDir(dir), { recursive: true, mode: 0o700 });
  const initFile = path.join(dir, 'init.sql');
  fs.writeFileSync(initFile, initSql(server, account, options), { mode: 0o600 });
  const args = [
    ...serverOptions(server, dir, { port, durable }),
    `--init-file=${initFile}`,
    ...(options.options ?? []),
  ];
  const child = await runUntilReady(
    { name: 'database', program: server.file, args, dir, ready: /ready for connections/ },
    lock,
  );
  fs.rmSync(initFile);
  const url = `mysql://${account.user}:${encodeURIComponent(account.password)}@${HOST}:${port}/${account.database}`;
  fs.writeFileSync(urlFile(dir), url, { mode: 0o600 });
  return {
    host: HOST,
    port,
    ...account,
    url,
    pid: child.pid,
    exited: child.exited,
    kill: (signal = 'SIGKILL') => void child.process.kill(signal),
    async stop() {
      await child.stop(30_000);
      fs.rmSync(socketPath(dir), { force: true });
      fs.rmSync(urlFile(dir), { force: true });
      lock.release();
    },
  };
}

/**
 * The address of the private server that runs on `dir` at this moment, with its password.
 * @param {string} dir
 * @returns {string | undefined} undefined when none does
 */
export function runningDatabase(dir) {
  const isHeld = holderOf(path.join(dir, 'lock.json')) !== undefined;
  return isHeld && fs.existsSync(urlFile(dir)) ? fs.readFileSync(urlFile(dir), 'utf8') : undefined;
}

/** @param {string} dir @returns {string} */
function urlFile(dir) {
  return path.join(dir, 'url');
}

/** @param {string} dir */
function tmpDir(dir) {
  return path.join(dir, 'tmp');
}

/** @param {string} dir @returns {string} socket paths may be 107 bytes long at most */
function socketPath(dir) {
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  return path.join(os.tmpdir(), `meiduo-${hash}.sock`);
}

/**
 * @param {import('./mariadb.d.mts').ServerProgram} server
 * @param {string} dir
 * @param {{ port: number, durable: boolean }} wanted
 * @returns {string[]}
 */
function serverOptions(server, dir, { port, durable }) {
  const common = [
    '--no-defaults',
    ...asRoot(),
    `--datadir=${path.join(dir, 'data')}`,
    `--socket=${socketPath(dir)}`,
    `--pid-file=${path.join(dir, 'server.pid')}`,
    // A server that starts empties its folder for temporary tables, so none may share one.
    `--tmpdir=${tmpDir(dir)}`,
    `--bind-address=${HOST}`,
    `--port=${port}`,
    '--skip-name-resolve',
    '--skip-log-bin',
    '--performance-schema=OFF',
    '--character-set-server=utf8mb4',
    '--transaction-isolation=READ-COMMITTED',
    '--innodb-buffer-pool-size=64M',
    '--innodb-lock-wait-timeout=10',
    '--max-connections=300',
    `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
    ...(durable ? [] : ['--skip-innodb-doublewrite']),
  ];
  return server.family === 'mariadb'
    ? [...common, LOG_FILE_SIZE, '--log-warnings=1']
    : [...common, LOG_FILE_SIZE, '--mysqlx=OFF'];
}

/**
 * The statements a server runs at every start, before it takes connections.
 * @param {import('./mariadb.d.mts').ServerProgram} server
 * @param {{ user: string, password: string, database: string }} account
 * @param {{ createDatabases?: boolean, admin?: boolean }} options
 */
function initSql(server, { user, password, database }, { createDatabases = false, admin = false }) {
  const who = `'${user}'@'${HOST}'`;
  const words = password.replaceAll('\\', '\\\\').replaceAll("'", "''");
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4;`,
    `CREATE USER IF NOT EXISTS ${who};`,
    `ALTER USER ${who} IDENTIFIED BY '${words}';`,
    `GRANT ALL PRIVILEGES ON \`${database}\`.* TO ${who};`,
    ...(createDatabases
      ? [`GRANT ALL PRIVILEGES ON \`%\`.* TO ${who};`, `GRANT PROCESS ON *.* TO ${who};`]
      : []),
    ...(admin
      ? [
          `CREATE USER IF NOT EXISTS 'admin'@'${HOST}' IDENTIFIED BY '${words}';`,
          `GRANT ALL PRIVILEGES ON *.* TO 'admin'@'${HOST}' WITH GRANT OPTION;`,
        ]
      : []),
    ...(server.family === 'mysql' ? ["ALTER USER 'root'@'localhost' ACCOUNT LOCK;"] : []),
    '',
  ].join('\n');
}
