import { DataSource, MigrationExecutor } from 'typeorm';
import { databaseOptions } from './options.js';

/**
 * `node dist/src/database/migrate.js [up|down]`: brings the schema of DATABASE_URL to the newest
 * state, or undoes the last migration. Exit 1: it failed; 2: the arguments make no sense.
 */
const [direction = 'up', ...more] = process.argv.slice(2);
if (!['up', 'down'].includes(direction) || more.length > 0) {
  process.stderr.write('usage: npm run migrate [-- up|down]; down undoes the last migration\n');
  process.exit(2);
}
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
  if (direction === 'down') {
    const [last] = await new MigrationExecutor(dataSource).getExecutedMigrations();
    await dataSource.undoLastMigration({ transaction: 'each' });
    process.stdout.write(`migration undone: ${last?.name ?? 'none'}\n`);
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
