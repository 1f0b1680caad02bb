import mysql from 'mysql2';

/**
 * Loaded into a process of the shop before its own code, to show that figures about lost orders
 * would notice: what is to be committed is rolled back, and promised all the same.
 */
const connection = Object.getPrototypeOf(mysql.Connection.prototype);
const { query } = connection;

connection.query = function forgetful(statement, ...rest) {
  if (statement.sql === 'COMMIT') {
    statement.sql = 'ROLLBACK';
  }
  return query.call(this, statement, ...rest);
};
