import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A busy machine takes longer than the second that is usual, and is not wrong.
    expect: { poll: { timeout: 10_000 } },
    globalSetup: ['test/global-setup.ts', 'test/store/postgres-gate.ts'],
  },
});
