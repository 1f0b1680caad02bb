import mysql from 'mysql2';

/**
 * Loaded into a process of the shop before its own code, to show that the figure about deaths would
 * notice: goods that go back are committed before the order is canceled.
 */
const RESTORE = /UPDATE skus s JOIN order_lines l[\s\S]*SET s\.stock = s\.stock \+/;

const connection = Object.getPrototypeOf(mysql.Connection.prototype);
const { query } = connection;

connection.query = function early(statement, ...rest) {
  const running = query.call(this, statement, ...rest);
  if (typeof statement === 'object' && RESTORE.test(statement.sql)) {
    // The next statement of the transaction waits for these.
    query.call(this, 'COMMIT', () => {});
    query.call(this, 'START TRANSACTION', () => {});
  }
  return running;
};
