import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { httpAdapter, prepareHttp } from './common/http.js';
import { JsonLogger } from './common/logger.js';
import type { Config } from './config/config.js';
import { serveDocs } from './openapi.js';

/** The whole shop, ready to listen. Tests and main.ts start exactly this. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    httpAdapter(config.corsOrigins),
    { bodyParser: false, logger: new JsonLogger(config.LOG_LEVEL), abortOnError: false },
  );
  prepareHttp(app, config.corsOrigins);
  if (config.docsEnabled) {
    serveDocs(app);
  }
  app.enableShutdownHooks();
  return app;
}
