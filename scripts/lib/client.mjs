import fs from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';
import { ROOT } from './project.mjs';

/** Where the types of the API lie, for the shop window and for whoever wants to copy them. */
export const CLIENT_FILE = path.join(ROOT, 'src/shop-window/api/schema.d.ts');

const HEAD = `/* The types of the public API, made from its OpenAPI document by: npm run client */\n\n`;

/**
 * The TypeScript types of an API, formatted as the rest of the project.
 * @param {object} document OpenAPI 3.1
 * @returns {Promise<string>}
 */
export async function clientTypes(document) {
  const nodes = await openapiTS(/** @type {any} */ (document), {
    alphabetize: true,
    // What has a default may be left out of a body.
    defaultNonNullable: false,
  });
  const options = await prettier.resolveConfig(CLIENT_FILE);
  return prettier.format(HEAD + astToString(nodes), { ...options, parser: 'typescript' });
}

/** @param {object} document @returns {Promise<boolean>} whether the file has changed */
export async function writeClient(document) {
  const types = await clientTypes(document);
  const changed = !fs.existsSync(CLIENT_FILE) || fs.readFileSync(CLIENT_FILE, 'utf8') !== types;
  if (changed) {
    fs.writeFileSync(CLIENT_FILE, types);
  }
  return changed;
}
