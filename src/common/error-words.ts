/**
 * What the log is told of a fault, with the place it came from. The database's own words hold what it
 * could not store, which may be somebody's address, so of its errors only the kind is told.
 */
export function traceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return wordsOf(thrown);
  }
  const kind = databaseKind(thrown);
  if (kind === undefined) {
    return thrown.stack ?? thrown.message;
  }
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [kind, ...frames].join('\n');
}

/** The same in one line, without the place: the name and the message, or the database's kind. */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return `something that is no error was thrown: ${typeof thrown}`;
  }
  return databaseKind(thrown) ?? `${thrown.name}: ${thrown.message}`;
}

/** Kind and number of an error of the database or the network; undefined for every other one. */
function databaseKind(error: Error): string | undefined {
  const { driverError = error } = error as { driverError?: unknown };
  const { code, errno } = driverError as { code?: string; errno?: number };
  return errno === undefined ? undefined : `${error.name}: ${code} (${errno})`;
}
