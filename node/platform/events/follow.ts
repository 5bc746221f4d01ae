// Following something that grows and is read in pages: read until the end, wait for a wake-up, read again; nothing is lost in between.

export interface FollowOptions<Item> {
  /** The next items after what was read last; an empty page means the end for now. */
  readonly readPage: () => Promise<readonly Item[]>;
  /** Registers a wake-up and returns the way to remove it. */
  readonly onWake: (wake: () => void) => () => void;
  readonly signal?: AbortSignal;
}

/**
 * Yields every item once and in order. The wake-up is registered before the first read, so that an item that commits
 * between a read and the wait is never missed. Ends when `signal` aborts or the consumer returns.
 */
export async function* follow<Item>(options: FollowOptions<Item>): AsyncGenerator<Item, void, undefined> {
  let woken = false;
  let resume: (() => void) | undefined;
  const wake = () => {
    woken = true;
    resume?.();
  };
  const stop = options.onWake(wake);
  options.signal?.addEventListener('abort', wake, { once: true });
  try {
    while (!options.signal?.aborted) {
      woken = false;
      const page = await options.readPage();
      for (const item of page) {
        if (options.signal?.aborted) return;
        yield item;
      }
      if (page.length > 0 || woken) continue;
      await new Promise<void>((resolve) => {
        resume = resolve;
        if (woken) resolve();
      });
      resume = undefined;
    }
  } finally {
    stop();
    options.signal?.removeEventListener('abort', wake);
  }
}

/**
 * An async generator blocked in an await cannot be returned from outside: this wraps one so that `return()` aborts the
 * wait first. `make` gets the signal that ends it.
 */
export function abortable<Item>(
  outer: AbortSignal | undefined,
  make: (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>,
): AsyncIterableIterator<Item> {
  const controller = new AbortController();
  const forward = () => controller.abort();
  if (outer?.aborted) controller.abort();
  outer?.addEventListener('abort', forward, { once: true });
  const inner = make(controller.signal);
  const finish = async (): Promise<IteratorResult<Item>> => {
    outer?.removeEventListener('abort', forward);
    controller.abort();
    await inner.return();
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => inner.next(),
    return: finish,
    throw: finish,
  };
}
