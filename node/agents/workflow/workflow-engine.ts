// Runs workflows as the other engines run code: same requests, same calls, same outcomes. There is nobody's code in a workflow, so it is
// walked in the platform's own process.

import { AiosError } from '#node/platform/errors.ts';
import type { LanguageEngine } from '../runtime/language-engine.ts';
import type {
  HostAnswer,
  HostCall,
  Json,
  LogLine,
  RunError,
  RunErrorCode,
  RunHooks,
  RunOutcome,
  RunRequest,
} from '../runtime/runtime.ts';
import { readWorkflow, type Workflow } from './definition.ts';
import { jsonSize } from './expressions.ts';
import { Interpreter, type WorkflowWorld } from './interpreter.ts';

/** Another number whenever the same workflow with the same answers would be walked differently. */
export const WORKFLOW_ENGINE = 'aios-workflow/1';

const CALL_BYTES = 1 << 20;
const TOTAL_BYTES = 64 << 20;

/** Ends a walk from outside: a limit, or somebody who asked. */
class Stop extends Error {
  readonly code: RunErrorCode;
  constructor(code: RunErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The workflow that a package's entry file describes. @throws AiosError WORKFLOW_INVALID */
export function workflowOf({ entry, files }: Pick<RunRequest['code'], 'entry' | 'files'>): Workflow {
  return readWorkflow(entry, files.get(entry) ?? new Uint8Array());
}

export class WorkflowEngine implements LanguageEngine {
  readonly engine = WORKFLOW_ENGINE;

  async start(): Promise<void> {}

  async close(): Promise<void> {}

  async run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome> {
    const walk = new Walk(request, hooks);
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    const result = await walk.result();
    const spent = process.cpuUsage(cpu);
    return {
      ...result,
      gas: walk.gas,
      memoryBytes: 0,
      cpuMs: (spent.user + spent.system) / 1_000,
      wallMs: performance.now() - wall,
      calls: walk.calls,
      logs: walk.logs,
      engine: this.engine,
    };
  }
}

class Walk implements WorkflowWorld {
  readonly calls: { readonly call: HostCall; readonly answer: HostAnswer }[] = [];
  readonly logs: LogLine[] = [];
  gas = 0;
  readonly #request: RunRequest;
  readonly #hooks: RunHooks;
  readonly #over = new AbortController();
  #logBytes = 0;
  #bytes = 0;

  constructor(request: RunRequest, hooks: RunHooks) {
    this.#request = request;
    this.#hooks = hooks;
  }

  async result(): Promise<Pick<RunOutcome, 'status' | 'output' | 'error'>> {
    const failed = (code: RunErrorCode, message: string, status: 'failed' | 'killed' = 'failed') => ({
      status,
      error: { code, message } satisfies RunError,
    });
    try {
      const workflow = workflowOf(this.#request.code);
      const result = await new Interpreter(workflow, this.#request.input, this).run();
      if (result.status === 'failed') return failed('NODE_FAILED', result.failure.message);
      const { outputBytes } = this.#request.limits;
      if (jsonSize(result.output, outputBytes) > outputBytes)
        return failed(
          'OUTPUT_TOO_LARGE',
          `The output has more than ${outputBytes} bytes: answer less, or raise limits.outputBytes.`,
          'killed',
        );
      return { status: 'completed', output: result.output };
    } catch (error) {
      if (error instanceof Stop) return failed(error.code, error.message, 'killed');
      if (error instanceof AiosError && error.code === 'WORKFLOW_INVALID')
        return failed('CODE_INVALID', error.message);
      throw error;
    } finally {
      this.#over.abort();
    }
  }

  async ask(capability: string, args: Json): Promise<{ readonly step: number; readonly answer: HostAnswer }> {
    const call = this.#next(capability, args);
    const answer = await this.#answer(call);
    this.#bytes += jsonSize('ok' in answer ? answer.ok : answer.error.message, TOTAL_BYTES);
    if (this.#bytes > TOTAL_BYTES)
      throw new Stop('OUT_OF_MEMORY', `All answers together have more than ${TOTAL_BYTES} bytes.`);
    this.calls.push({ call, answer });
    return { step: call.index, answer };
  }

  async open(capability: string, args: Json): Promise<number> {
    const call: HostCall = { ...this.#next(capability, args), detached: true };
    await this.#answer(call);
    // Whatever the host knows already: the walk hears of it by `wait.any`, also in a replay.
    this.calls.push({ call: { index: call.index, capability, args }, answer: { ok: null } });
    return call.index;
  }

  spend(gas: number): void {
    this.gas += gas;
    if (this.gas > this.#request.limits.gas) {
      this.gas = this.#request.limits.gas;
      throw new Stop('OUT_OF_GAS', `More than ${this.gas} units of gas: do less, or raise limits.gas.`);
    }
  }

  log(level: LogLine['level'], text: string): void {
    this.#logBytes += text.length;
    if (this.#logBytes > this.#request.limits.logBytes) return;
    const line: LogLine = { level, text, gas: this.gas };
    this.logs.push(line);
    this.#hooks.log?.(line);
  }

  #next(capability: string, args: Json): HostCall {
    const { hostCalls } = this.#request.limits;
    if (this.calls.length >= hostCalls)
      throw new Stop('TOO_MANY_CALLS', `More than ${hostCalls} steps: do less, or raise limits.hostCalls.`);
    if (jsonSize(args, CALL_BYTES) > CALL_BYTES)
      throw new AiosError(
        'ARGUMENTS_TOO_LARGE',
        `${capability} would be given more than ${CALL_BYTES} bytes: refer to less.`,
      );
    return { index: this.calls.length, capability, args };
  }

  /** The host's answer, or the end of the run. */
  async #answer(call: HostCall): Promise<HostAnswer> {
    const { signal } = this.#hooks;
    const cancelled = () => new Stop('CANCELLED', 'The run was ended.');
    if (signal?.aborted) throw cancelled();
    let stop: () => void = () => {};
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(cancelled());
      signal?.addEventListener('abort', stop, { once: true });
    });
    try {
      const answer = await Promise.race([this.#hooks.call(call, this.#over.signal), ended]);
      if (signal?.aborted) throw cancelled();
      return answer;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}
