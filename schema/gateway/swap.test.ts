// Another supergraph while serving: what runs goes on, what is new sees the new schema, a broken one changes nothing.
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { compileOffThread } from './supergraph-compiler.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { compose, type RunningGateway, startGateway } from './testing/start-gateway.ts';

describe('swap', () => {
  let running: RunningGateway | undefined;
  afterEach(() => running?.close());

  const start = async (drainTimeoutMs?: number) => {
    const small = createSmallSupergraph();
    small.chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
    running = await startGateway([small.directory, small.events], {
      headLoader: small.chain.loadHeads,
      live: { subgraphs: ['directory'], feed: small.chain.feed },
      drainTimeoutMs,
    });
    const wider = {
      supergraph: compose([small.directory, small.profiles, small.events]),
      subgraphs: { profiles: small.profiles.executor },
    };
    return { small, running, wider };
  };

  it('serves the new schema at once and keeps streams, live queries and requests in flight', async () => {
    const { small, running, wider } = await start();
    const client = createClient({ url: running.wsUrl, webSocketImpl: WebSocket });
    const events = client.iterate<{ networkEvents: { at: number } }>({
      query: 'subscription { networkEvents { at network { name } } }',
    });
    const first = events.next();
    const knock = setInterval(() => small.source.push('n1'), 20);
    await first;
    clearInterval(knock);
    const live = client.iterate({ query: 'subscription { networks { size } }' });
    await live.next();

    expect((await running.post({ query: '{ me }' })).body.errors[0].message).toContain('"me"');
    let failures = 0;
    let asking = true;
    const load = (async () => {
      while (asking) {
        const { body } = await running.post({ query: '{ networks { name } }' });
        if (!body.data?.networks) failures += 1;
      }
    })();
    await running.gateway.swap(wider);
    expect((await running.post({ query: '{ me networks { site } }' })).body).toEqual({
      data: { me: null, networks: [{ site: 'https://n1.example' }] },
    });
    asking = false;
    await load;
    expect(failures).toBe(0);

    small.source.push('n1');
    expect((await events.next()).value).toMatchObject({
      data: { networkEvents: { network: { name: 'one' } } },
    });
    small.chain.commit([{ id: 'n1', name: 'one', size: 2 }]);
    expect((await live.next()).value).toEqual({ data: { networks: [{ size: 2 }] } });
    await client.dispose();
  });

  it('loses no mutation and no event, however often the supergraph changes while they run', async () => {
    const { small, running, wider } = await start();
    const both = {
      wide: await compileOffThread({ supergraphSdl: wider.supergraph }),
      narrow: await compileOffThread({ supergraphSdl: compose([small.directory, small.events]) }),
    };
    const acting = small.profiles.executor;
    let [began, hold] = [() => {}, Promise.resolve()];
    let acted = 0;
    const profiles: typeof acting = {
      async execute(request) {
        acted += 1;
        began();
        await hold;
        return acting.execute(request);
      },
    };
    await running.gateway.swap({ supergraph: both.wide, subgraphs: { profiles } });
    const client = createClient({ url: running.wsUrl, webSocketImpl: WebSocket });
    const events = client.iterate<{ networkEvents: { at: number } }>({
      query: 'subscription { networkEvents { at network { name } } }',
    });
    const first = events.next();
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const mutation = running.post({ query: 'mutation { addNetwork(id: "n7") { id name } }' });
    await started;
    while (small.source.listeners() === 0) await new Promise((resolve) => setImmediate(resolve));
    // More of them than generations that the runtime keeps for itself.
    for (let round = 0; round < 6; round++) {
      small.source.push('n1');
      await running.gateway.swap({ supergraph: both.narrow });
      small.source.push('n1');
      await running.gateway.swap({ supergraph: both.wide });
    }
    release();
    expect((await mutation).body).toEqual({ data: { addNetwork: { id: 'n7', name: 'name of n7' } } });
    expect(acted).toBe(1);
    const received = [(await first).value?.data?.networkEvents.at];
    for (let index = 1; index < 12; index++)
      received.push((await events.next()).value?.data?.networkEvents.at);
    expect(received).toEqual(Array.from({ length: 12 }, (_, index) => index));
    await client.dispose();
  }, 60_000);

  it('ends old streams after the drain time with a reason, and live queries that the new schema cannot answer', async () => {
    const { small, running } = await start(50);
    const client = createClient({ url: running.wsUrl, webSocketImpl: WebSocket });
    const events = client.iterate({ query: 'subscription { networkEvents { at } }' });
    const first = events.next();
    const knock = setInterval(() => small.source.push('n1'), 20);
    await first;
    clearInterval(knock);
    const live = client.iterate({ query: 'subscription { networks { size } }' });
    await live.next();
    await running.gateway.swap({ supergraph: compose([small.events]) });
    const codeOf = (step: IteratorResult<unknown>) =>
      (step.value as { errors?: { extensions: { code: string } }[] } | undefined)?.errors?.[0]?.extensions
        .code;
    expect(codeOf(await live.next())).toBe('SUPERGRAPH_CHANGED');
    expect((await live.next()).done).toBe(true);
    let last: IteratorResult<unknown> = await events.next();
    while (!codeOf(last) && !last.done) last = await events.next();
    expect(codeOf(last)).toBe('SUPERGRAPH_CHANGED');
    await client.dispose();
  });

  it('refuses a supergraph that it cannot serve, and goes on with the one it has', async () => {
    const { small, running } = await start();
    const missing = compose([small.directory, { ...small.profiles, name: 'elsewhere' }]);
    await expect(running.gateway.swap({ supergraph: missing })).rejects.toMatchObject({
      code: 'SUBGRAPH_MISSING',
    });
    await expect(running.gateway.swap({ supergraph: 'type {' })).rejects.toThrow();
    await expect(running.gateway.swap({ supergraph: 'type Query { a: Int }' })).rejects.toThrow();
    expect((await running.post({ query: '{ networks { name } }' })).body.data.networks).toHaveLength(1);
  });
});
