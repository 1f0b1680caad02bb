/** The OpenAPI document as the built shop serves it: valid, complete and closed where it must be. */
import { readFileSync } from 'node:fs';
import SwaggerParser from '@apidevtools/swagger-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_FILE, clientTypes } from '../../scripts/lib/client.mjs';
import { freshDatabase, type TestDatabase } from '../kit/database.js';
import { type ShopProcess, spawnShop } from '../kit/process.js';

interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
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
  let shop: ShopProcess;
  let document: Document;
  let operations: [string, Operation][];

  beforeAll(async () => {
    db = await freshDatabase();
    shop = await spawnShop(db.url);
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

  it('is shown by Swagger UI', async () => {
    const page = await fetch(`${shop.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });
});
