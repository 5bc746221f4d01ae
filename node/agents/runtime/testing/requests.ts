// Requests as tests, probes and benches make them: small limits, one file of code.
import { createHash } from 'node:crypto';
import type { AgentCode, HostAnswer, Json, Language, RunHooks, RunLimits, RunRequest } from '../runtime.ts';

export const TEST_LIMITS: RunLimits = {
  memoryBytes: 64 << 20,
  gas: 50_000_000,
  deadlineMs: 2_000,
  outputBytes: 100_000,
  hostCalls: 1_000,
  logBytes: 10_000,
};

/** Code of one file, or of several by their paths; the first is the entry. */
export function codeOf(
  language: Language,
  source: string | Uint8Array | Readonly<Record<string, string | Uint8Array>>,
): AgentCode {
  const single = {
    javascript: 'agent.js',
    python: 'agent.py',
    wasm: 'agent.wasm',
    workflow: 'workflow.json',
  }[language];
  const sources = typeof source === 'string' || source instanceof Uint8Array ? { [single]: source } : source;
  const files = new Map(
    Object.entries(sources).map(([path, text]) => [
      path,
      typeof text === 'string' ? new TextEncoder().encode(text) : text,
    ]),
  );
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(path).update(bytes);
  return { language, entry: Object.keys(sources)[0] ?? '', files, hash: `test-${hash.digest('hex')}` };
}

export function requestOf(code: AgentCode, input: Json = null, limits: Partial<RunLimits> = {}): RunRequest {
  return {
    code,
    input,
    seed: '5eed'.repeat(16),
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    limits: { ...TEST_LIMITS, ...limits },
  };
}

/** Answers every call with its own arguments. */
export const echo: RunHooks = { call: async ({ args }): Promise<HostAnswer> => ({ ok: args }) };
