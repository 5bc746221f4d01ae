#!/usr/bin/env node
// Stands in for the native solc that forge expects: npm's solc (WASM) behind the two calls forge makes, `--version` and `--standard-json`.
import { readFileSync } from 'node:fs';
import solc from 'solc';

const options = process.argv.slice(2);
if (options.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (options.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
} else {
  process.stderr.write(
    `solc-shim: forge asked for ${options.join(' ')}; only --version and --standard-json are served\n`,
  );
  process.exit(1);
}
