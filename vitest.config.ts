import { defineConfig } from 'vitest/config';

const seed = process.env['HANSA_SEED'];

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', '{bench,demo,interop,scripts}/**/*.test.ts'],
    pool: 'forks',
    // The same load everywhere, so that what passes here passes there.
    maxWorkers: 2,
    // No test leans on the one before it. vitest prints the seed of the order.
    sequence: { shuffle: { tests: true }, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    // Bounds against a hang, not measures of speed: a test that needs them has failed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    setupFiles: [
      'scripts/test/keep-prototypes.ts',
      // The long run writes down how far each property came.
      ...(process.env['HANSA_PROPERTY_REPORT'] ? ['scripts/long/report-properties.ts'] : []),
    ],
  },
});
