import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { createApp } from '../../src/app.js';
import { type Config } from '../../src/config/config.js';
import { readConfig } from '../../src/config/read-config.js';
import { OrderIds } from '../../src/orders/order-id.js';
import { PlacementLane } from '../../src/orders/placement/placement-lane.js';
import type { Buyer } from '../kit/build.js';
import { answer } from './ask.js';
import { closedLoop, type Driven, type Load } from './closed-loop.js';
import { usage } from './cpu.js';
import { startProfile, stopProfile } from './profile.js';
import { textbookOrm } from './textbook-orm.js';
import { textbookSql } from './textbook-sql.js';
import type { Program } from './variants.js';
import type { Place } from './yardstick.js';

/**
 * The process under test: the shop as it is shipped, or with the one method that places an order
 * replaced by a yardstick. Settings come from the environment, as always.
 */

const program = process.argv[2] as Program;
let lane: PlacementLane;
let buyers: readonly Buyer[] = [];

/** Starts the server; its port, or 0 when there is no HTTP in front. */
async function start(): Promise<number> {
  if (program === 'bare') {
    return startBare();
  }
  if (program === 'nest') {
    return listen(await startNest());
  }
  const config = readConfig(process.env);
  const app = await createApp(config);
  lane = app.get(PlacementLane);
  if (program === 'raw') {
    await app.init();
    return 0;
  }
  const yardstick = await yardstickOf(config);
  if (yardstick) {
    lane.submit = yardstick;
  }
  return listen(app);
}

async function listen(app: NestFastifyApplication): Promise<number> {
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

async function yardstickOf(config: Config): Promise<Place | undefined> {
  const terms = {
    databaseUrl: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    freightFen: config.FREIGHT_FEN,
    expiresMs: config.ORDER_EXPIRES_MINUTES * 60_000,
  };
  switch (program) {
    case 'textbook_orm':
      return textbookOrm(terms);
    case 'textbook_sql':
      return textbookSql(terms);
    case 'noop':
      return ({ orderId }) => Promise.resolve({ kind: 'placed', orderId });
    default:
      return undefined;
  }
}

const ANSWER = { order_id: '2611222150361230042' };

/** Nest with nothing on it but a route that answers what an order answers. */
class EmptyController {
  create() {
    return ANSWER;
  }
}
class EmptyModule {}

function startNest(): Promise<NestFastifyApplication> {
  // What `@Post()` and its like come to; only the shop itself is compiled with decorators.
  const create = Object.getOwnPropertyDescriptor(EmptyController.prototype, 'create') ?? {};
  Post()(EmptyController.prototype, 'create', create);
  Controller('orders')(EmptyController);
  Module({ controllers: [EmptyController] })(EmptyModule);
  const adapter = new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } });
  return NestFactory.create<NestFastifyApplication>(EmptyModule, adapter, {
    bodyParser: false,
    logger: false,
  });
}

/** Fastify with nothing on it but the same. */
async function startBare(): Promise<number> {
  const server = fastify();
  server.post('/orders/', (_request, reply) => {
    void reply.code(201).send(ANSWER);
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

/** The load of the variant without HTTP: callers inside this process, straight on the lane. */
function drive(load: Load): Promise<Driven> {
  const ids = new OrderIds();
  const requestHash = createHash('sha256').digest('hex');
  return closedLoop(load, async (_client, job) => {
    const { id = 0, addressId = 0 } = buyers[job] ?? {};
    const outcome = await lane.submit({
      orderId: ids.next(),
      userId: id,
      addressId,
      payMethod: 2,
      requestHash,
    });
    return outcome.kind === 'placed' ? 201 : 409;
  });
}

answer({
  start,
  prepare: (all: readonly Buyer[]) => {
    buyers = all;
  },
  drive,
  ...usage,
  startProfile,
  stopProfile,
});
