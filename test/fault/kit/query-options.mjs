// On purpose: the driver gets a statement as an object with its options again, and copies it.
import mysql from 'mysql2';
import './trace-gc.mjs';

const { createQuery } = mysql.Connection;

mysql.Connection.createQuery = (sql, ...rest) =>
  createQuery.call(mysql.Connection, { sql, timeout: 2000 }, ...rest);
