import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { httpAdapter, prepareHttp } from './common/http.js';
import { JsonLogger } from './common/logger.js';
import type { Config } from './config/config.js';
import { checkDatabaseOf } from './database/boot-check.js';
import { checkRedisOf } from './orders/placement/queue/redis-check.js';
import { serveDocs } from './openapi.js';

/** The whole shop, ready to listen. Tests and main.ts start exactly this. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  await checkDatabaseOf(config);
  await checkRedisOf(config);
  const http = {
    corsOrigins: config.corsOrigins,
    trustedProxies: config.TRUSTED_PROXIES,
    deadlineMs: config.REQUEST_DEADLINE_MS,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    httpAdapter(http),
    { bodyParser: false, logger: new JsonLogger(config.LOG_LEVEL), abortOnError: false },
  );
  prepareHttp(app, http);
  if (config.docsEnabled) {
    serveDocs(app);
  }
  app.enableShutdownHooks();
  return app;
}
