// CPU time of the gateway alone: in-memory subgraphs behind it, load from other processes, so that only serving is
// counted. Run:
//   npx esbuild bench/gateway.ts --bundle --platform=node --format=esm --packages=external --outfile=dist/bench/gateway.mjs
//   node dist/bench/gateway.mjs
import { fork } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { WebSocket } from 'ws';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { composeSupergraph } from '#schema/compose/compose-supergraph.ts';
import { createGateway } from '#schema/gateway/create-gateway.ts';
import { MemoryCommitFeed } from '#schema/gateway/live/commit-feed.ts';
import { toSubgraph } from '#schema/subgraph.ts';

const DEPLOYMENT = 'QmMarket';
const CONCURRENCY = 8;
const WARM_UP = 1_000;
const REQUESTS = 4_000;
const SOCKETS = Number(process.argv[2] === 'sockets' ? process.argv[4] : 1_000);
const COMMITS = 20;

const OPERATIONS = {
  'one subgraph, list of 50': 'query L($n: Int!) { listings(first: $n) { id price } }',
  'across subgraphs, list of 50':
    'query L($n: Int!) { listings(first: $n) { id price seller { id handle reputation } } }',
};

/** A client process: `load PORT QUERY COUNT` sends requests and reports their latencies. */
async function load(port: number, query: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const body = JSON.stringify({ query, variables: { n: 50 } });
  const once = () =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request({ port, path: '/graphql', method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (text.includes('"errors"')) reject(new Error(text.slice(0, 300)));
          else resolve(performance.now() - started);
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const latencies: number[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (left-- > 0) latencies.push(await once());
    }),
  );
  process.send?.(latencies.sort((a, b) => a - b));
}

/** A client process: `sockets PORT COUNT` listens to one live query on many sockets and reports delays. */
async function listen(port: number, count: number): Promise<void> {
  let ready = 0;
  const delays: number[] = [];
  for (let index = 0; index < count; index++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    let received = 0;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as {
        type: string;
        payload?: { data: { listings: { price: string }[] } };
      };
      if (message.type === 'connection_ack') {
        const query = 'subscription { listings(first: 50) { id price seller { handle } } }';
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      } else if (message.type === 'next') {
        received += 1;
        if (received === 1) {
          ready += 1;
          if (ready === count) process.send?.('ready');
          return;
        }
        delays.push(Date.now() - Number(message.payload?.data.listings[0]?.price));
        if (delays.length % count === 0) process.send?.({ delays: delays.splice(0) });
      }
    });
  }
  await new Promise(() => {});
}

const state = { block: 0, price: '0' };

function market(): Subgraph {
  const builder = createBuilder<OperationContext>();
  const Seller = builder.objectRef<{ id: string }>('Seller').implement({
    fields: (t) => ({ id: t.exposeID('id') }),
  });
  builder.asEntity(Seller, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: (reference) => reference,
  });
  interface Listing {
    id: string;
    price: string;
    seller: { id: string };
  }
  const ListingRef = builder.objectRef<Listing>('Listing').implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      price: t.exposeString('price'),
      seller: t.field({ type: Seller, resolve: ({ seller }) => seller }),
    }),
  });
  const rows = Array.from({ length: 50 }, (_, index) => ({
    id: `${index}`,
    seller: { id: `${index % 20}` },
  }));
  builder.queryType({
    fields: (t) => ({
      listings: t.field({
        type: [ListingRef],
        args: { first: t.arg.int({ required: true }) },
        resolve: (_root, { first }, { reads }) => {
          reads.addEntity(DEPLOYMENT, 'Listing');
          return rows.slice(0, first).map((row) => ({ ...row, price: state.price }));
        },
      }),
    }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      listings: t.field({
        type: [ListingRef],
        args: { first: t.arg.int({ required: true }) },
        subscribe: async function* () {},
        resolve: () => [],
      }),
    }),
  });
  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'market');
}

function identity(): Subgraph {
  const builder = createBuilder<OperationContext>();
  const Seller = builder.objectRef<{ id: string }>('Seller').implement({
    fields: (t) => ({
      id: t.exposeID('id', { shareable: true }),
      handle: t.string({ resolve: ({ id }) => `seller-${id}` }),
      reputation: t.int({ resolve: ({ id }) => Number(id) }),
    }),
  });
  builder.asEntity(Seller, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: (reference) => reference,
  });
  builder.queryType({ fields: (t) => ({ sellers: t.field({ type: [Seller], resolve: () => [] }) }) });
  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'identity');
}

const percentile = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

async function measure(): Promise<void> {
  const subgraphs = [market(), identity()];
  const composed = composeSupergraph(subgraphs);
  if (!composed.ok) throw new Error(JSON.stringify(composed.problems));
  const feed = new MemoryCommitFeed();
  const gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    subgraphs: Object.fromEntries(subgraphs.map(({ name, executor }) => [name, executor])),
    headLoader: async () => new Map([[DEPLOYMENT, { number: state.block, hash: '0x' }]]),
    live: { subgraphs: ['market'], feed },
    logger: pino({ level: 'warn' }),
  });
  const server = createServer(gateway.listener);
  gateway.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const self = fileURLToPath(import.meta.url);

  for (const [label, query] of Object.entries(OPERATIONS)) {
    const run = (count: number) =>
      new Promise<number[]>((resolve, reject) => {
        const child = fork(self, ['load', String(port), query, String(count)]);
        child.on('message', (latencies) => resolve(latencies as number[]));
        child.on('exit', (code) => code && reject(new Error(`load ended with ${code}`)));
      });
    await run(WARM_UP);
    const before = process.cpuUsage();
    const latencies = await run(REQUESTS);
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1000 / REQUESTS;
    console.log(
      `${label}: ${cpu.toFixed(2)} CPU ms/request, p50 ${percentile(latencies, 0.5)} ms, p99 ${percentile(latencies, 0.99)} ms (${CONCURRENCY} clients)`,
    );
  }

  const child = fork(self, ['sockets', String(port), String(SOCKETS)]);
  await new Promise<void>((resolve) => child.once('message', () => resolve()));
  const delays: number[] = [];
  const before = process.cpuUsage();
  for (let commit = 0; commit < COMMITS; commit++) {
    const all = new Promise<number[]>((resolve) =>
      child.once('message', (message) => resolve((message as { delays: number[] }).delays)),
    );
    state.block += 1;
    state.price = String(Date.now());
    feed.publish({ deployment: DEPLOYMENT, block: state.block, entities: ['Listing'] });
    delays.push(...(await all));
  }
  const { user, system } = process.cpuUsage(before);
  delays.sort((a, b) => a - b);
  console.log(
    `commit to ${SOCKETS} sockets: p50 ${percentile(delays, 0.5)} ms, p99 ${percentile(delays, 0.99)} ms, ${((user + system) / 1000 / COMMITS).toFixed(1)} CPU ms/commit`,
  );
  child.kill();
  await gateway.close();
  server.close();
  process.exit(0);
}

if (process.send) process.on('disconnect', () => process.exit(0));
const [, , role, port = '0', third = '', fourth = '0'] = process.argv;
if (role === 'load') await load(Number(port), third, Number(fourth));
else if (role === 'sockets') await listen(Number(port), Number(third));
else await measure();
if (role === 'load') process.exit(0);
