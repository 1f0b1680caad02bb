import { DataSource } from 'typeorm';
import { databaseOptions } from '../options.js';
import { prepareSessions } from '../session.js';
import { seedAreas } from './areas.js';
import { seedDemo } from './demo.js';

/**
 * `node dist/src/database/seed/seed.js`: puts the areas into DATABASE_URL and, unless NODE_ENV is
 * production, the demo catalogue and the demo accounts into an empty shop. It may run any number
 * of times.
 */
const url = process.env['DATABASE_URL'];
if (!url) {
  process.stderr.write('DATABASE_URL is not set\n');
  process.exit(1);
}
const dataSource = new DataSource(databaseOptions(url, 2, process.env['DATABASE_TLS']));
try {
  await dataSource.initialize();
  await prepareSessions(dataSource);
  if (process.env['NODE_ENV'] === 'production') {
    await seedAreas(dataSource);
    process.stdout.write('seeded: areas\n');
  } else {
    await seedDemo(dataSource);
    process.stdout.write('seeded: areas, demo catalogue, demo accounts\n');
  }
} catch (error) {
  process.stderr.write(`seeding failed: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  if (dataSource.isInitialized) {
    await dataSource.destroy();
  }
}
