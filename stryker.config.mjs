import os from 'node:os';

/**
 * The rules of placement, settle, refund, status, money, auth and accounts, each mutant of which some test must
 * notice. `npm run mutate` runs this; docs/reliability.md has the figure and what survived.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/orders/placement/{decide,place-order,group-lane,placement-lane,batch-runner,placement.store}.ts',
    'src/orders/{order-status,lifecycle,order-id,orders.locks}.ts',
    'src/orders/{orders.service,fulfilment.service,comments.service}.ts',
    'src/cart/{merge-rules,cart-seal}.ts',
    'src/payment/{settle,payments.locks,payment.service}.ts',
    'src/payment/bill/bill-rules.ts',
    'src/payment/closing/{check-rules,closing.service}.ts',
    'src/payment/gateway/{signature,alipay-codes}.ts',
    'src/payment/refunds/{refund-rules,refund-runner,refund-try,refunds.service,refunds.store,returns.locks}.ts',
    'src/common/{money,idempotency}.ts',
    'src/database/errors.ts',
    'src/auth/*.ts',
    '!src/auth/{auth.module,arrival}.ts',
    'src/users/{passwords,rules,quotas,users.service,users.locks}.ts',
    'src/users/{sms/sms-codes,captcha/image-codes,email/email-links}.ts',
  ],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts' },
  concurrency: os.availableParallelism(),
  coverageAnalysis: 'perTest',
  // Enough for a busy machine: a mutant that is slow, and not endless, must not count as killed.
  timeoutMS: 10_000,
  disableTypeChecks: false,
  ignorePatterns: ['/dist', '/.data', '/docs', '/coverage', '/reports'],
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
};
