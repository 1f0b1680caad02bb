import type { DataSource } from 'typeorm';

/** One statement over one connection. */
export type Query = (sql: string, parameters?: unknown[]) => Promise<unknown>;

/** The database with something of a test between it and whoever asks it. */
export function wrapped(dataSource: DataSource, between: (query: Query) => Query): DataSource {
  return new Proxy(dataSource, {
    get(target, name) {
      if (name !== 'createQueryRunner') {
        return Reflect.get(target, name) as unknown;
      }
      return () => {
        const runner = target.createQueryRunner();
        const query = between(runner.query.bind(runner) as Query);
        return Object.assign(runner, { query });
      };
    },
  });
}

/** Something of a test happens before each statement with `part` in it; if that fails, so does the statement. */
export function before(
  dataSource: DataSource,
  part: string,
  happens: () => Promise<unknown>,
): DataSource {
  return wrapped(dataSource, (query) => async (sql, parameters) => {
    if (sql.includes(part)) {
      await happens();
    }
    return query(sql, parameters);
  });
}
