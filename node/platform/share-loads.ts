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
