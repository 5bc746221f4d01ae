// What ends a guest from outside. Thrown through the guest's own WebAssembly frames, so that no code of the guest can catch it.
import type { RunErrorCode } from './runtime.ts';

export type StopCode = Exclude<RunErrorCode, 'AGENT_THREW' | 'CODE_INVALID'>;

/** Ends the run that is under way; its instance must not be entered again. */
export class GuestStop extends Error {
  readonly code: StopCode;

  constructor(code: StopCode, message: string) {
    super(message);
    this.name = 'GuestStop';
    this.code = code;
  }
}
