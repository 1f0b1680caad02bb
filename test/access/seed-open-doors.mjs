import { Reflector } from '@nestjs/core';
import mysql from 'mysql2';

/**
 * Loaded into a process of the shop before its own code, to show that the access matrix would
 * notice: it shows an order to whoever asks for it, and asks nobody for a role.
 */
const OWNER = ' AND o.user_id = ?';

const connection = Object.getPrototypeOf(mysql.Connection.prototype);
const { query } = connection;
const { getAllAndOverride } = Reflector.prototype;

connection.query = function ownerless(statement, ...rest) {
  if (typeof statement === 'object') {
    statement.sql = statement.sql.replace(OWNER, '');
    return query.call(this, statement, ...rest);
  }
  return query.call(this, statement.replace(OWNER, ''), ...rest);
};

Reflector.prototype.getAllAndOverride = function roleless(mark, ...rest) {
  return mark === 'role' ? undefined : getAllAndOverride.call(this, mark, ...rest);
};
