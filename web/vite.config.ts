// Builds the web app into dist/web, which the gateway serves; `vite web` runs it against a gateway on AIOS_URL.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Writes `.gz` and `.br` beside every text file worth it, so that the gateway serves them without compressing anything. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      for (const name of readdirSync(dir ?? '', { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|json)$/.test(name) || name.startsWith('.vite')) continue;
        const file = join(dir ?? '', name);
        const content = readFileSync(file);
        if (content.length < 1024) continue;
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        // Quality 9: within some per cent of 11 in a tenth of the time.
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
        );
      }
    },
  };
}

const gateway = process.env.AIOS_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react(), precompress()],
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
      // How long plugins took is nobody's concern here.
      checks: { bundlerTimings: false },
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
