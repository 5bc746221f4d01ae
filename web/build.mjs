// Builds the web app into dist/web and checks what its first route weighs. Part of `npm run prepare`.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)), logLevel: 'warn' });
await import('./check-size.mjs');
