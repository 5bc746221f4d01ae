// Waiting for the order to stop: Ctrl-C, a termination signal, or the end of the terminal.

/**
 * Resolves with the signal's name at the first one. A second one ends the process at once: somebody insists.
 */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const listener = (signal: NodeJS.Signals) => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
  });
}
