// Cursors of event streams, and a stream that ends with its last event.
import { AiosError } from '#node/platform/errors.ts';

export const cursorOf = (seq: bigint): string => Buffer.from(`1:${seq}`).toString('base64url');

/** The number after which to go on; 0 without a cursor. @throws AiosError CURSOR_INVALID */
export function seqOf(cursor: string | null | undefined): bigint {
  if (!cursor) return 0n;
  const match = /^1:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match?.[1])
    throw new AiosError(
      'CURSOR_INVALID',
      'This is not a cursor of an event stream. Use one that an event carried.',
    );
  return BigInt(match[1]);
}

/** The same stream, ended after the first event that `isLast`. */
export function streamUntil<Event>(
  source: AsyncIterableIterator<Event>,
  isLast: (event: Event) => boolean,
): AsyncIterableIterator<Event> {
  let over = false;
  const end = async (): Promise<IteratorResult<Event>> => {
    over = true;
    await source.return?.();
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (over) return end();
      const item = await source.next();
      if (item.done) return { done: true, value: undefined };
      if (isLast(item.value)) over = true;
      return item;
    },
    return: end,
  };
}
