import type { DataSource } from 'typeorm';
import { createDemoCatalogue } from '../../catalog/demo-catalogue.js';
import { createDemoUsers } from '../../users/demo-users.js';
import { seedAreas } from './areas.js';

/**
 * Fills an empty shop for a demonstration or a test: areas, demo catalogue, demo accounts. What is
 * there already is left alone. The accounts have public passwords: never call this in production.
 */
export async function seedDemo(dataSource: DataSource): Promise<void> {
  await seedAreas(dataSource);
  await createDemoCatalogue(dataSource);
  const users = await dataSource.query<unknown[]>('SELECT id FROM users LIMIT 1');
  if (users.length === 0) {
    await createDemoUsers(dataSource);
  }
}
