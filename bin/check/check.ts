// `npm run check`: everything that can be wrong with the tree without running it. Prints a line a check and fails at the end, so that one run shows all.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { verifierDrift } from '#circuits/compile/verifier-sources.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { checkTree } from './import-rules.ts';

type Check = () => { ok: boolean; output: string };

const command =
  (program: string, ...args: string[]): Check =>
  () => {
    const result = spawnSync(program, args, {
      cwd: packageRoot,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return {
      ok: result.status === 0,
      output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trim(),
    };
  };
const tool = (name: string, ...args: string[]) =>
  command(join(packageRoot, 'node_modules/.bin', name), ...args);
const script = (path: string, ...args: string[]) =>
  command(process.execPath, join(packageRoot, path), ...args);

const checks: readonly (readonly [name: string, check: Check])[] = [
  ['types', tool('tsc', '--noEmit', '-p', 'tsconfig.json')],
  ['lint and format', tool('biome', 'check', '--error-on-warnings', '.')],
  [
    'import rules',
    () => {
      const { violations } = checkTree(packageRoot);
      return {
        ok: violations.length === 0,
        output: violations.map((v) => `${v.file}:${v.line} '${v.specifier}': ${v.message}`).join('\n'),
      };
    },
  ],
  [
    'verifiers of the circuits',
    () => {
      const drift = verifierDrift();
      return { ok: drift === undefined, output: drift ?? '' };
    },
  ],
  ['generated ABIs', script('contracts/generate.mjs', '--check')],
  ['supergraph composition', script('dist/bin/aios.mjs', 'supergraph', 'compose', '--check')],
  ['typed documents', script('web/check-codegen.mjs')],
  ['size of the first page', script('web/check-size.mjs')],
];

let failed = 0;
for (const [name, check] of checks) {
  const begun = performance.now();
  const { ok, output } = check();
  process.stdout.write(
    `${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)\n`,
  );
  if (!ok) {
    failed++;
    process.stdout.write(`${output.split('\n').slice(-60).join('\n')}\n`);
  }
}
if (!existsSync(join(packageRoot, 'dist')))
  process.stdout.write('note: dist/ is missing; run npm run prepare\n');
process.exit(failed === 0 ? 0 : 1);
