// What an agent in TypeScript knows of the world: types of the one host function, and a name for each capability. Copied beside an agent's
// code (or imported for its types alone); it contains nothing that a guest could not write itself.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface HttpResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Text; what is none comes as `bodyBase64`. */
  readonly body?: string;
  readonly bodyBase64?: string;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface McpTool {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** JSON Schemas. */
  readonly inputSchema: Json;
  readonly outputSchema: Json;
}

export interface McpResult {
  /** Text, images and links, as the Model Context Protocol has them. */
  readonly content: readonly {
    readonly type: string;
    readonly text?: string;
    readonly [key: string]: Json | undefined;
  }[];
  readonly structured: Json;
  /** The tool itself says that it failed. */
  readonly isError: boolean;
}

/** Arguments and answer of each capability; a manifest grants them one by one. */
export interface Capabilities {
  'graphql.run': { args: { operation: string; variables?: { readonly [name: string]: Json } }; answer: Json };
  'storage.get': { args: { key: string }; answer: Json };
  'storage.set': { args: { key: string; value: Json }; answer: null };
  'storage.delete': { args: { key: string }; answer: boolean };
  'storage.list': { args: { prefix?: string; after?: string; limit?: number }; answer: Json };
  'http.fetch': {
    args: { url: string; method?: string; headers?: { readonly [name: string]: string }; body?: string };
    answer: HttpResponse;
  };
  'pay.send': {
    /** `amount` is an integer in the token's smallest unit, as text. */
    args: { payee: string; amount: string };
    answer: { readonly transaction: string; readonly payee: string; readonly amount: string };
  };
  'message.send': {
    args: { topic: string; body: Json };
    answer: { readonly id: string; readonly listeners: number };
  };
  'schedule.at': { args: { afterMs: number; input?: Json }; answer: { readonly run: string | null } };
  'agent.call': { args: { deployment: string; input?: Json; budget?: string }; answer: Json };
  'approval.ask': { args: { question: string; details?: Json }; answer: Json };
  'llm.chat': {
    args: {
      model: string;
      messages: readonly ChatMessage[];
      maxTokens?: number;
      temperature?: number;
    };
    answer: {
      readonly text: string;
      readonly finishReason: string;
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
    };
  };
  /** Those of a server's tools that the manifest grants. */
  'mcp.tools': { args: { server: string }; answer: readonly McpTool[] };
  'mcp.call': {
    args: { server: string; tool: string; arguments?: { readonly [name: string]: Json } };
    answer: McpResult;
  };
  /** Waits until the proof is made. `inputs.context`, where the circuit has one, is set by the platform: the proof is bound to the run. */
  'prove.request': {
    args: {
      circuit: string;
      inputs: { readonly [name: string]: Json };
      system?: 'groth16' | 'fflonk' | 'plonk';
    };
    answer: {
      readonly job: string;
      readonly circuit: string;
      readonly system: string;
      readonly proof: Json;
      /** 32-byte words, hex, as the verifying contract takes them. */
      readonly words: readonly string[];
      /** Decimal, in the circuit's order. */
      readonly publicSignals: readonly string[];
      /** The same by name. */
      readonly signals: { readonly [name: string]: string };
      readonly keyHash: string;
      readonly development: boolean;
    };
  };
}

/** What `aios.call` throws when the platform refuses or a call fails: `code` is stable, `message` names the fix. */
export interface AiosCallError extends Error {
  readonly name: 'AiosCallError';
  readonly code: string;
}

/** A line of the run's log, `info` unless its level is named. */
export interface Log {
  (...parts: readonly unknown[]): void;
  debug(...parts: readonly unknown[]): void;
  info(...parts: readonly unknown[]): void;
  warn(...parts: readonly unknown[]): void;
  error(...parts: readonly unknown[]): void;
}

/** The second argument of `run`. */
export interface Aios {
  /** Asks the platform to act; answers at once, without `await`. Throws an AiosCallError. */
  call<Name extends keyof Capabilities>(
    capability: Name,
    args: Capabilities[Name]['args'],
  ): Capabilities[Name]['answer'];
  readonly log: Log;
}

export type Agent<Input, Output> = (input: Input, aios: Aios) => Output | Promise<Output>;

/**
 * Gives `run` its types.
 *
 * ```ts
 * export const run = defineAgent<{ name: string }, { greeting: string }>((input, aios) => {
 *   aios.log('greeting', input.name);
 *   return { greeting: `Hello ${input.name}` };
 * });
 * ```
 */
export function defineAgent<Input, Output>(run: Agent<Input, Output>): Agent<Input, Output> {
  return run;
}

/** Whether something caught is a refused or failed call. */
export function isCallError(error: unknown): error is AiosCallError {
  return error instanceof Error && error.name === 'AiosCallError';
}
