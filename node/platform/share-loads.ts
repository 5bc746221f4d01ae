// Concurrent loads of the same thing become one, without anybody getting an answer older than the question.

/**
 * A loader that callers share: while a load runs, all who come wait for the next one together, and that one begins only
 * after the last of them has come. So a caller who has seen a commit never gets what was read before it. An idle loader
 * begins at once.
 */
export function shareLoads<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> | undefined;
  let next: Promise<Value> | undefined;

  const begin = (): Promise<Value> => {
    next = undefined;
    const loading = load();
    const ended = () => {
      if (running === loading) running = undefined;
    };
    running = loading;
    loading.then(ended, ended);
    return loading;
  };

  return () => {
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin, begin);
    return next;
  };
}

/** The same for loads that depend on what is asked for: callers with the same key share. Keys are forgotten once nobody waits. */
export function shareLoadsByKey<Value>(): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const loaders = new Map<string, { readonly ask: () => Promise<Value>; waiting: number }>();
  return async (key, load) => {
    let loader = loaders.get(key);
    if (!loader) {
      loader = { ask: shareLoads(load), waiting: 0 };
      loaders.set(key, loader);
    }
    loader.waiting += 1;
    try {
      return await loader.ask();
    } finally {
      loader.waiting -= 1;
      if (loader.waiting === 0) loaders.delete(key);
    }
  };
}
