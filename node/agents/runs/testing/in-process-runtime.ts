// An agent runtime for tests of what keeps runs: guests are functions of this process, by the code's hash. It obeys the same contract as
// the real one: calls are numbered and logged, a guest that throws has failed, and an abort ends the run.
import { messageOf } from '#node/platform/errors.ts';
import type {
  AgentRuntime,
  HostAnswer,
  HostCall,
  Json,
  LogLine,
  RunHooks,
  RunOutcome,
  RunRequest,
} from '../../runtime/runtime.ts';
import { WorkflowEngine } from '../../workflow/workflow-engine.ts';

export interface GuestWorld {
  /** Throws an Error with `code` when the host refuses. */
  call(capability: string, args: Json): Promise<Json>;
  log(text: string): void;
}

export type Guest = (input: Json, aios: GuestWorld) => Promise<Json> | Json;

export class InProcessRuntime implements AgentRuntime {
  readonly #guests: ReadonlyMap<string, Guest>;
  readonly #workflows = new WorkflowEngine();

  constructor(guests: Readonly<Record<string, Guest>>) {
    this.#guests = new Map(Object.entries(guests));
  }

  async run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome> {
    if (request.code.language === 'workflow') return this.#workflows.run(request, hooks);
    const calls: { call: HostCall; answer: HostAnswer }[] = [];
    const logs: LogLine[] = [];
    let gas = 0;
    const base = () => ({ gas, memoryBytes: 0, cpuMs: 0, wallMs: 0, calls, logs, engine: 'in-process 1' });
    const guest = this.#guests.get(request.code.hash);
    if (!guest)
      return { status: 'failed', error: { code: 'CODE_INVALID', message: 'no such guest' }, ...base() };
    const over = new AbortController();
    const cancelled = new Promise<never>((_, reject) => {
      const end = () => {
        over.abort();
        reject(new Cancelled());
      };
      if (hooks.signal?.aborted) end();
      hooks.signal?.addEventListener('abort', end, { once: true });
    });
    cancelled.catch(() => {});
    const world: GuestWorld = {
      async call(capability, args) {
        const call = { index: calls.length, capability, args };
        const entry = { call, answer: { ok: null } as HostAnswer };
        calls.push(entry);
        gas += 10;
        entry.answer = await Promise.race([hooks.call(call, over.signal), cancelled]);
        if ('ok' in entry.answer) return entry.answer.ok;
        throw Object.assign(new Error(entry.answer.error.message), { code: entry.answer.error.code });
      },
      log(text) {
        gas += 1;
        const line: LogLine = { level: 'info', text, gas };
        logs.push(line);
        hooks.log?.(line);
      },
    };
    try {
      const output = await Promise.race([Promise.resolve(guest(request.input, world)), cancelled]);
      return { status: 'completed', output, ...base() };
    } catch (error) {
      if (error instanceof Cancelled)
        return { status: 'killed', error: { code: 'CANCELLED', message: 'The run was ended.' }, ...base() };
      return { status: 'failed', error: { code: 'AGENT_THREW', message: messageOf(error) }, ...base() };
    }
  }

  async close(): Promise<void> {}
}

class Cancelled extends Error {}
