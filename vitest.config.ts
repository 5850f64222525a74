import { defineConfig } from 'vitest/config';

/** One project a kind of test, so that `npm run test:unit` takes seconds and needs no control plane. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/scenarios/**/*.test.ts', 'test/architecture/**/*.test.ts'] } },
      { test: { name: 'sandbox', include: ['sandbox/test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 900_000, fileParallelism: false } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/kill/**/*.test.ts'],
          globalSetup: ['test/support/sandbox-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
