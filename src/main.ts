import { ConfigError, readConfig } from './config/read-config.js';
import { DatabaseUnfitError, driverError } from './database/errors.js';

// The Alipay SDK writes its timestamps in the zone of the process, and Alipay reads Beijing time.
// Everything else here is zone-free: the database keeps UTC.
process.env['TZ'] = 'Asia/Shanghai';

try {
  const config = readConfig(process.env);
  // The shop is loaded for good settings only; bad ones are told at once.
  const { createApp } = await import('./app.js');
  const app = await createApp(config);
  await app.listen(config.PORT, config.HOST);
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

/** What whoever started the shop has to know; a stack trace only for what nobody foresaw. */
function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseUnfitError) {
    return error.message;
  }
  const { code, errno } = driverError(error);
  if (code === 'EADDRINUSE') {
    return 'The shop cannot start: the port is taken. Choose another one with PORT.';
  }
  if (code !== undefined && (errno !== undefined || code.startsWith('E'))) {
    return `The shop cannot start: the database of DATABASE_URL does not answer (${code}).`;
  }
  return `The shop cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}
