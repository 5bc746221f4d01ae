// The browser tests: `npx vitest run --config web/vitest.browser.config.ts`. They need Chromium; the product's address is
// taken from AIOS_WEB_URL.
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
  },
});
