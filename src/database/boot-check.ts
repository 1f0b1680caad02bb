import type { DataSource } from 'typeorm';

/** Thrown when the database cannot be trusted with orders; `problems` are whole sentences. */
export class DatabaseUnfitError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The database does not allow a start:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'DatabaseUnfitError';
  }
}

const MODES = ['STRICT_ALL_TABLES', 'NO_ENGINE_SUBSTITUTION'];

/** What a database is used for: only a throw-away one of a test may lose a commit. */
export type Use = 'production' | 'development' | 'test';

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
  if (problems.length === 0 && (await dataSource.showMigrations())) {
    problems.push('The schema is not up to date: run `npm run migrate`.');
  }
  if (problems.length === 0 && use === 'production' && (await hasDemoAccounts(dataSource))) {
    problems.push('The demo accounts are in the database, and everybody knows their password.');
  }
  if (problems.length > 0) {
    throw new DatabaseUnfitError(problems);
  }
}

async function hasDemoAccounts(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    // By number too, since anybody may register such a name, but nobody else's number.
    `SELECT id FROM users WHERE username IN ('demo_buyer', 'demo_admin')
       AND mobile IN ('13800138000', '13900139000')`,
  );
  return rows.length > 0;
}
