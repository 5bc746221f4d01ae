// Runs Python agents: CPython in WebAssembly with gas injected, one jailed process a run, taken from a pool of warm ones.
import { join } from 'node:path';
import { messageOf } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { LanguageEngine } from '../language-engine.ts';
import type { RunError, RunHooks, RunOutcome, RunRequest } from '../runtime.ts';
import { ChildPool } from './child-pool.ts';
import {
  type EngineFolder,
  type EngineInputs,
  prepareEngineFolder,
  readEngineInputs,
} from './engine-files.ts';

export interface PythonEngineOptions {
  /** Warm children to keep, each about 200 MB. Default 2. */
  readonly warm?: number;
  /** Folder below which the jail's files are made; must be writable once. Default: dist/python of the package. */
  readonly folder?: string;
}

/** What the path of a guest's file may look like: relative, without steps upwards. */
const SAFE_PATH = /^[\w@+][\w.@+-]*(?:\/[\w@+][\w.@+-]*)*$/;

export class PythonEngine implements LanguageEngine {
  readonly #inputs: EngineInputs;
  readonly #parent: string;
  readonly #size: number;
  #folder: Promise<EngineFolder> | undefined;
  #pool: ChildPool | undefined;

  constructor(options: PythonEngineOptions = {}) {
    this.#inputs = readEngineInputs();
    this.#parent = options.folder ?? join(packageRoot, 'dist/python');
    this.#size = options.warm ?? 2;
  }

  get engine(): string {
    return this.#inputs.engine;
  }

  /** Children that a run would not have to wait for. */
  get warm(): number {
    return this.#pool?.warm ?? 0;
  }

  /** Makes the jail's folder when it is missing and resolves when one child stood up in it: the jail was tested then. */
  async start(): Promise<void> {
    const pool = await this.#open();
    pool.fill();
    if (pool.warm > 0) return;
    const child = await pool.take();
    child.kill();
    pool.fill();
  }

  async #open(): Promise<ChildPool> {
    this.#folder ??= prepareEngineFolder(this.#inputs, this.#parent);
    const { path } = await this.#folder;
    this.#pool ??= new ChildPool(path, this.#size);
    return this.#pool;
  }

  async run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome> {
    const refused = refusal(request);
    if (refused) return this.#without('failed', { code: 'CODE_INVALID', message: refused });
    try {
      const pool = await this.#open();
      const child = await pool.take(hooks.signal);
      return await child.run(request, hooks, this.engine);
    } catch (error) {
      if (hooks.signal?.aborted)
        return this.#without('killed', { code: 'CANCELLED', message: 'the run was cancelled' });
      return this.#without('failed', { code: 'ENGINE_CRASHED', message: messageOf(error) });
    }
  }

  /** The outcome of a run that never began. */
  #without(status: 'failed' | 'killed', error: RunError): RunOutcome {
    const none = { gas: 0, memoryBytes: 0, cpuMs: 0, wallMs: 0, calls: [], logs: [] };
    return { status, error, ...none, engine: this.engine };
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}

/** Why this code cannot be put into a child, if it cannot. */
function refusal({ code }: RunRequest): string | undefined {
  for (const name of code.files.keys()) {
    if (!SAFE_PATH.test(name))
      return `the file name ${JSON.stringify(name)} is refused: use a relative path of letters, digits and . _ @ + -, no part of which begins with a dot`;
  }
  if (!code.files.has(code.entry))
    return `the entry ${JSON.stringify(code.entry)} is not among the files: ${[...code.files.keys()].slice(0, 10).join(', ')}`;
  return undefined;
}
