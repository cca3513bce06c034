import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests read the packages' sources, never a stale build.
  resolve: { conditions: ['@winning-tickets/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@winning-tickets/source', 'node', 'import', 'default'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    // Files of a package share what they load: loading anew for each takes a third of all the time. A file that changes a
    // loaded module for all, as a mock does, loads its modules anew itself.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
