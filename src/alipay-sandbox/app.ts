import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Heartbeat } from './notify/heartbeat.js';
import { SandboxFacts, type SandboxOptions } from './options.js';
import { SandboxModule } from './sandbox.module.js';
import { KeyRing } from './store/key-ring.js';
import { Store } from './store/store.js';

export interface RunningSandbox {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Where its key files lie. */
  keysDir: string;
  close(): Promise<void>;
}

/** Starts a sandbox and resolves when it listens. Throws when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const facts = new SandboxFacts(options);
  const keys = await KeyRing.open(options.dataDir);
  const store = new Store(options.dataDir);
  const app = await NestFactory.create<NestFastifyApplication>(
    SandboxModule.with(facts, store, keys),
    new FastifyAdapter({ forceCloseConnections: true, bodyLimit: 1024 * 1024 }),
    // Quiet until it listens: a port that is taken is the caller's to report, once.
    { logger: false },
  );
  prepareRequests(app);
  try {
    await app.listen(options.port, options.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  app.useLogger(['error', 'warn']);
  const url = listeningUrl(app, options.host);
  if (!options.publicUrl) facts.publicUrl = url;
  const heartbeat = app.get(Heartbeat);
  heartbeat.start();
  const close = async (): Promise<void> => {
    heartbeat.stop();
    await app.close();
    store.close();
  };
  return { url, keysDir: `${options.dataDir}/keys`, close };
}

function prepareRequests(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  // A web page of somebody else's must not press buttons here from a developer's browser.
  fastify.addHook('onRequest', async (request, reply) => {
    const controls = /^\/(sandbox|home)\b/.test(request.url);
    const foreign = request.headers['sec-fetch-site'] === 'cross-site';
    if (controls && foreign && request.method !== 'GET') {
      return reply.status(403).send({ code: 'FOREIGN_PAGE', message: 'Refused.' });
    }
  });
  // No body means no wishes: handlers need not tell the two apart.
  fastify.addHook('preHandler', async (request) => {
    request.body ??= {};
  });
}

function listeningUrl(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
