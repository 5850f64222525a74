import { defineConfig } from 'vitest/config';

/** One project a kind of test, so that `npm run test:unit` takes seconds and needs no control plane. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/scenarios/**/*.test.ts', 'test/architecture/**/*.test.ts'] } },
      {
        test: {
          name: 'sandbox',
          include: ['sandbox/test/**/*.test.ts'],
          exclude: ['sandbox/test/real/**'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'real',
          include: ['sandbox/test/real/**/*.test.ts', 'test/real/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 1_200_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
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
