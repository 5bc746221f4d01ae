// Errors an operator or a user can act on: every one has a stable code and says what was wrong, where, and what to do.

/** An error whose message names the fix. `code` is stable and machine-readable; `details` is safe to show. */
export class AiosError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AiosError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Longer messages are cut: some libraries put whole transactions into theirs. */
const maxMessage = 2_000;

/** The message of anything thrown, for logs and for wrapping. */
export function messageOf(error: unknown): string {
  // ethers keeps the sentence for people apart from the dump.
  const short =
    error instanceof Error && 'shortMessage' in error && typeof error.shortMessage === 'string'
      ? error.shortMessage
      : undefined;
  const message = short ?? (error instanceof Error ? error.message : String(error));
  return message.length > maxMessage
    ? `${message.slice(0, maxMessage)}… (${message.length} characters)`
    : message;
}
