import { areaList } from '@vant/area-data';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../transaction.js';

type AreaRow = readonly [id: number, name: string, parentId: number | null];

/**
 * Writes all provinces, cities and districts (codes of GB/T 2260, from @vant/area-data). Running it
 * again changes nothing, except that a name or a parent follows the data.
 */
export async function seedAreas(dataSource: DataSource): Promise<void> {
  await inTransaction(dataSource, (tx) =>
    tx.query(
      `INSERT INTO areas (id, name, parent_id) VALUES ?
       ON DUPLICATE KEY UPDATE name = VALUES(name), parent_id = VALUES(parent_id)`,
      [areaRows()],
    ),
  );
}

/** Parents before their children, as the foreign key demands. */
function areaRows(): AreaRow[] {
  const { province_list, city_list, county_list } = areaList;
  return [
    ...rowsOf(province_list, () => null),
    ...rowsOf(city_list, (id) => id - (id % 10_000)),
    ...rowsOf(county_list, (id) => id - (id % 100)),
  ];
}

function rowsOf(
  names: Readonly<Record<string, string>>,
  parentOf: (id: number) => number | null,
): AreaRow[] {
  return Object.entries(names).map(([code, name]) => [Number(code), name, parentOf(Number(code))]);
}
