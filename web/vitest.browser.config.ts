// The browser tests (`npm run test:browser`). They need Chromium, and start the product unless AIOS_WEB_URL names one that runs.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['web/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 1,
    fileParallelism: false,
    globalSetup: [fileURLToPath(new URL('./testing/start-product.ts', import.meta.url))],
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'dist/reports/browser.json' }]]
      : ['default'],
  },
});
