import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/loopback-only.ts', 'test/support/random-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // A browser or a server on a busy machine takes more than the usual second.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Many tests wait for servers rather than for a processor.
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
