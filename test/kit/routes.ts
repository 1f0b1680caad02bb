import type { FastifyInstance } from 'fastify';

/** `METHOD /path/` of every route of the server, read from its own router. */
export function routesOf(fastify: FastifyInstance): string[] {
  const docs = /^\/(docs|openapi)/;
  const found: string[] = [];
  const walk = fastify.printRoutes({ commonPrefix: false, includeHooks: false });
  const stack: string[] = [];
  for (const line of walk.split('\n')) {
    const match = /^([│ ]*)(?:├──|└──) (\S*)(?: \(([A-Z, ]+)\))?/u.exec(line);
    if (!match) {
      continue;
    }
    const depth = (match[1] ?? '').length / 4;
    stack.length = depth;
    stack[depth] = match[2] ?? '';
    const path = stack.join('').replace(/\/?$/, '/');
    for (const method of match[3]?.split(', ') ?? []) {
      if (!['HEAD', 'OPTIONS'].includes(method) && !docs.test(path) && !path.includes('*')) {
        found.push(`${method} ${path}`);
      }
    }
  }
  return [...new Set(found)];
}
