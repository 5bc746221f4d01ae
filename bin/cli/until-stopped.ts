// Waiting for the order to stop: Ctrl-C, a termination signal, or the end of the terminal.

/** npm passes a Ctrl-C on that the terminal has sent to us already: what follows this soon is the same order. */
const sameOrderMs = 1_000;

/**
 * Resolves with the signal's name at the first one. A second order ends the process at once: somebody insists.
 */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const listener = (signal: NodeJS.Signals) => {
      if (askedAt !== undefined && performance.now() - askedAt > sameOrderMs) process.exit(130);
      askedAt ??= performance.now();
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  });
}
