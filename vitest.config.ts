import process from 'node:process';

import { defineConfig } from 'vitest/config';

// Texts are compared as they are without colours, whoever asks for colours around the tests.
delete process.env.FORCE_COLOR;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests wait for events, never for the clock; the limit only ends a hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // By default one core is left free, which on two cores means one worker.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});
