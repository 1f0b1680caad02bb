import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a process of the shop before its own code, to show that the figure about refusing to
 * start would notice: the rule about limits is switched off, and the signing secret is printed.
 */
const RULE = "config.RATE_LIMITS === 'off'";

if (isMainThread) {
  register(import.meta.url);
  console.log(`signing with ${process.env['JWT_SECRET']}`);
}

/** Runs in the thread that loads modules. */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith('/config/production-rules.js')) {
    return loaded;
  }
  const source = String(loaded.source);
  if (!source.includes(RULE)) {
    throw new Error('the rule about limits is not where it was');
  }
  return { ...loaded, source: source.replace(RULE, 'false') };
}
