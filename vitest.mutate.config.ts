import { defineConfig } from 'vitest/config';

/** The quick tests that `npm run mutate` runs for each mutant. */
export default defineConfig({
  test: {
    include: [
      'test/unit/rules/*.spec.ts',
      'test/unit/{decide,group-lane,money,merge-rules,cart-seal,verified-tokens}.spec.ts',
    ],
    globalSetup: ['test/kit/global-setup.ts'],
    setupFiles: ['test/kit/mutation-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
