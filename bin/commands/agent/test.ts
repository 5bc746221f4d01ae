// `aios agent test`: a package's golden scenarios in the real runtime, under the manifest's own limits.
import { watch as watchFolder } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AgentPackage, readPackage } from '#node/agents/package/agent-package.ts';
import { createAgentRuntime, type StartedRuntime } from '#node/agents/runtime/agent-runtime.ts';
import { type Difference, runScenario, type ScenarioResult } from '#node/agents/scenarios/run-scenario.ts';
import { SCENARIO_FOLDER, type Scenario, scenariosOf } from '#node/agents/scenarios/scenario.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bold, dim, green, printError, red } from '../../cli/screen.ts';
import { untilStopped } from '../../cli/until-stopped.ts';
import { stage } from './stage.ts';

export interface TestOptions {
  readonly only?: string;
  readonly update?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Changes that an editor makes one after the other are one. */
const SETTLE_MS = 150;

export async function test(folder: string, options: TestOptions): Promise<void> {
  if (options.watch && options.json)
    throw new AiosError('OPTIONS_CONFLICT', 'Give --watch or --json: a script reads one outcome.');
  const target = resolve(folder);
  const engines = new Engines(options.json);
  try {
    if (options.watch) await testOnChanges(engines, target, options);
    else if (!(await testOnce(engines, target, options))) process.exitCode = 1;
  } finally {
    await engines.close();
  }
}

/** The runtime, started for the language that is wanted when it is wanted. */
class Engines {
  readonly #quiet: boolean | undefined;
  readonly #started = new Map<boolean, StartedRuntime>();

  constructor(quiet: boolean | undefined) {
    this.#quiet = quiet;
  }

