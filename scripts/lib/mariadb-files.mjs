import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { findProgram, startChild } from './child.mjs';
import { Problem } from './problem.mjs';

const SERVER_FOLDERS = [
  '/usr/sbin',
  '/usr/libexec',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
];

/** The same size at birth and in use: another size would be rebuilt at every start. */
export const LOG_FILE_SIZE = '--innodb-log-file-size=48M';

/** @typedef {import('./mariadb.d.mts').ServerProgram} ServerProgram */

/**
 * Finds a MariaDB or MySQL server binary on PATH and in the usual server folders.
 * @returns {ServerProgram | undefined}
 */
export function findServer() {
  const file = findProgram(['mariadbd', 'mysqld'], SERVER_FOLDERS);
  if (!file) {
    return undefined;
  }
  const version = execFileSync(file, ['--no-defaults', '--version'], { encoding: 'utf8' }).trim();
  return { file, family: version.includes('MariaDB') ? 'mariadb' : 'mysql', version };
}

/** The server refuses to run as root unless it is told that this is meant. */
export function asRoot() {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/**
 * Reads the scripts that make MariaDB's own tables. Feeding them directly needs nothing but the
 * server package; mariadb-install-db would need the client packages too, and fills help tables.
 * @param {ServerProgram} server
 */
function systemTables(server) {
  const prefix = path.dirname(path.dirname(fs.realpathSync(server.file)));
  const folders = [prefix, '/usr', '/usr/local'].flatMap((base) =>
    ['mysql', 'mariadb'].map((name) => path.join(base, 'share', name)),
  );
  const folder = folders.find((each) => fs.existsSync(path.join(each, 'mysql_system_tables.sql')));
  if (!folder) {
    throw new Problem(`${server.file} is there, but its mysql_system_tables.sql is not.`);
  }
  const names = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  const scripts = names.map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
  return [
    'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;',
    ...scripts,
    // The scripts make root accounts without a password; nobody but our own user may come in.
    "DELETE FROM global_priv WHERE User <> 'mariadb.sys';\nDELETE FROM proxies_priv;\n",
  ].join('\n');
}

/**
 * Makes a new data folder. It is built under another name and renamed when complete, so that a
 * crash half way leaves nothing that looks like a database.
 * @param {ServerProgram} server
 * @param {string} dataDir absolute; must not exist
 * @param {(pid: number) => void} [onStart] told of the process that makes it
 */
export async function bootstrap(server, dataDir, onStart = () => {}) {
  const draft = `${dataDir}.tmp`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { recursive: true, mode: 0o700 });
  const common = ['--no-defaults', ...asRoot(), `--datadir=${draft}`, LOG_FILE_SIZE];
  if (server.family === 'mariadb') {
    const small = ['--innodb-buffer-pool-size=16M', '--log-warnings=0'];
    await feed(server.file, [...common, ...small, '--bootstrap'], systemTables(server), onStart);
  } else {
    await feed(server.file, [...common, '--initialize-insecure'], '', onStart);
  }
  fs.renameSync(draft, dataDir);
}

/**
 * @param {string} file @param {string[]} args @param {string} input
 * @param {(pid: number) => void} onStart
 */
async function feed(file, args, input, onStart) {
  const child = startChild(file, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  onStart(child.pid);
  const { stdin, stderr } = child.process;
  // A server that ends early closes the pipe; its exit code tells the story.
  stdin?.once('error', () => {});
  stdin?.end(input);
  const errors = stderr ? await text(stderr) : '';
  if ((await child.exited).code !== 0) {
    throw new Problem(`The database could not be created:\n${errors.trim()}`);
  }
}

/**
 * Fills a data folder from a copy kept in the system's temporary folder, which is made by the
 * first caller. Copying is several times faster than making one; several makers may race.
 * @param {ServerProgram} server
 * @param {string} dataDir absolute; must not exist
 */
export async function copyTemplate(server, dataDir) {
  const user = process.getuid?.() ?? 0;
  const key = createHash('sha256')
    .update([server.version, LOG_FILE_SIZE, bootstrap, systemTables].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const template = path.join(os.tmpdir(), `meiduo-database-template-${user}-${key}`);
  if (!fs.existsSync(template)) {
    await makeTemplate(server, template);
  }
  if (fs.statSync(template).uid !== user) {
    throw new Problem(`${template} belongs to another user. Remove it.`);
  }
  const draft = `${dataDir}.tmp`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.cpSync(template, draft, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
  fs.renameSync(draft, dataDir);
}

/** @param {ServerProgram} server @param {string} template */
async function makeTemplate(server, template) {
  const folder = fs.mkdtempSync(`${template}.`);
  const draft = path.join(folder, 'data');
  try {
    await bootstrap(server, draft);
    fs.renameSync(draft, template);
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    // Another maker was faster: its template is as good as ours.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') {
      throw error;
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
