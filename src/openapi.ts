import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
import { ERROR_CODES, type ErrorCode, statusOf, textOf } from './common/errors.js';
import { problemResponse } from './common/refuses.decorator.js';

const ABOUT = `Cart, orders and Alipay payment of the Meiduo mall.

**Try it out:** call \`POST /authorizations/\` with the demo account, press *Authorize* and paste the
token. Every error is an RFC 9457 problem document with a stable \`code\`; texts are Chinese, or
English with \`Accept-Language: en\`. Money is a string of yuan with two decimals.

**Any route** may refuse what cannot be read before the route is known: \`BAD_REQUEST\` for a path, headers or a
body that is not UTF-8, and \`MALFORMED_JSON\`, \`PAYLOAD_TOO_LARGE\` or \`UNSUPPORTED_MEDIA_TYPE\` for a body, also
where none is wanted. Where one is wanted, \`BAD_REQUEST\` is for JSON that is no object too.`;

const CART_COOKIE = {
  type: 'apiKey',
  description:
    'The cart of a caller without a token. The shop sets it, signed, at every change of such a cart and takes it over at login.',
} as const;

/** Builds the OpenAPI 3.1 document of every route. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Meiduo mall')
    .setDescription(ABOUT)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth()
    .addCookieAuth('carts', CART_COOKIE, 'cart')
    .build();
  const document = SwaggerModule.createDocument(app, options);
  document.paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [withSlash(path), item]),
  );
  for (const item of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(item) as [string, OperationObject][]) {
      documentStandingRefusals(method, operation);
    }
  }
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas['Problem'] = {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
    properties: {
      type: { type: 'string', example: 'urn:meiduo:problem:stock-insufficient' },
      title: { type: 'string', example: '商品库存不足' },
      status: { type: 'integer', example: 409 },
      detail: { type: 'string', example: '商品库存不足' },
      code: { type: 'string', enum: ERROR_CODES, example: 'STOCK_INSUFFICIENT' },
      request_id: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: { field: { type: 'string' }, message: { type: 'string' } },
        },
      },
      message: { type: 'string', description: 'The same text, for the original pages' },
      non_field_errors: { type: 'array', items: { type: 'string' } },
    },
    additionalProperties: true,
  };
  return document;
}

/** Serves Swagger UI at /docs and the document at /openapi.json. */
export function serveDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Meiduo mall API',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true },
  });
}

/**
 * What is not the doing of one route: what is wrong with a body before it is reached, and "not now"
 * of the database or of the deadline. Only the probes and the counters need no database.
 */
function documentStandingRefusals(method: string, operation: OperationObject): void {
  if (operation.requestBody) {
    const unread = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;
    addRefusals(operation, 'BAD_REQUEST', ...unread);
  }
  if (operation.tags?.includes('operations') !== true) {
    addRefusals(operation, ...(method === 'get' ? [] : ['BUSY' as const]), 'UNAVAILABLE');
  }
}

function addRefusals(operation: OperationObject, ...codes: ErrorCode[]): void {
  for (const code of codes) {
    const status = String(statusOf(code));
    const said = operation.responses[status] as { description: string } | undefined;
    const name = `\`${code}\``;
    const more = `${name} ${textOf(code, 'en')}`;
    if (said?.description.includes(name) !== true) {
      operation.responses[status] = problemResponse(said ? `${said.description}; ${more}` : more);
    }
  }
}

/** Nest drops the last slash of a path, which is part of the contract. Files have none. */
function withSlash(path: string): string {
  return path.endsWith('/') || /\.\w+$/.test(path) ? path : `${path}/`;
}
