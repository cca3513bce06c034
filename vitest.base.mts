import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests read the packages' sources, never a stale build.
  resolve: { conditions: ['@winning-tickets/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@winning-tickets/source', 'node', 'import', 'default'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
