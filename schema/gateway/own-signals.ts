// Signals belong to the command that started the process, which stops its services in order.

const SIGNALS = ['SIGINT', 'SIGTERM', 'exit'] as const;

/**
 * Runs `create` and takes off the signal handlers it has put on the process. The runtime disposes of itself at SIGTERM
 * otherwise, while requests are being drained, and its handler keeps the process from ending by default.
 */
export function withoutSignalHandlers<T>(create: () => T): T {
  const before = new Map(
    SIGNALS.map((signal) => [signal, new Set(process.listeners(signal as NodeJS.Signals))]),
  );
  const created = create();
  for (const [signal, listeners] of before) {
    for (const listener of process.listeners(signal as NodeJS.Signals)) {
      if (!listeners.has(listener)) process.off(signal, listener);
    }
  }
  return created;
}
