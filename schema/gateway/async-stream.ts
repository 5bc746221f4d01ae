// The one way streams are wrapped here: `return` reaches the source at once, even while an event is awaited.

/**
 * Maps a stream event by event. Unlike an async generator, leaving it does not wait for the next event of the source:
 * `finish` is called once, when the stream ends, fails or is left.
 */
export function mapStream<In, Out>(
  source: AsyncIterable<In>,
  map: (event: In) => Out | Promise<Out>,
  finish: () => void = () => {},
): AsyncIterableIterator<Out> {
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  const end = () => {
    if (!finished) {
      finished = true;
      finish();
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (finished) return { done: true, value: undefined };
      try {
        const step = await iterator.next();
        if (step.done || finished) {
          end();
          return { done: true, value: undefined };
        }
        return { done: false, value: await map(step.value) };
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      // Not awaited: an async generator that waits for its source answers only after the next event.
      void Promise.resolve(iterator.return?.()).catch(() => {});
      return { done: true, value: undefined };
    },
    async throw(error) {
      end();
      void Promise.resolve(iterator.return?.()).catch(() => {});
      throw error;
    },
  };
}

export function isStream<T>(value: unknown): value is AsyncIterable<T> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
