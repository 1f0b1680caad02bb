import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Received, Sent } from './wire.js';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One route and method of the document, with the members of its body. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Readonly<Record<string, Schema>> | undefined;
}

/**
 * What the server may refuse before it knows the route, as the head of the document says: a path
 * that cannot be read, and a body where none is wanted.
 */
export const BEFORE_THE_ROUTE = [
  'BAD_REQUEST',
  'MALFORMED_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];
/** A path that was meant for one route and, odd as it is, may reach another or none. */
const ASTRAY = [...BEFORE_THE_ROUTE, 'NOT_FOUND', 'METHOD_NOT_ALLOWED'];
/** Nobody is kept waiting for longer. */
export const LATE_MS = 2000;

/** The operations of an OpenAPI document, and the judge of what they answer. */
export class Contract {
  readonly operations: readonly Operation[];
  private readonly ajv: Ajv2020;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApi) {
    this.ajv = new Ajv2020({ strict: false, allErrors: false });
    formats.default(this.ajv);
    this.ajv.addSchema(document, 'openapi');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        body: this.members(requestBody?.content['application/json']?.schema),
      })),
    );
  }

  /** What is wrong with an answer; undefined where nothing is. */
  problemOf(operation: Operation, sent: Sent, got: Received): string | undefined {
    if (got.ms > LATE_MS) {
      return `answered after ${Math.round(got.ms)} ms`;
    }
    const { status } = got;
    if (status >= 500 && (status !== 503 || got.retryAfter === undefined)) {
      return `answered ${status}`;
    }
    const code = codeOf(got);
    const free = sent.astray ? ASTRAY : BEFORE_THE_ROUTE;
    if (code !== undefined && free.includes(code)) {
      return this.schemaProblem('#/components/schemas/Problem', got);
    }
    const { method, path } = operation;
    const described = this.document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    if (!described) {
      return sent.astray ? undefined : `answered ${status} ${code}, which is not documented`;
    }
    if (!described.content) {
      return got.text === '' ? undefined : `answered ${status} with a body`;
    }
    const type = got.type.split(';', 1)[0] ?? '';
    if (!described.content[type]) {
      return `answered ${status} as ${type}, which is not documented`;
    }
    const at = [path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    return this.schemaProblem(`#/paths/${at.map(pointerPart).join('/')}`, got);
  }

  private members(schema?: Schema): Readonly<Record<string, Schema>> | undefined {
    const name = schema?.$ref?.split('/').at(-1);
    return name === undefined
      ? schema?.properties
      : this.document.components.schemas[name]?.properties;
  }

  private schemaProblem(pointer: string, { type, text }: Received): string | undefined {
    let validate = this.validators.get(pointer);
    if (!validate) {
      validate = this.ajv.compile({ $ref: `openapi${pointer}` });
      this.validators.set(pointer, validate);
    }
    const value: unknown = type.includes('json') ? JSON.parse(text) : text;
    return validate(value)
      ? undefined
      : `does not match its schema: ${this.ajv.errorsText(validate.errors)}`;
  }
}

/** The code of a refusal. */
export function codeOf({ type, text }: Received): string | undefined {
  return type.startsWith('application/problem+json')
    ? String((JSON.parse(text) as { code: unknown }).code)
    : undefined;
}

function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
