import { DataSource } from 'typeorm';
import { databaseOptions } from './src/database/options.js';

const url = process.env['DATABASE_URL'];
if (!url) {
  throw new Error('DATABASE_URL is not set');
}

/** For the TypeORM command line: `npx typeorm migration:show -d dist/ormconfig.js`. */
export default new DataSource(databaseOptions(url, 2, process.env['DATABASE_TLS']));
