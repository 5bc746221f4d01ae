// What runs an agent's code and what a run is, in one place: every language engine answers these types, and whoever keeps runs builds on them.

/** What crosses the border between a guest and its host. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `workflow`: JSON that says which agents run after which; node/agents/workflow walks it. */
export type Language = 'javascript' | 'python' | 'wasm' | 'workflow';

/** The code of one version of an agent. */
export interface AgentCode {
  readonly language: Language;
  /** Path of the file that is run, one of `files`. */
  readonly entry: string;
  /** Contents by relative path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Content identifier (CIDv1) of the package. */
  readonly hash: string;
}

export interface RunLimits {
  /** Bytes of the guest's memory. */
  readonly memoryBytes: number;
  /** In the units of the engine: the same code on the same input spends the same. */
  readonly gas: number;
  readonly deadlineMs: number;
  /** Bytes of the output's JSON. */
  readonly outputBytes: number;
  readonly hostCalls: number;
  /** Bytes of all log lines; what is over is cut off. */
  readonly logBytes: number;
}

export interface RunRequest {
  readonly code: AgentCode;
  readonly input: Json;
  /** 32 bytes in hex, from which the guest's random numbers come. */
  readonly seed: string;
  /** Milliseconds since 1970, where the guest's clock stands. */
  readonly startedAt: number;
  readonly limits: RunLimits;
}

/** A guest's wish to act on the world: the only door it has. */
export interface HostCall {
  /** From 0, in the order in which the guest asked. */
  readonly index: number;
  readonly capability: string;
  readonly args: Json;
  /** Only begun, and answered with null at once: a workflow hears of the end by `wait.any`. Guests' calls never are. */
  readonly detached?: true;
}

export type HostAnswer =
  | { readonly ok: Json }
  | { readonly error: { readonly code: string; readonly message: string } };

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** Gas spent when it was said: the same in every replay, which a clock would not be. */
  readonly gas: number;
}

export type RunErrorCode =
  | 'AGENT_THREW'
  /** A node of a workflow did, and what was done before is undone. */
  | 'NODE_FAILED'
  | 'CODE_INVALID'
  | 'OUT_OF_MEMORY'
  | 'OUT_OF_GAS'
  | 'DEADLINE_EXCEEDED'
  | 'OUTPUT_TOO_LARGE'
  | 'TOO_MANY_CALLS'
  | 'CANCELLED'
  | 'ENGINE_CRASHED';

export interface RunError {
  readonly code: RunErrorCode;
  readonly message: string;
  /** The guest's own. */
  readonly stack?: string;
}

export interface RunOutcome {
  /** `failed`: the agent's own code did; `killed`: a limit or a cancellation did. */
  readonly status: 'completed' | 'failed' | 'killed';
  readonly output?: Json;
  readonly error?: RunError;
  readonly gas: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** All that was asked and answered, in order. */
  readonly calls: readonly { readonly call: HostCall; readonly answer: HostAnswer }[];
  readonly logs: readonly LogLine[];
  /** Name, version and hash of what ran the code. */
  readonly engine: string;
}

export interface RunHooks {
  /** Answers a guest's call; `signal` says that the run is over. */
  call(call: HostCall, signal: AbortSignal): Promise<HostAnswer>;
  log?(line: LogLine): void;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

/** Runs guest code, each run in an instance of its own. The same request and the same answers have the same outcome anywhere. */
export interface AgentRuntime {
  run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome>;
  close(): Promise<void>;
}
