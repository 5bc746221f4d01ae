// Deployments federated while the gateway serves: how long its thread stands still, and whether anything is lost.
//
//   npm run bench:federate -- [--deployments 20] [--streams 50] [--schema subgraphs/market/schema.graphql]
//
// One thread serves, another asks without a pause: queries, mutations of 300 ms, and event streams in which every event has a number.
// Then one supergraph with all deployments takes the place of the bare one, and one with another deployment of that.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createClient } from 'graphql-ws';
import pino from 'pino';
import { WebSocket } from 'ws';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { aliasNames } from '#indexer/query/face.ts';
import { supergraphSdl } from '#indexer/query/supergraph-schema.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import type { SubgraphDefinition } from '#schema/compose/compose-supergraph.ts';
import { createGateway } from '#schema/gateway/create-gateway.ts';
import { compileOffThread } from '#schema/gateway/supergraph-compiler.ts';
import { createSmallSupergraph } from '#schema/gateway/testing/small-supergraph.ts';
import { compose, listen, stop } from '#schema/gateway/testing/start-gateway.ts';

interface Asked {
  readonly queries: number;
  readonly mutations: number;
  readonly failures: number;
  /** Of every stream, the numbers of the events it got. */
  readonly streams: readonly (readonly number[])[];
  readonly slowestMs: number;
}

const streamQuery = 'subscription { networkEvents { at network { name } } }';

/** Asks until told to stop; then answers with what it counted. */
async function ask({ port, streams }: { port: number; streams: number }): Promise<void> {
  const url = `http://127.0.0.1:${port}/graphql`;
  let asking = true;
  let [queries, mutations, failures, slowestMs] = [0, 0, 0, 0];
  const post = async (query: string): Promise<{ data?: Record<string, unknown> }> => {
    const began = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
    if (!query.startsWith('mutation')) slowestMs = Math.max(slowestMs, performance.now() - began);
    if (body.errors || !body.data) {
      failures += 1;
      parentPort?.postMessage({ failure: JSON.stringify(body) });
    }
    return body;
  };
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  const received: number[][] = Array.from({ length: streams }, () => []);
  for (const events of received) {
    client.subscribe<{ networkEvents: { at: number } }>(
      { query: streamQuery },
      {
        next: ({ data, errors }) => {
          if (errors || !data) failures += 1;
          else events.push(data.networkEvents.at);
        },
        error: () => {
          failures += 1;
        },
        complete: () => {},
      },
    );
  }
  const loops = [
    ...Array.from({ length: 4 }, () => async () => {
      while (asking) {
        await post('{ networks(first: 5) { name } }');
        queries += 1;
        await delay(5);
      }
    }),
    ...Array.from({ length: 4 }, (_, index) => async () => {
      while (asking) {
        await post(`mutation { addNetwork(id: "n${index}") { id name } }`);
        mutations += 1;
      }
    }),
  ].map((loop) => loop());
  parentPort?.on('message', async (message: 'stop' | 'report') => {
    if (message === 'stop') {
      asking = false;
      await Promise.all(loops);
      parentPort?.postMessage({ stopped: true });
      return;
    }
    await client.dispose();
    parentPort?.postMessage({
      report: { queries, mutations, failures, streams: received, slowestMs } satisfies Asked,
    });
    parentPort?.close();
  });
}

/**
 * The longest turn of this thread's event loop in CPU milliseconds: what the loop's delay would be on a machine of its own.
 * Linux only; elsewhere there is only the delay.
 */
class LongestTurn {
  #longest = 0;
  #last = 0;
  #running = false;

  start(): void {
    this.#longest = 0;
    this.#last = this.#used();
    this.#running = true;
    this.#turn();
  }

  stop(): number {
    this.#running = false;
    return this.#longest;
  }

  #turn(): void {
    const used = this.#used();
    this.#longest = Math.max(this.#longest, used - this.#last);
    this.#last = used;
    if (this.#running) setTimeout(() => this.#turn(), 0);
  }

