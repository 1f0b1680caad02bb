import { createApp } from './app.js';
import { ConfigError, readConfig } from './config/config.js';

try {
  const config = readConfig(process.env);
  const app = await createApp(config);
  await app.listen(config.PORT, config.HOST);
} catch (error) {
  const text =
    error instanceof ConfigError ? error.message : `The shop cannot start: ${String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
