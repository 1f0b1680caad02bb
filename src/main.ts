import type { Config } from './config/config.js';
import { ConfigError, readConfig } from './config/read-config.js';
import { DatabaseUnfitError, driverError } from './database/errors.js';

// The Alipay SDK writes its timestamps in the zone of the process, and Alipay reads Beijing time.
// Everything else here is zone-free: the database keeps UTC.
process.env['TZ'] = 'Asia/Shanghai';

/** What a database says that answers and lets nobody in. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
]);

/** The address of HOST and PORT cannot be had. */
class ListenError extends Error {
  constructor({ HOST, PORT }: Config, code: string | undefined) {
    super(
      code === 'EADDRINUSE'
        ? 'the port is taken. Choose another one with PORT.'
        : `it cannot listen on HOST ${HOST}, PORT ${PORT} (${code ?? 'unknown reason'}).`,
    );
  }
}

try {
  const config = readConfig(process.env);
  // The shop is loaded for good settings only; bad ones are told at once.
  const { createApp } = await import('./app.js');
  const app = await createApp(config);
  // What the shop needs is up before it listens, so a failure of listening is told from one of the database.
  await app.init();
  await app.listen(config.PORT, config.HOST).catch((error: unknown) => {
    throw new ListenError(config, driverError(error).code);
  });
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

/** What whoever started the shop has to know; a stack trace only for what nobody foresaw. */
function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseUnfitError) {
    return error.message;
  }
  if (error instanceof ListenError) {
    return `The shop cannot start: ${error.message}`;
  }
  const { code, errno } = driverError(error);
  if (code !== undefined && REFUSALS.has(code)) {
    return `The shop cannot start: the database of DATABASE_URL refuses its user, password or name (${code}).`;
  }
  if (code !== undefined && (errno !== undefined || code.startsWith('E'))) {
    return `The shop cannot start: the database of DATABASE_URL does not answer (${code}).`;
  }
  return `The shop cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}
