// Tests of everything but the browser: real PostgreSQL, real anvil, real WASM. `npm test` runs all, `npx vitest run FOLDER` a part.
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vitest would load graphql's ES module while CommonJS packages load the other one, and the two refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: [
      '{bin,bench,circuits,contracts,indexer,node,resolvers,schema,subgraphs,web}/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
    globalSetup: ['./bin/build/test-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A condition is waited for as long as a busy machine may take; vitest's own second is not.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'dist/reports/test.json' }]] : ['default'],
  },
});