  /** CPU milliseconds of this thread. */
  #used(): number {
    if (process.platform !== 'linux') return 0;
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      deployments: { type: 'string', default: '20' },
      streams: { type: 'string', default: '50' },
      schema: { type: 'string', default: 'subgraphs/market/schema.graphql' },
    },
  });
  const count = Number(values.deployments);
  const small = createSmallSupergraph();
  small.chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
  const house = [small.directory, small.profiles, small.events];
  let executed = 0;
  const profiles: SubgraphExecutor = {
    async execute(request) {
      if ('definitions' in request.document && JSON.stringify(request.document).includes('addNetwork')) {
        executed += 1;
        await delay(300);
      }
      return small.profiles.executor.execute(request);
    },
  };
  const gateway = await createGateway({
    supergraphSdl: compose(house),
    subgraphs: { ...Object.fromEntries(house.map(({ name, executor }) => [name, executor])), profiles },
    headLoader: small.chain.loadHeads,
    live: { subgraphs: ['directory'], feed: small.chain.feed },
    logger: pino({ level: 'error' }),
  });
  const server = createServer(gateway.listener);
  gateway.attach(server);
  const port = await listen(server);

  const schema = parseEntitySchema(await readFile(values.schema, 'utf8'));
  const answering: SubgraphExecutor = { execute: async () => ({ data: {} }) };
  const definitions: SubgraphDefinition[] = house.map(({ name, sdl }) => ({ name, sdl }));
  const deployed: Record<string, SubgraphExecutor> = {};
  const add = (index: number) => {
    const name = `deployment${index}`;
    definitions.push({
      name,
      sdl: supergraphSdl(schema, { names: aliasNames(name), title: name }),
      indexed: true,
    });
    deployed[name] = answering;
  };

  const asker = new Worker(fileURLToPath(import.meta.url), {
    workerData: { port, streams: Number(values.streams) },
  });
  const heard = <Key extends string>(key: Key) =>
    new Promise<unknown>((resolve) => {
      asker.on('message', (message: Record<string, unknown>) => {
        if (key in message) resolve(message[key]);
      });
    });
  asker.on('message', (message: { failure?: string }) => {
    if (message.failure) process.stderr.write(`${message.failure}\n`);
  });
  let pushed = 0;
  while (small.source.listeners() < Number(values.streams)) await delay(10);
  const pushing = setInterval(() => {
    small.source.push('n1');
    pushed += 1;
  }, 20);

  const turn = new LongestTurn();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const phase = async (name: string, work: () => Promise<unknown>) => {
    loop.reset();
    turn.start();
    const before = process.cpuUsage();
    const began = performance.now();
    await work();
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(
      `${name.padEnd(34)} ${(performance.now() - began).toFixed(0).padStart(6)} ms  ${((user + system) / 1000).toFixed(0).padStart(6)} CPU ms (all threads)  longest turn ${turn.stop().toFixed(1).padStart(5)} CPU ms  standstill p99 ${(loop.percentile(99) / 1e6).toFixed(1)} max ${(loop.max / 1e6).toFixed(1)} ms\n`,
    );
  };
  await phase('serving, nothing changes', () => delay(3_000));
  for (let index = 0; index < count; index++) {
    add(index);
    await delay(1);
  }
  const federate = async (label: string) => {
    let compiled: Awaited<ReturnType<typeof compileOffThread>> | undefined;
    await phase(`${label}: composed`, async () => {
      compiled = await compileOffThread({ subgraphs: definitions });
    });
    await phase(`${label}: taken up`, async () => {
      if (compiled) await gateway.swap({ supergraph: compiled, subgraphs: deployed });
    });
    await phase(`${label}: served`, () => delay(1_000));
    return compiled?.supergraphSdl.length ?? 0;
  };
  const length = await federate(`${count} deployments`);
  add(count);
  await federate('one more');
  loop.disable();
  clearInterval(pushing);
  asker.postMessage('stop');
  await heard('stopped');
  // Everything that was sent has arrived once one more event has.
  await delay(500);
  const report = heard('report');
  asker.postMessage('report');
  const asked = (await report) as Asked;
  const known = Object.keys(gateway.schema.getQueryType()?.getFields() ?? {}).length;
  process.stdout.write(
    `\nsupergraph ${(length / 1024).toFixed(0)} KB, ${known} query fields\n` +
      `queries ${asked.queries}, slowest ${asked.slowestMs.toFixed(0)} ms; mutations ${asked.mutations} answered, ${executed} executed; failures ${asked.failures}\n`,
  );
  const wrong = asked.streams.filter(
    (events) =>
      events.length !== pushed || events.some((at, index) => index > 0 && at <= (events[index - 1] ?? 0)),
  );
  process.stdout.write(
    `${asked.streams.length} streams, ${pushed} events each: ${wrong.length} streams with an event lost or out of order\n`,
  );
  await gateway.close();
  await stop(server);
  if (asked.failures > 0 || wrong.length > 0 || asked.mutations !== executed) process.exitCode = 1;
}

if (isMainThread) await main();
else await ask(workerData as { port: number; streams: number });
