// The one WebSocket of the page: where it connects, which token it presents, and whether it stands.
import { createClient } from 'graphql-ws';
import { session } from './session.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost';

let state: ConnectionState = 'connecting';
const listeners = new Set<() => void>();

function become(next: ConnectionState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/** The connection's state as an external store for React. */
export const connection = {
  get: (): ConnectionState => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Absolute URL of the GraphQL endpoint for WebSockets, on the origin the page came from. */
export function webSocketUrl(): string {
  const url = new URL('/graphql', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export const webSocket = createClient({
  url: webSocketUrl,
  // Open while the page is, so that the mark in the frame says whether live updates work.
  lazy: false,
  onNonLazyError: () => undefined,
  keepAlive: 15_000,
  // A tool stays open for days: it reconnects for as long as it is open, soon at first, then every ten seconds.
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) =>
    new Promise((resolve) => {
      const ceiling = Math.min(10_000, 300 * 2 ** Math.min(retries, 6));
      setTimeout(resolve, ceiling * (0.5 + Math.random() / 2));
    }),
  connectionParams: async () => {
    const token = await session.freshToken();
    return token ? { authorization: `Bearer ${token}` } : {};
  },
  on: {
    connecting: (isRetry) => become(isRetry ? 'lost' : 'connecting'),
    connected: () => become('open'),
    closed: () => become('lost'),
  },
});

// A signed-in viewer is decided when the socket opens, so another viewer needs another socket. graphql-ws opens it
// again by itself and repeats the running subscriptions.
let viewer = session.get()?.did ?? null;
session.subscribe(() => {
  const now = session.get()?.did ?? null;
  if (now === viewer) return;
  viewer = now;
  webSocket.terminate();
});
