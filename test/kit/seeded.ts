import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The setting that loads a bug on purpose, a module named from the project's folder, into a process before its own code. */
export function seeded(file: string): { NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import ${pathToFileURL(resolve(file)).href}` };
}
