import { defineConfig } from 'vitest/config';

/**
 * One project a kind of test, so that `npm run test:unit` takes seconds and needs no control plane. Kinds run one after
 * another (groupOrder): several control planes at a time would only wait for each other.
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/lanes.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
          include: ['test/unit/**/*.test.ts', 'test/scenarios/**/*.test.ts', 'test/architecture/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'sandbox',
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 3 },
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
          sequence: { groupOrder: 2 },
          include: ['test/live/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/disruptive/**/*.test.ts', 'test/kill/**/*.test.ts'],
          globalSetup: ['test/support/sandbox-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
