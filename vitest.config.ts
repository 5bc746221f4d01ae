import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{bin,bench,contracts,indexer,node,resolvers,schema,web}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
    globalSetup: ['./bin/build/test-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
