import mysql from 'mysql2';

/**
 * Loaded into a process of the shop before its own code, to show that the figure about deadlocks
 * would notice: this process locks the rows of products in the opposite order.
 */
const LOCK = 'ORDER BY sku_id LIMIT';

const connection = Object.getPrototypeOf(mysql.Connection.prototype);
const { query } = connection;

connection.query = function reversed(statement, ...rest) {
  if (typeof statement === 'object') {
    // Sorted after they are read: a scan from the end would also lock the line before the first.
    statement.sql = statement.sql.replace(LOCK, 'ORDER BY -sku_id LIMIT');
  }
  return query.call(this, statement, ...rest);
};
