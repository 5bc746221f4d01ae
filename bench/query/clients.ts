// The other side of the measurement, in processes of their own so that their CPU is not counted: a load at a fixed rate,
// many sockets, and the floor. Started by fork with the name of the part; speaks by messages.
import { Agent, request } from 'node:http';
import type pg from 'pg';
import { WebSocket } from 'ws';
import { createPool } from '#node/platform/postgres/database.ts';
import type { LoggedStatement } from './statement-log.ts';

/** Requests that start when the clock says so, however slow the answers are; latencies count from that moment. */
export interface LoadOrder {
  readonly kind: 'load';
  readonly port: number;
  readonly query: string;
  readonly rate: number;
  readonly count: number;
}

/** The same statements one after the other through pg alone, at the same rate. */
export interface FloorOrder {
  readonly kind: 'floor';
  readonly url: string;
  readonly statements: readonly LoggedStatement[];
  readonly rate: number;
  readonly count: number;
}

export interface SocketsOrder {
  readonly kind: 'sockets';
  readonly port: number;
  readonly query: string;
  readonly count: number;
}

export type Order = LoadOrder | FloorOrder | SocketsOrder;

/** How long each run took from its appointed start, in milliseconds, and the CPU of the client. */
export interface Latencies {
  readonly latencies: number[];
  readonly cpuMs: number;
}

/** `marker` has reached every socket; times in milliseconds of the epoch. */
export interface Delivered {
  readonly marker: string;
  readonly arrivals: number[];
}

export type SocketsReport = { readonly subscribed: number } | { readonly lost: number } | Delivered;

/** Names that commits carry, so that sockets know which one they have seen. */
export const MARKER = /commit-\d+-/;

/** Pages that requests ask for in turn, 10 entities apart. */
export const PAGES = 40;

export const now = (): number => performance.timeOrigin + performance.now();

async function openLoop(rate: number, count: number, run: () => Promise<void>): Promise<Latencies> {
  const latencies: number[] = [];
  const used = process.cpuUsage();
  const started = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const due = started + (index * 1_000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(run().then(() => void latencies.push(performance.now() - due)));
  }
  await Promise.all(running);
  const { user, system } = process.cpuUsage(used);
  return { latencies, cpuMs: (user + system) / 1_000 };
}

const agent = new Agent({ keepAlive: true });

function load({ port, query, rate, count }: LoadOrder): Promise<Latencies> {
  const bodies = Array.from({ length: PAGES }, (_, page) => {
    const body = JSON.stringify({ query, variables: { skip: 10 * page } });
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return { body, options: { host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent, headers } };
  });
  let turn = 0;
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const { body, options } = bodies[turn++ % PAGES] as (typeof bodies)[number];
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          if (answer.includes('"errors"')) reject(new Error(answer.toString().slice(0, 500)));
          else resolve();
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return openLoop(rate, count, once);
}

let pool: pg.Pool | undefined;

function floor({ url, statements, rate, count }: FloorOrder): Promise<Latencies> {
  pool ??= createPool({ url, name: 'floor', max: 20 });
  const using = pool;
  return openLoop(rate, count, async () => {
    for (const [index, { text, values }] of statements.entries()) {
      await using.query({ name: `floor-${index}`, text, values: [...values], rowMode: 'array' });
    }
  });
}

/** Opens sockets, a few at a time, and reports when every one has subscribed, and each marker once all have it. */
async function sockets({ port, query, count }: SocketsOrder): Promise<void> {
  const arrivals = new Map<string, number[]>();
  const report = (message: SocketsReport) => process.send?.(message);
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
      let seen = '';
      socket.on('error', reject);
      socket.on('close', () => report({ lost: 1 }));
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data) => {
        const text = String(data);
        if (text.includes('"connection_ack"')) {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
          resolve();
          return;
        }
        if (text.includes('"errors"') || text.includes('"type":"error"')) throw new Error(text.slice(0, 500));
        const marker = MARKER.exec(text)?.[0];
        if (!marker || marker === seen) return;
        seen = marker;
        const times = arrivals.get(marker) ?? [];
        times.push(now());
        if (times.length < count) arrivals.set(marker, times);
        else {
          arrivals.delete(marker);
          report({ marker, arrivals: times });
        }
      });
    });
  for (let opened = 0; opened < count; opened += 25) {
    await Promise.all(Array.from({ length: Math.min(25, count - opened) }, open));
  }
  report({ subscribed: count });
}

/** Serves one parent process until it disconnects. */
export function serveAsClient(): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (order: Order) => {
    const work =
      order.kind === 'sockets'
        ? sockets(order)
        : (order.kind === 'load' ? load(order) : floor(order)).then((report) => void process.send?.(report));
    work.catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}
