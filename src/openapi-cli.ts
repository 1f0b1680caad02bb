import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { httpAdapter } from './common/http.js';
import { Config } from './config/config.js';
import { openApiDocument } from './openapi.js';

// Prints the OpenAPI document of the built shop. In preview nothing is made that needs a setting or
// a server; only the routes and their types are read.
const app = await NestFactory.create<NestFastifyApplication>(
  AppModule.with(new Config()),
  httpAdapter({ corsOrigins: [], trustedProxies: [], deadlineMs: 0 }),
  { preview: true, logger: false },
);
process.stdout.write(JSON.stringify(openApiDocument(app)));
