/**
 * Who may import whom. The direction is payment -> orders -> cart, catalogue, users; cart ->
 * catalogue. Everybody may use common, config, database and auth.
 */
const forbidden = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A circle of files cannot be understood one file at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'sandbox-imports-nobody',
      comment: 'The sandbox shares HTTP and keys with the shop, and no code.',
      severity: 'error',
      from: { path: '^src/alipay-sandbox/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/alipay-sandbox/' },
    },
    {
      name: 'nobody-imports-the-sandbox',
      comment: 'The shop must not know that its gateway is a sandbox.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/alipay-sandbox/' },
      to: { path: '^src/alipay-sandbox/' },
    },
    {
      name: 'window-knows-only-the-api',
      comment: 'The shop window is a client: HTTP is all it shares with the shop.',
      severity: 'error',
      from: { path: '^src/shop-window/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/shop-window/' },
    },
    {
      name: 'nobody-imports-the-window',
      comment: 'It is built for the browser.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/shop-window/' },
      to: { path: '^src/shop-window/' },
    },
    {
      name: 'common-knows-nobody',
      comment: 'What everybody uses must not depend on anybody.',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { path: '^src/', pathNot: '^src/common/' },
    },
    forbidden(
      'config-knows-no-feature',
      'Settings are read before anything else exists.',
      '^src/config/',
      '^src/(?!config/|common/)',
    ),
    forbidden(
      'database-knows-no-feature',
      'The transaction function and the migrations serve all features alike.',
      '^src/database/(?!seed/)',
      '^src/(?!database/|common/|config/)',
    ),
    forbidden(
      'auth-knows-no-shop',
      'Guards and tokens serve all features alike.',
      '^src/auth/',
      '^src/(orders|payment|cart|catalog)/',
    ),
    forbidden(
      'limits-know-no-feature',
      'Routes of all features are limited alike.',
      '^src/limits/',
      '^src/(?!limits/|auth/|common/|config/|database/)',
    ),
    forbidden(
      'orders-know-no-payment',
      'Payment builds on orders, never the other way round.',
      '^src/orders/',
      '^src/payment/',
    ),
    forbidden(
      'cart-knows-only-the-catalogue',
      'Orders read the cart; the cart reads products.',
      '^src/cart/',
      '^src/(orders|payment|users)/',
    ),
    forbidden(
      'catalogue-stands-alone',
      'Products know neither buyers nor orders.',
      '^src/(catalog|areas)/',
      '^src/(orders|payment|cart|users)/',
    ),
    forbidden(
      'users-know-no-shop',
      'Accounts and addresses know neither carts nor orders.',
      '^src/users/',
      '^src/(orders|payment|cart|catalog)/',
    ),
    forbidden(
      'source-imports-no-tests',
      'Tests and launchers are not shipped.',
      '^src/',
      '^(test|scripts)/',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
