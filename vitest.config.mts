import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*'],
    // By default one core of two would stay idle.
    maxWorkers: '100%',
  },
});
