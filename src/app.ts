import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { httpAdapter, prepareHttp } from './common/http.js';
import { JsonLogger } from './common/logger.js';
import type { Config } from './config/config.js';
import { checkDatabaseOf } from './database/boot-check.js';
import { serveDocs } from './openapi.js';

/** The whole shop, ready to listen. Tests and main.ts start exactly this. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  await checkDatabaseOf(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    httpAdapter(config.TRUSTED_PROXIES, config.REQUEST_DEADLINE_MS),
    { bodyParser: false, logger: new JsonLogger(config.LOG_LEVEL), abortOnError: false },
  );
  prepareHttp(app, config.corsOrigins, config.REQUEST_DEADLINE_MS);
  if (config.docsEnabled) {
    serveDocs(app);
  }
  app.enableShutdownHooks();
  return app;
}
