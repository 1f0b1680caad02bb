import type { FastifyInstance } from 'fastify';

/**
 * For everybody: a token makes no difference, not even a broken one. A route that is neither here nor
 * in `CART` demands a token; a new public one has to be added here.
 */
export const PUBLIC = [
  'GET /',
  'GET /metrics/',
  'GET /health/live/',
  'GET /health/ready/',
  'PUT /payment/status/',
  'POST /payment/alipay/notify/',
  'GET /pay-result/',
  'GET /pay-result/style.css/',
  'GET /pay-result/script.js/',
  'GET /areas/',
  'GET /areas/:id/',
  'POST /authorizations/',
  'POST /users/',
  'GET /usernames/:username/count/',
  'GET /mobiles/:mobile/count/',
  'GET /sms_codes/:mobile/',
  'GET /image_codes/:id/',
  'GET /emails/verification/',
  'GET /assets/:file/',
  'GET /categories/',
  'GET /categories/:id/',
  'GET /categories/:id/skus/',
  'GET /categories/:id/hotskus/',
  'GET /skus/:id/',
  'GET /skus/:id/comments/',
  'GET /skus/search/',
  'GET /pictures/:file/',
];

/**
 * The cart: with a token the caller's own, without one a cookie's. A token that once was ours is
 * refused, since its owner would be shown another cart; a forgery counts as none.
 */
export const CART = [
  'GET /cart/',
  'POST /cart/',
  'PUT /cart/',
  'DELETE /cart/',
  'PUT /cart/selection/',
];

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
