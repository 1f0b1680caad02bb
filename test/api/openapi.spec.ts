/** The OpenAPI document as the built shop serves it: valid, complete and closed where it must be. */
import { readFileSync } from 'node:fs';
import SwaggerParser from '@apidevtools/swagger-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_FILE, clientTypes } from '../../scripts/lib/client.mjs';
import { Client, tokenFor } from '../kit/client.js';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { MysqlProxy } from '../kit/mysql-proxy.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';

interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; example?: string | number; schema?: object }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { description: string; headers?: object; content?: Record<string, { schema?: Schema }> }
  >;
}
interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema & { example?: unknown }>;
  items?: Schema;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

describe('/openapi.json', () => {
  let db: TestDatabase;
  let proxy: MysqlProxy;
  let shop: ShopProcess;
  let document: Document;
  let operations: [string, Operation][];

  beforeAll(async () => {
    db = await freshDatabase();
    const { hostname, port } = new URL(db.url);
    proxy = await MysqlProxy.before(hostname, Number(port));
    shop = await spawnShop(proxy.urlOf(db.url));
    document = (await (await fetch(`${shop.url}/openapi.json`)).json()) as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) =>
          [`${method.toUpperCase()} ${path}`, operation] as [string, Operation],
      ),
    );
  });
  afterAll(async () => {
    await shop.stop();
    await proxy.close();
    await db.close();
  });

  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    const api = structuredClone(document) as unknown as Parameters<
      typeof SwaggerParser.validate
    >[0];
    await expect(SwaggerParser.validate(api)).resolves.toBeDefined();
  });

  it('is what the typed client in the repository was made from (npm run client)', async () => {
    expect(readFileSync(CLIENT_FILE, 'utf8')).toBe(await clientTypes(document));
  });

  it('says of every route what it does and answers', () => {
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toBeTruthy();
      expect(operation.tags?.length, name).toBeGreaterThan(0);
      const good = Object.entries(operation.responses).filter(([status]) => status < '300');
      expect(good.length, `${name} has an answer`).toBeGreaterThan(0);
      for (const [status, { content }] of good) {
        if (status !== '204') {
          expect(content, `${name} ${status} has a body`).toBeDefined();
        }
      }
    }
  });

  it('describes bodies with members and examples', () => {
    for (const [name, { requestBody }] of operations) {
      const ref = requestBody?.content['application/json']?.schema.$ref;
      if (ref) {
        const schema = document.components.schemas[ref.split('/').at(-1) ?? ''];
        for (const [member, property] of Object.entries(schema?.properties ?? {})) {
          expect(property.example, `${name} ${member}`).toBeDefined();
        }
        expect(Object.keys(schema?.properties ?? {}).length, name).toBeGreaterThan(0);
      }
    }
  });

  it('documents the problem of every route that refuses, with its codes', () => {
    for (const [name, { responses, security }] of operations) {
      if (security) {
        expect(responses['401']?.content?.['application/problem+json'], name).toBeDefined();
      }
      for (const [status, { description, content }] of Object.entries(responses)) {
        if (status >= '400') {
          expect(description, `${name} ${status}`).toMatch(/`[A-Z_]+`/);
          expect(content?.['application/problem+json'], `${name} ${status}`).toBeDefined();
        }
      }
    }
  });

  it('says where a queued order is found, and how long a key may be', () => {
    const find = (wanted: string) => operations.find(([name]) => name === wanted)?.[1];
    expect(find('POST /orders/')?.responses['202']?.headers).toHaveProperty('Location');
    const keys = operations.flatMap(([, { parameters = [] }]) =>
      parameters.filter(({ name }) => name === 'Idempotency-Key'),
    );
    expect(keys).toHaveLength(4);
    for (const { schema } of keys) {
      expect(schema).toMatchObject({ minLength: 1, maxLength: 255 });
    }
  });

  it('is shown by Swagger UI', async () => {
    const page = await fetch(`${shop.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });

  it('says of every route but the probes and counters that the database may be away', () => {
    for (const [name, { tags, responses }] of operations) {
      if (!tags?.includes('operations')) {
        expect(responses['503']?.description, name).toContain('`UNAVAILABLE`');
      }
    }
  });

  it('tells every answer there is while the database is away', async () => {
    await db.sql(`INSERT INTO users (username, mobile, password_hash, role)
      VALUES ('the_buyer', '13900000001', '!', 'buyer'), ('the_admin', '13900000002', '!', 'admin')`);
    const [buyer, admin] = await db.sql<{ id: number }>('SELECT id FROM users ORDER BY id');
    const clients = {
      buyer: new Client(shop.url, tokenFor(buyer?.id ?? 0)),
      admin: new Client(shop.url, tokenFor(admin?.id ?? 0, 'admin')),
    };
    proxy.reset(true);
    const away: string[] = [];
    for (const [name, operation] of operations) {
      const [method = '', path = ''] = name.split(' ');
      const client = path.startsWith('/admin') ? clients.admin : clients.buyer;
      const { status, body } = await client.send<{ code?: string }>(
        method,
        example(path, operation),
        exampleBody(operation),
      );
      const said = operation.responses[String(status)]?.description;
      expect(said, `${name} ${status} ${body.code}`).toBeDefined();
      if (body.code !== undefined) {
        expect(said, `${name} ${status}`).toContain(`\`${body.code}\``);
      }
      if (status === 503) {
        away.push(name);
      }
    }
    proxy.reset();
    expect(away).toEqual(
      expect.arrayContaining([
        'GET /orders/',
        'GET /orders/{id}/',
        'GET /orders/settlement/',
        'POST /orders/',
        'GET /orders/{id}/payment/status/',
        'POST /orders/{id}/refunds/',
        'POST /admin/orders/{id}/refunds/',
        'GET /admin/alipay/quarantine/',
      ]),
    );
  });

  /** The path with the examples of its parameters. */
  function example(path: string, { parameters = [] }: Operation): string {
    return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const parameter = parameters.find((one) => one.name === name && one.in === 'path');
      return String(parameter?.example ?? 1);
    });
  }

  function exampleBody({ requestBody }: Operation): object | undefined {
    const ref = requestBody?.content['application/json']?.schema.$ref;
    const schema = document.components.schemas[ref?.split('/').at(-1) ?? ''];
    return (
      schema &&
      Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, one]) => [name, one.example]),
      )
    );
  }
});
