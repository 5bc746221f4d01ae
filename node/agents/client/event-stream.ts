// An event stream of the endpoint as an async iterator: gap-free over lost connections, because each new one goes on after the last cursor.
import { createClient } from 'graphql-ws';
import { AiosError } from '#node/platform/errors.ts';
import type { Session } from './session.ts';

export interface StreamOptions {
  /** Cursor of the last event that is known; everything from the beginning when left out. */
  readonly after?: string | undefined;
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Told each time the connection is lost and tried again. */
  readonly onReconnect?: (() => void) | undefined;
}

export interface StreamSource {
  readonly url: string;
  readonly session: Session;
  /** A WebSocket of this runtime; where there is none, the package `ws` is loaded. */
  readonly webSocket: unknown;
}

/** Attempts at a first connection. */
const FIRST_ATTEMPTS = 4;
/** Longest wait between two attempts. */
const MOST_WAIT_MS = 5_000;
/** A connection over which nothing comes for this long is taken for lost. */
const SILENT_MS = 15_000;

const describe = (reason: unknown): { readonly code?: string; readonly message: string } => {
  if (Array.isArray(reason)) {
    const [first] = reason as { message: string; extensions?: { code?: unknown } }[];
    const code = first?.extensions?.code;
    return { message: first?.message ?? 'refused', ...(typeof code === 'string' ? { code } : {}) };
  }
  if (typeof reason === 'object' && reason !== null && 'reason' in reason)
    return { message: String(reason.reason) || 'the connection closed' };
  return { message: reason instanceof Error ? reason.message : 'the connection closed' };
};

/**
 * Results of a subscription whose root field carries a `cursor` and takes an `after`. A lost connection is opened again, for as long as it
 * takes; that the endpoint never answered, or refuses, is an error.
 * @throws AiosError STREAM_FAILED, NOT_REACHABLE, or the endpoint's own code
 */
export async function* eventStream<Event extends { readonly cursor: string }>(
  source: StreamSource,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  { after, signal, onReconnect }: StreamOptions,
): AsyncGenerator<Event, void, undefined> {
  if (signal?.aborted) return;
  let wasOpen = false;
  let failures = 0;
  const client = createClient({
    url: source.url,
    webSocketImpl: source.webSocket ?? globalThis.WebSocket ?? (await import('ws')).WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await source.session.token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    // Nobody was ever there, or somebody was and goes away for a while: only the second is worth waiting for.
    shouldRetry: () => signal?.aborted !== true && (wasOpen || ++failures < FIRST_ATTEMPTS),
    retryWait: (retries) =>
      new Promise((resolve) => {
        onReconnect?.();
        const ceiling = Math.min(MOST_WAIT_MS, 200 * 2 ** Math.min(retries, 6));
        const timer = setTimeout(resolve, ceiling * (0.5 + Math.random() / 2));
        signal?.addEventListener(
          'abort',
          () => {
            clearTimeout(timer);
            resolve();
          },
          { once: true },
        );
      }),
    keepAlive: SILENT_MS,
    on: {
      connected: () => {
        wasOpen = true;
      },
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), SILENT_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
    },
  });
  let silence: ReturnType<typeof setTimeout> | undefined;
  // graphql-ws sends this same object again when it reconnects; moving `after` in it is what resumes the stream. It moves as events arrive,
  // not as they are taken: those in between are in the queue already.
  const payload: { query: string; variables: Record<string, unknown> } = {
    query,
    variables: { ...variables, after: after ?? null },
  };
  const queue: Event[] = [];
  let end: { readonly reason?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const finish = (how: { readonly reason?: unknown }): void => {
    end ??= how;
    wake();
  };
  const unsubscribe = client.subscribe<Record<string, Event>>(payload, {
    next({ data, errors }) {
      if (errors) return finish({ reason: errors });
      const event = data ? Object.values(data)[0] : undefined;
      if (event === undefined) return;
      payload.variables.after = event.cursor;
      queue.push(event);
      wake();
    },
    error: (reason) => finish({ reason }),
    complete: () => finish({}),
  });
  const stop = (): void => finish({});
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const event = queue.shift();
      if (event) {
        yield event;
        if (signal?.aborted) return;
      } else if (end) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    if (!('reason' in end) || signal?.aborted) return;
    const { code, message } = describe(end.reason);
    throw new AiosError(
      code ?? (wasOpen ? 'STREAM_FAILED' : 'NOT_REACHABLE'),
      code ? message : `The stream from ${source.url} broke off: ${message}.`,
      { cause: end.reason },
    );
  } finally {
    clearTimeout(silence);
    signal?.removeEventListener('abort', stop);
    unsubscribe();
    await client.dispose();
  }
}
