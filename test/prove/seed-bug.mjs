import mysql from 'mysql2';

/**
 * Loaded into a process of the shop before its own code, to show that the proof would notice: rows
 * of products are read without a lock, and written whatever their version is. A pause between the
 * two makes sure that another process comes in between.
 */
const READ = /(LEFT JOIN skus s FORCE INDEX \(PRIMARY\) ON s\.id = t\.sku_id)( FOR UPDATE)?/;
const PAUSE_S = 1;

const connection = Object.getPrototypeOf(mysql.Connection.prototype);
const { query } = connection;

connection.query = function unguarded(statement, ...rest) {
  if (typeof statement !== 'object') {
    return query.call(this, statement, ...rest);
  }
  const isRead = READ.test(statement.sql);
  statement.sql = statement.sql.replace(READ, '$1').replace(' AND s.version = t.version', '');
  const running = query.call(this, statement, ...rest);
  if (isRead) {
    // The next statement of the transaction waits for this one.
    query.call(this, `DO SLEEP(${PAUSE_S})`, () => {});
  }
  return running;
};
