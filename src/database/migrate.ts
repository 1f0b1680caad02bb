import { DataSource } from 'typeorm';
import { databaseOptions } from './options.js';

/**
 * `node dist/src/database/migrate.js [up|down]`: brings the schema of DATABASE_URL to the newest
 * state, or undoes the last migration.
 */
const url = process.env['DATABASE_URL'];
if (!url) {
  process.stderr.write('DATABASE_URL is not set\n');
  process.exit(1);
}
const dataSource = new DataSource({
  ...databaseOptions(url, 2, process.env['DATABASE_TLS']),
  enableQueryTimeout: false,
} as ReturnType<typeof databaseOptions>);
try {
  await dataSource.initialize();
  if (process.argv[2] === 'down') {
    await dataSource.undoLastMigration({ transaction: 'each' });
  } else {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    process.stdout.write(`migrations applied: ${done.map((m) => m.name).join(', ') || 'none'}\n`);
  }
} catch (error) {
  process.stderr.write(`migration failed: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  if (dataSource.isInitialized) {
    await dataSource.destroy();
  }
}
