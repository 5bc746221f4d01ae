// The one door of the runtime: checks a request and hands it to the engine of its language.
import { AiosError } from '#node/platform/errors.ts';
import { WorkflowEngine } from '../workflow/workflow-engine.ts';
import { BORDER } from './guest.ts';
import { AgentHost, type AgentHostOptions } from './host/agent-host.ts';
import { nestsDeeper } from './json-depth.ts';
import type { LanguageEngine } from './language-engine.ts';
import { PythonEngine, type PythonEngineOptions } from './python/python-engine.ts';
import type { AgentRuntime, Json, Language, RunHooks, RunOutcome, RunRequest } from './runtime.ts';

export interface AgentRuntimeOptions extends AgentHostOptions {
  /** Engines of languages that the agent host does not run itself, or that a test replaces. */
  readonly engines?: Partial<Record<Language, LanguageEngine>>;
  /** Keeps Python warm from `start` on; otherwise its first run starts it. */
  readonly python?: PythonEngineOptions;
}

export interface StartedRuntime extends AgentRuntime {
  /** Starts the processes, which the first run otherwise does. @throws AiosError that names the fix */
  start(): Promise<void>;
  /** The engine that runs a language on this machine, as digests name it; known once started. */
  engineOf(language: Language): string;
  /** Process of the agent host; for health, tests and probes. */
  readonly hostPid: number | undefined;
}

/** The least memory a JavaScript heap begins with. */
export const LEAST_MEMORY_BYTES = 8 << 20;
/** The most that any run may ask for, whatever a manifest says. */
export const MOST_LIMITS = {
  memoryBytes: 512 << 20,
  gas: 1e12,
  deadlineMs: 15 * 60_000,
  outputBytes: 8 << 20,
  hostCalls: 100_000,
  logBytes: 4 << 20,
} as const;

const MOST_INPUT_BYTES = 8 << 20;

function refuse(field: string, problem: string): never {
  throw new AiosError('RUN_REQUEST_INVALID', `${field}: ${problem}`, { details: { field } });
}

function jsonOf(input: Json): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(input);
  } catch {
    // Round, or thousands of levels deep.
  }
  return json ?? refuse('input', 'give a JSON value; null when there is none');
}

/** @throws AiosError `RUN_REQUEST_INVALID` naming the field and what it may be */
export function checkRequest({ code, seed, startedAt, limits, input }: RunRequest): void {
  if (!code.files.has(code.entry)) refuse('code.entry', `${code.entry} is not among the package's files`);
  if (!/^[0-9a-f]{64}$/.test(seed)) refuse('seed', 'give 32 bytes as 64 lower-case hex digits');
  if (!Number.isSafeInteger(startedAt)) refuse('startedAt', 'give whole milliseconds since 1970');
  for (const [name, most] of Object.entries(MOST_LIMITS)) {
    const value = limits[name as keyof typeof MOST_LIMITS];
    if (!Number.isSafeInteger(value) || value < 0 || value > most)
      refuse(`limits.${name}`, `${value} is not a whole number from 0 to ${most}`);
  }
  if (code.language === 'javascript' && limits.memoryBytes < LEAST_MEMORY_BYTES)
    refuse('limits.memoryBytes', `JavaScript needs at least ${LEAST_MEMORY_BYTES}`);
  const bytes = Buffer.from(jsonOf(input));
  if (bytes.length > MOST_INPUT_BYTES)
    refuse('input', `it has ${bytes.length} bytes, ${MOST_INPUT_BYTES} are allowed`);
  if (nestsDeeper(bytes, BORDER.jsonDepth))
    refuse('input', `it nests deeper than ${BORDER.jsonDepth} levels: flatten it`);
}

/** Python, which nobody pays for who does not run it: its files are read and its children started when they are needed. */
function pythonEngine(options: PythonEngineOptions | undefined): LanguageEngine {
  let made: PythonEngine | undefined;
  const python = (): PythonEngine => {
    made ??= new PythonEngine(options);
    return made;
  };
  return {
    get engine() {
      return python().engine;
    },
    start: async () => {
      if (options) await python().start();
    },
    run: (request, hooks) => python().run(request, hooks),
    close: async () => made?.close(),
  };
}

/**
 * Runs agents of every language it has an engine for. JavaScript and WASM run in an agent host, a child process with an empty
 * environment that is started with the first run and again whenever it dies; Python runs in a jailed process for each run.
 *
 * ```ts
 * const runtime = createAgentRuntime();
 * const outcome = await runtime.run(request, { call: async (call) => ({ ok: null }) });
 * await runtime.close();
 * ```
 */
export function createAgentRuntime(options: AgentRuntimeOptions = {}): StartedRuntime {
  const host = new AgentHost(options);
  const hostEngine = (language: 'javascript' | 'wasm'): LanguageEngine => ({
    get engine() {
      return host.engines[language];
    },
    start: () => host.start(),
    run: (request, hooks) => host.run(request, hooks),
    close: () => host.close(),
  });
  const engines: Partial<Record<Language, LanguageEngine>> = {
    javascript: hostEngine('javascript'),
    wasm: hostEngine('wasm'),
    python: pythonEngine(options.python),
    workflow: new WorkflowEngine(),
    ...options.engines,
  };
  const engineOf = (language: Language): LanguageEngine => {
    const engine = engines[language];
    if (!engine)
      throw new AiosError(
        'LANGUAGE_UNKNOWN',
        `this node runs no ${language}: give createAgentRuntime its engine`,
      );
    return engine;
  };
  return {
    async start() {
      await Promise.all(Object.values(engines).map((engine) => engine.start()));
    },
    engineOf: (language) => engineOf(language).engine,
    get hostPid() {
      return host.pid;
    },
    async run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome> {
      const engine = engineOf(request.code.language);
      checkRequest(request);
      return engine.run(request, hooks);
    },
    async close() {
      await Promise.all(Object.values(engines).map((engine) => engine.close()));
    },
  };
}
