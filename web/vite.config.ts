// Builds the web app into dist/web, which the gateway serves; `vite web` runs it against a gateway on AIOS_URL.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const gateway = process.env.AIOS_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    // check-size.mjs reads it to know what the first route loads.
    manifest: true,
    // light-dark() and nesting stay as written; these are the first browsers that know both.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Monaco, loaded with /graphiql alone, is larger than Vite's advice for a chunk.
    chunkSizeWarningLimit: 6000,
    rolldownOptions: {
      onLog(level, log, report) {
        // GraphiQL's files carry directives for a compiler that has already run.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: {
    proxy: { '/graphql': { target: gateway, ws: true } },
  },
});
