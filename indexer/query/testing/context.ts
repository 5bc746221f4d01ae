// The context of an operation, as a gateway would make it, for this room's tests.
import { type HeadLoader, type OperationContext, ReadPoint, ReadSet } from '#node/platform/operation.ts';

/** A context that pins the heads at its first read. */
export function contextOf(store: { readonly heads: HeadLoader }, signal?: AbortSignal): OperationContext {
  return {
    viewer: null,
    readPoint: new ReadPoint(() => store.heads()),
    reads: new ReadSet(),
    signal: signal ?? new AbortController().signal,
    requestId: 'test',
    ip: '127.0.0.1',
  };
}
