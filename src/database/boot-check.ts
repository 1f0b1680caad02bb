import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { DatabaseUnfitError } from './errors.js';
import { databaseOptions } from './options.js';
import { prepareSessions } from './session.js';

const MODES = ['STRICT_ALL_TABLES', 'NO_ENGINE_SUBSTITUTION'];

/** Where a server keeps its users. */
const SYSTEM = 'mysql';

const GRANT =
  /^GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE|PACKAGE|PACKAGE BODY) )?(\S+) TO (.*)$/i;

/** Rights on everything that change nothing and read no rows. */
const HARMLESS: ReadonlySet<string> = new Set([
  'USAGE',
  'PROCESS',
  'SHOW DATABASES',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
]);

/** What a database is used for: only a throw-away one of a test may lose a commit. */
type Use = 'production' | 'development' | 'test';

/**
 * Refuses to start on a database that would break the shop's promises, before anything else of the
 * shop exists: what reads a table at its start would otherwise fail first, and say less.
 */
export async function checkDatabaseOf(config: Config): Promise<void> {
  const { DATABASE_URL, DATABASE_TLS, NODE_ENV } = config;
  const dataSource = new DataSource(databaseOptions(DATABASE_URL, 1, DATABASE_TLS));
  try {
    await dataSource.initialize();
    await prepareSessions(dataSource);
    await checkDatabase(dataSource, NODE_ENV);
  } finally {
    if (dataSource.isInitialized) {
      await dataSource.destroy();
    }
  }
}

/** Looks once at what every promise of the shop rests on, in a session as the shop uses it. */
export async function checkDatabase(dataSource: DataSource, use: Use): Promise<void> {
  const rows = await dataSource.query<{ name: string; value: string }[]>(
    `SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'tx_isolation',
       'transaction_isolation', 'character_set_client', 'character_set_database',
       'innodb_flush_log_at_trx_commit', 'check_constraint_checks', 'log_bin', 'sync_binlog')`,
  );
  const values = new Map(
    rows.map((row) => Object.values(row)).map(([name, value]) => [name, value] as const),
  );
  const problems: string[] = [];
  const demand = (holds: boolean, sentence: string) => holds || problems.push(sentence);
  const isolation = values.get('transaction_isolation') ?? values.get('tx_isolation');
  const modes = (values.get('sql_mode') ?? '').split(',');

  demand(
    isolation === 'READ-COMMITTED',
    `The isolation level is ${isolation}, not READ COMMITTED.`,
  );
  demand(
    MODES.every((mode) => modes.includes(mode)),
    'The SQL mode is not strict: wrong values would be cut instead of refused.',
  );
  for (const name of ['character_set_client', 'character_set_database']) {
    demand(values.get(name) === 'utf8mb4', `${name} is ${values.get(name)}, not utf8mb4.`);
  }
  demand(
    (values.get('check_constraint_checks') ?? 'ON') === 'ON',
    'CHECK constraints are switched off.',
  );
  demand(
    use === 'test' || values.get('innodb_flush_log_at_trx_commit') === '1',
    'innodb_flush_log_at_trx_commit is not 1: a power cut would lose acknowledged orders.',
  );
  demand(
    use === 'test' || values.get('log_bin') !== 'ON' || values.get('sync_binlog') === '1',
    'sync_binlog is not 1 while there is a binary log: a power cut could lose orders from it.',
  );
  const outdated = await dataSource.showMigrations();
  demand(!outdated, 'The schema is not up to date: run `npm run migrate`.');
  if (use === 'production') {
    demand(
      !isPowerful(await grantsOf(dataSource)),
      'The database user has rights beyond its own database (on everything, on the table of users, ' +
        'or by a role): give the shop a user with rights on its own database only.',
    );
    demand(
      outdated || !(await hasDemoAccounts(dataSource)),
      'The demo accounts are in the database, and everybody knows their password.',
    );
  }
  if (problems.length > 0) {
    throw new DatabaseUnfitError(problems);
  }
}

async function grantsOf(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<Record<string, string>[]>('SHOW GRANTS');
  return rows.flatMap((row) => Object.values(row));
}

/**
 * Whether a user with these grants reaches beyond its own database, so that a hole in the shop would
 * be a hole in the whole server: by a right on everything, by one on the server's own tables of users,
 * by acting for somebody, or by a role, whose rights are not among the grants. What cannot be read counts.
 */
export function isPowerful(grants: readonly string[]): boolean {
  return grants.some((grant) => {
    const [, rights = '', on = '', more = ''] = GRANT.exec(grant) ?? [];
    if (on === '*.*') {
      const harmless = rights.split(', ').every((right) => HARMLESS.has(right.toUpperCase()));
      return !harmless || /WITH GRANT OPTION/i.test(more);
    }
    const [, pattern] = /^`([^`]+)`\./.exec(on) ?? [];
    return /^GRANT /i.test(grant) && (pattern === undefined || matches(pattern, SYSTEM));
  });
}

/** Whether the name in a grant, which is a pattern of LIKE, is that of a database. */
function matches(pattern: string, database: string): boolean {
  const meaning = pattern.replaceAll(/\\(.)|[%_]|\W/g, (sign, escaped?: string) =>
    escaped !== undefined ? escaped : ({ '%': '.*', _: '.' }[sign] ?? `\\${sign}`),
  );
  return new RegExp(`^${meaning}$`, 'i').test(database);
}

async function hasDemoAccounts(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    // By number too, since anybody may register such a name, but nobody else's number.
    `SELECT id FROM users WHERE username IN ('demo_buyer', 'demo_admin')
       AND mobile IN ('13800138000', '13900139000')`,
  );
  return rows.length > 0;
}