  async for({ manifest: { language } }: AgentPackage): Promise<StartedRuntime> {
    const python = language === 'python';
    const known = this.#started.get(python);
    if (known) return known;
    const runtime = createAgentRuntime({
      lanes: 1,
      warmLanes: 1,
      ...(python ? { python: { warm: 2 } } : {}),
    });
    this.#started.set(python, runtime);
    await stage(
      'start engine',
      this.#quiet,
      () => runtime.start(),
      () => runtime.engineOf(language),
    );
    return runtime;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#started.values()].map((runtime) => runtime.close()));
  }
}

async function testOnChanges(engines: Engines, folder: string, options: TestOptions): Promise<void> {
  let changed: () => void = () => undefined;
  let dirty = true;
  const watcher = watchFolder(folder, { recursive: true }, () => {
    dirty = true;
    changed();
  });
  let stopped = false;
  void untilStopped().then(() => {
    stopped = true;
    changed();
  });
  while (!stopped) {
    if (!dirty)
      await new Promise<void>((wake) => {
        changed = wake;
      });
    if (stopped) break;
    await new Promise((wait) => setTimeout(wait, SETTLE_MS));
    dirty = false;
    process.stdout.write(`\n${dim(new Date().toLocaleTimeString())}\n`);
    // A mistake in the middle of a change is told, and the next change looked at.
    await testOnce(engines, folder, options).catch(printError);
    // What --update wrote is no change to run again for.
    if (options.update) dirty = false;
    process.stdout.write(`${dim('waiting for changes, Ctrl-C stops')}\n`);
  }
  watcher.close();
}

interface Tested {
  readonly path: string;
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
  readonly updated: boolean;
}

/** @returns whether everything came out as expected */
async function testOnce(
  engines: Engines,
  folder: string,
  { only, update, json }: TestOptions,
): Promise<boolean> {
  const agent = await readPackage(folder);
  const all = [...scenariosOf(agent)];
  const chosen = all.filter(([path, { name }]) => `${path} ${name}`.includes(only ?? ''));
  if (all.length === 0)
    throw new AiosError(
      'NO_SCENARIOS',
      `${folder} has no golden scenarios. Write ${SCENARIO_FOLDER}/first.json, such as {"name": "the first", "input": {}}, and record what comes out with --update.`,
    );
  if (chosen.length === 0)
    throw new AiosError(
      'NO_SCENARIOS',
      `No scenario has "${only}" in its name: ${all.map(([, { name }]) => name).join(', ')}.`,
    );
  if (!json)
    process.stdout.write(
      `${bold(`${agent.manifest.name} ${agent.manifest.version}`)} ${dim(`${agent.manifest.language}, ${agent.cid}`)}\n`,
    );
  const runtime = await engines.for(agent);
  const width = Math.min(60, Math.max(...chosen.map(([, { name }]) => name.length)));
  const tested: Tested[] = [];
  for (const [path, scenario] of chosen) {
    const stop = json ? () => undefined : waiting(scenario.name);
    const result = await runScenario(runtime, agent, scenario).finally(stop);
    const updated = update === true && result.differences.length > 0 && (await record(folder, path, result));
    tested.push({ path, scenario, result, updated });
    if (!json) process.stdout.write(`${line(agent, scenario, result, updated, width)}\n`);
  }
  const failed = tested.filter(({ result, updated }) => result.differences.length > 0 && !updated).length;
  if (json) process.stdout.write(`${JSON.stringify(asJson(agent, tested), null, 2)}\n`);
  else {
    const recorded = tested.filter(({ updated }) => updated).length;
    const told = [
      `${tested.length} scenario${tested.length === 1 ? '' : 's'}`,
      ...(recorded > 0 ? [`${recorded} recorded`] : []),
      failed > 0 ? red(`${failed} differ${failed === 1 ? 's' : ''}`) : green('all as expected'),
    ];
    process.stdout.write(
      `${told.join(', ')}\n${failed > 0 && !update ? dim('if that is what you meant: aios agent test --update\n') : ''}`,
    );
  }
  return failed === 0;
}

/** Says what runs, and for how long it has, once that takes longer than an engine's start should. */
function waiting(name: string): () => void {
  if (!process.stdout.isTTY) return () => undefined;
  const began = performance.now();
  const clock = setInterval(
    () =>
      process.stdout.write(
        `\r\u001b[2K  ${dim(`· ${name} ${Math.round((performance.now() - began) / 1000)} s`)}`,
      ),
    1_000,
  );
  return () => {
    clearInterval(clock);
    process.stdout.write('\r\u001b[2K');
  };
}

const grouped = (value: number): string => value.toLocaleString('en-US');
/** A part of a limit worth knowing. */
const share = (value: number, limit: number): string => {
  const percent = Math.round((100 * value) / limit);
  return percent >= 50 ? ` (${percent} %)` : '';
};

function line(
  { manifest: { limits } }: AgentPackage,
  { name }: Scenario,
  { outcome, differences }: ScenarioResult,
  updated: boolean,
  width: number,
): string {
  const mark = differences.length === 0 ? green('✓') : updated ? bold('•') : red('✗');
  const facts = outcome
    ? [
        `gas ${grouped(outcome.gas)}${share(outcome.gas, limits.gas)}`.padStart(16),
        `${(outcome.memoryBytes / 2 ** 20).toFixed(1)} MB${share(outcome.memoryBytes, limits.memoryBytes)}`.padStart(
          9,
        ),
        `${outcome.wallMs.toFixed(0)} ms${share(outcome.wallMs, limits.deadlineMs)}`.padStart(8),
        ...(outcome.calls.length > 0 ? [`${outcome.calls.length} calls`] : []),
      ]
    : ['refused before it ran'];
  const lines = [`  ${mark} ${name.padEnd(width)}  ${dim(facts.join('  '))}`];
  if (updated) lines.push(`      ${dim('recorded')}`);
  else {
    for (const difference of differences) lines.push(...differenceLines(difference));
    // Why it came out so is often in what it said.
    if (differences.length > 0)
      for (const { level, text } of outcome?.logs.slice(-5) ?? [])
        lines.push(dim(`      log ${level}: ${text.slice(0, 300)}`));
  }
  return lines.join('\n');
}

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

function differenceLines({ path, expected, got, problem }: Difference): string[] {
  if (problem !== undefined) return `${path}: ${problem}`.split('\n').map((text) => `      ${text}`);
  return [`      ${path}: expected ${green(shown(expected))}, got ${red(shown(got))}`];
}

/** Writes what came out into the scenario's file, beside all else that it says. */
async function record(folder: string, path: string, { recorded }: ScenarioResult): Promise<boolean> {
  const file = join(folder, path);
  const {
    output: _output,
    error: _error,
    ...rest
  } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, `${JSON.stringify({ ...rest, ...recorded }, null, 2)}\n`);
  return true;
}

function asJson({ manifest, cid }: AgentPackage, tested: readonly Tested[]): object {
  return {
    name: manifest.name,
    version: manifest.version,
    cid,
    scenarios: tested.map(({ path, scenario, result: { outcome, differences }, updated }) => ({
      file: path,
      name: scenario.name,
      equal: differences.length === 0,
      ...(updated ? { recorded: true } : {}),
      differences,
      ...(outcome
        ? {
            status: outcome.status,
            gas: outcome.gas,
            memoryBytes: outcome.memoryBytes,
            wallMs: outcome.wallMs,
            calls: outcome.calls.length,
            logs: outcome.logs,
          }
        : {}),
    })),
  };
}
