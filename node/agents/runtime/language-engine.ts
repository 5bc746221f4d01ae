// The seam between the runtime and a language: whoever runs one language's code answers this.
import type { RunHooks, RunOutcome, RunRequest } from './runtime.ts';

/** Runs code of one language. Never rejects for what a guest does: that is an outcome. */
export interface LanguageEngine {
  /** Name, version and hash of the artefacts that run the code: part of every digest. */
  readonly engine: string;
  /** Ready to run; rejects with an AiosError that names the fix when this machine cannot. */
  start(): Promise<void>;
  run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome>;
  close(): Promise<void>;
}
