import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest in full, so that it begins first and nothing waits for it alone in the end. The
 * probes of G13 are timed: it comes beside the model, which takes one step at a time and about as
 * long, and not beside the soak.
 */
const LONG = ['g13-database-faults', 'model.spec', 'g25-soak', 'g02-kill-app', 'g15-drain'];

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.includes(name));
  return place < 0 ? LONG.length : place;
}

export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    setupFiles: ['test/kit/end-with-runner.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongOnesFirst },
  },
});
