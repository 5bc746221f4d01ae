// Lets a producer run ahead of its consumer, as far as a budget of bytes allows.

export interface PrefetchOptions<T> {
  readonly maxBytes: number;
  readonly bytesOf: (item: T) => number;
  /** Told how long the producer took for each item. */
  readonly onProduced?: (milliseconds: number) => void;
}

/** At least one item is always produced, however large. Ending the iteration early ends the producer. */
export async function* prefetch<T>(
  producer: AsyncIterable<T>,
  { maxBytes, bytesOf, onProduced }: PrefetchOptions<T>,
): AsyncGenerator<{ readonly item: T; readonly more: boolean }> {
  const queue: { item: T; bytes: number }[] = [];
  let bytes = 0;
  let ended = false;
  let failure: { error: unknown } | undefined;
  let wakeConsumer = () => {};
  let wakeProducer = () => {};
  const iterator = producer[Symbol.asyncIterator]();

  const pump = (async () => {
    try {
      while (!ended) {
        const started = performance.now();
        const next = await iterator.next();
        onProduced?.(performance.now() - started);
        if (next.done) break;
        const size = bytesOf(next.value);
        queue.push({ item: next.value, bytes: size });
        bytes += size;
        wakeConsumer();
        while (bytes >= maxBytes && !ended)
          await new Promise<void>((resolve) => {
            wakeProducer = resolve;
          });
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    wakeConsumer();
  })();

  try {
    for (;;) {
      const next = queue.shift();
      if (next) {
        bytes -= next.bytes;
        wakeProducer();
        yield { item: next.item, more: queue.length > 0 || !ended };
        continue;
      }
      if (failure) throw failure.error;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wakeConsumer = resolve;
      });
    }
  } finally {
    ended = true;
    wakeProducer();
    // A request in flight is left to end by itself: the generator's `finally` runs behind it.
    void iterator.return?.();
    void pump;
  }
}
