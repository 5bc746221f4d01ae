// Subscribing to a stream of events, the same on every bus: pages read from where it stands, woken by the stream's signal.
import { type EventBus, type StreamEvent, type SubscribeOptions, streamTopic } from './event-bus.ts';
import { abortable, follow } from './follow.ts';

const pageSize = 500;

/** The bus's `subscribe`, by its `read` and `onSignal`. */
export function followStream(
  bus: Pick<EventBus, 'read' | 'onSignal'>,
  stream: string,
  options: SubscribeOptions,
): AsyncIterableIterator<StreamEvent> {
  let after = options.after;
  return abortable(options.signal, (signal) =>
    follow({
      readPage: async () => {
        const page = await bus.read(stream, after, pageSize);
        after = page.at(-1)?.seq ?? after;
        return page;
      },
      onWake: (wake) => bus.onSignal(streamTopic(stream), wake),
      signal,
    }),
  );
}
