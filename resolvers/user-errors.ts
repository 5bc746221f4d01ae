// Mutations answer what the user can put right as data (`error`), so that a client need not take apart GraphQL errors.
import { AiosError } from '#node/platform/errors.ts';

/**
 * Runs a mutation: its result, or `{ error }` when an AiosError says what the user should do. Anything else is a bug and
 * stays an exception.
 */
export async function orError<Payload extends object>(
  run: () => Promise<Payload>,
): Promise<Payload | { readonly error: AiosError }> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AiosError) return { error };
    throw error;
  }
}

/** The same facts as a plain object: GraphQL takes an Error that a resolver returns for one that it threw. */
export function asData(error: AiosError | null | undefined): AiosError | null {
  if (!error) return null;
  const { name, code, message, details } = error;
  return { name, code, message, details };
}
