// Runs forge's tests (units, fuzz, invariants) and the drift check of everything generated from the contracts.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';

interface ForgeTest {
  readonly status: 'Success' | 'Failure' | 'Skipped';
  readonly reason: string | null;
  readonly counterexample: unknown;
}
type ForgeReport = Record<string, { readonly test_results: Record<string, ForgeTest> }>;

function run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(packageRoot, 'contracts', script), ...args], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
}

/** forge's JSON, or its own words when it did not come so far (a compilation error, a missing binary). */
function parseReport(output: { stdout: string; stderr: string }): ForgeReport {
  const line = output.stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`forge ran no tests:\n${output.stdout}${output.stderr}`);
  return JSON.parse(line) as ForgeReport;
}

it('forge tests pass', { timeout: 300_000 }, () => {
  const report = parseReport(run('forge.mjs', 'test', '--json'));
  const tests = Object.entries(report).flatMap(([suite, { test_results }]) =>
    Object.entries(test_results).map(([name, result]) => ({ name: `${suite} ${name}`, ...result })),
  );
  const failures = tests
    .filter(({ status }) => status !== 'Success')
    .map(
      ({ name, status, reason, counterexample }) =>
        `${name}: ${status} ${reason ?? ''} ${counterexample ? JSON.stringify(counterexample) : ''}`,
    );
  expect(failures).toEqual([]);
  // A filter or a folder gone wrong would let an empty run pass.
  expect(tests.filter(({ name }) => name.includes('invariant_')).length).toBeGreaterThanOrEqual(5);
  expect(tests.filter(({ name }) => name.includes('testFuzz_')).length).toBeGreaterThanOrEqual(12);
});

it('what is generated from the contracts is what is committed', { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = run('generate.mjs', '--check');
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
