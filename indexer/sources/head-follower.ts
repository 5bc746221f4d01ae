// Follows a chain's head: by `newHeads` over a WebSocket where the node has one, by polling otherwise and whenever the socket is
// down. Tells listeners about every head that differs from the last one told, reorgs at the same height included.
import { WebSocket } from 'ws';
import type { ChainBlock } from './source.ts';

export interface HeadFollowerOptions {
  readonly poll: () => Promise<ChainBlock>;
  readonly pollIntervalMs: number;
  /** Called when a new head has been announced, before it is read. */
  readonly onAnnounced?: () => void;
  /** A ws:// or wss:// URL; absent: polling only. */
  readonly webSocketUrl?: string;
}

// With a live subscription polling is only a safety net against sockets that are open but dead.
const POLL_SLOWDOWN_WITH_SOCKET = 10;
const RECONNECT_MS = { first: 250, most: 15_000 };

export class HeadFollower {
  readonly #options: HeadFollowerOptions;
  readonly #listeners = new Set<(head: ChainBlock) => void>();
  #last = '';
  #timer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #reconnects = 0;
  #socket: WebSocket | undefined;
  #subscribed = false;
  #running = false;

  constructor(options: HeadFollowerOptions) {
    this.#options = options;
  }

  /** How a new head would be noticed now. */
  get watch(): 'socket' | 'polls' | 'none' {
    if (!this.#running) return 'none';
    return this.#subscribed ? 'socket' : 'polls';
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  listen(listener: (head: ChainBlock) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#running) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop();
    };
  }

  stop(): void {
    this.#running = false;
    this.#last = '';
    clearTimeout(this.#timer);
    clearTimeout(this.#reconnectTimer);
    this.#socket?.terminate();
    this.#socket = undefined;
    this.#subscribed = false;
  }

  #start(): void {
    this.#running = true;
    this.#connect();
    void this.#poll();
  }

  async #poll(): Promise<void> {
    // A failed poll is the fetch stage's to report: it meets the same node and names it.
    const head = await this.#options.poll().catch(() => null);
    if (!this.#running) return;
    if (head) this.#tell(head);
    const wait = this.#options.pollIntervalMs * (this.#subscribed ? POLL_SLOWDOWN_WITH_SOCKET : 1);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#poll(), wait);
  }

  #tell(head: ChainBlock): void {
    if (head.hash === this.#last) return;
    this.#last = head.hash;
    for (const listener of this.#listeners) listener(head);
  }

  #connect(): void {
    if (!this.#options.webSocketUrl || !this.#running) return;
    const socket = new WebSocket(this.#options.webSocketUrl, { handshakeTimeout: 10_000 });
    this.#socket = socket;
    socket.on('open', () => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { id?: number; result?: unknown; method?: string };
      if (message.id === 1 && message.result) {
        this.#subscribed = true;
        this.#reconnects = 0;
      }
      // The announcement only wakes: the head itself is read over the requests' URL, which may lag behind the socket's.
      if (message.method !== 'eth_subscription') return;
      this.#options.onAnnounced?.();
      void this.#poll();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (this.#socket !== socket || !this.#running) return;
      this.#subscribed = false;
      void this.#poll();
      const wait = Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** this.#reconnects++);
      this.#reconnectTimer = setTimeout(() => this.#connect(), wait);
    });
  }
}
