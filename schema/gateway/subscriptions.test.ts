// Event streams over WebSocket and SSE with fields of another subgraph on every event, and live queries under commits.
import fc from 'fast-check';
import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSmallSupergraph, DEPLOYMENT } from './testing/small-supergraph.ts';
import { type RunningGateway, startGateway } from './testing/start-gateway.ts';

type Next = { data?: unknown; errors?: readonly unknown[] };

/** Collects what a subscription delivers, and lets a test wait for a state of it. */
class Inbox {
  readonly received: Next[] = [];
  ended: unknown;
  #check = () => {};

  readonly sink = {
    next: (value: unknown) => {
      this.received.push(value as Next);
      this.#check();
    },
    error: (error: unknown) => {
      this.ended = error;
      this.#check();
    },
    complete: () => {
      this.ended = 'complete';
      this.#check();
    },
  };

  get last(): Next | undefined {
    return this.received.at(-1);
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not within 20 s; have ${JSON.stringify(this.received.slice(-3))}`)),
        20_000,
      );
      this.#check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#check();
    });
  }
}

describe('subscriptions', () => {
  const small = createSmallSupergraph();
  const { chain } = small;
  let running: RunningGateway;
  const clients: Client[] = [];
  const connect = (connectionParams: Record<string, unknown> = {}) => {
    const client = createClient({
      url: running.wsUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams,
      lazyCloseTimeout: 1_000,
    });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
    running = await startGateway([small.directory, small.profiles, small.events], {
      headLoader: chain.loadHeads,
      live: { subgraphs: ['directory'], feed: chain.feed },
    });
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await running.close();
  });

  const query = 'subscription { networkEvents { at network { id name size site } } }';

  for (const protocol of ['WebSocket', 'SSE'] as const) {
    it(`delivers 100 of 100 events over ${protocol}, each with fields of two other subgraphs at its own block`, async () => {
      const inbox = new Inbox();
      const sse = createSseClient({ url: running.url, retryAttempts: 0 });
      const leave =
        protocol === 'WebSocket'
          ? connect().subscribe({ query }, inbox.sink)
          : sse.subscribe({ query }, inbox.sink as Parameters<typeof sse.subscribe>[1]);
      // The first event may be sent before the subscription stands: repeat it until it comes.
      const knock = setInterval(() => small.source.push('n1'), 20);
      await inbox.until(() => inbox.received.length > 0);
      clearInterval(knock);
      const sentBefore = (inbox.last as { data: { networkEvents: { at: number } } }).data.networkEvents.at;
      for (let index = 1; index <= 100; index++) {
        const id = `${protocol}-${index}`;
        chain.commit([{ id, name: `name ${index}`, size: index }]);
        small.source.push(id);
      }
      const ids = () =>
        inbox.received
          .map(
            ({ data }) => (data as { networkEvents: { network: { id: string } } }).networkEvents.network.id,
          )
          .filter((id) => id.startsWith(protocol));
      await inbox.until(() => ids().length === 100);
      expect(ids()).toEqual(Array.from({ length: 100 }, (_, index) => `${protocol}-${index + 1}`));
      expect(inbox.last).toMatchObject({
        data: {
          networkEvents: {
            network: { name: 'name 100', size: 100, site: `https://${protocol}-100.example` },
          },
        },
      });
      expect(inbox.received.every(({ errors }) => errors === undefined)).toBe(true);
      expect(sentBefore).toBeGreaterThanOrEqual(0);
      leave();
      sse.dispose();
    });
  }

  it('sends an error with its own event only, not with those after it', async () => {
    const inbox = new Inbox();
    const query = 'subscription { networkEvents { network { id fragile } } }';
    const leave = connect().subscribe({ query }, inbox.sink);
    const knock = setInterval(() => small.source.push('n1'), 20);
    await inbox.until(() => inbox.received.length > 0);
    clearInterval(knock);
    for (const id of ['bad1', 'n1', 'bad2', 'last']) small.source.push(id);
    await inbox.until(() => JSON.stringify(inbox.last).includes('last'));
    expect(inbox.received.slice(-4)).toMatchObject([
      { errors: [{ extensions: { code: 'BAD' } }], data: { networkEvents: { network: { fragile: null } } } },
      { data: { networkEvents: { network: { fragile: 'whole' } } } },
      { errors: [{ extensions: { code: 'BAD' } }] },
      { data: { networkEvents: { network: { fragile: 'whole' } } } },
    ]);
    expect(inbox.received.slice(-4).map(({ errors }) => errors?.length ?? 0)).toEqual([1, 0, 1, 0]);
    leave();
  });

  it('gives a live query its first result, then one for each commit that changes it, and none otherwise', async () => {
    const inbox = new Inbox();
    const live = 'subscription ($first: Int!) { networks(first: $first) { id size site } }';
    const leave = connect().subscribe({ query: live, variables: { first: 1 } }, inbox.sink);
    await inbox.until(() => inbox.received.length === 1);
    expect(inbox.last).toEqual({ data: { networks: [{ id: 'n1', size: 1, site: 'https://n1.example' }] } });

    chain.commit([{ id: 'other', name: 'outside of the page', size: 1 }]);
    chain.commit([]);
    chain.commit([{ id: 'n1', name: 'one', size: 2 }]);
    await inbox.until(() => inbox.received.length >= 2);
    expect(inbox.received.slice(1)).toEqual([
      { data: { networks: [{ id: 'n1', size: 2, site: 'https://n1.example' }] } },
    ]);
    leave();
    chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
  });

  it('executes identical live queries once, others apart, and forgets them when nobody listens', async () => {
    const inboxes = Array.from({ length: 50 }, () => new Inbox());
    const client = connect();
    const leaves = inboxes.map((inbox) =>
      client.subscribe({ query: 'subscription { networks(first: 2) { id size } }' }, inbox.sink),
    );
    await Promise.all(inboxes.map((inbox) => inbox.until(() => inbox.received.length === 1)));
    expect(running.gateway.liveQueries).toBe(1);
    small.fetches.length = 0;
    chain.commit([{ id: 'n1', name: 'one', size: 77 }]);
    await Promise.all(inboxes.map((inbox) => inbox.until(() => inbox.received.length === 2)));
    expect(small.fetches.length).toBe(1);
    for (const leave of leaves) leave();
    const deadline = Date.now() + 5_000;
    while (running.gateway.liveQueries > 0 && Date.now() < deadline)
      await new Promise((resolve) => setImmediate(resolve));
    expect(running.gateway.liveQueries).toBe(0);
  });

  it('never delivers an older state after a newer one, and always ends at the newest (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ quiet: fc.boolean(), pause: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 1,
          maxLength: 40,
        }),
        async (commits) => {
          const inbox = new Inbox();
          const start = chain.head;
          const leave = connect().subscribe(
            { query: 'subscription { networks(first: 1) { id size } }' },
            inbox.sink,
          );
          for (const { quiet, pause } of commits) {
            for (let turn = 0; turn < pause; turn++) await new Promise((resolve) => setImmediate(resolve));
            chain.commit([{ id: 'n1', name: 'one', size: start + chain.head + 1 }], quiet);
          }
          chain.announce(['Network']);
          const final = chain.at(chain.head).get('n1')?.size;
          const size = (next: Next | undefined) =>
            (next?.data as { networks: { size: number }[] } | undefined)?.networks[0]?.size;
          await inbox.until(() => size(inbox.last) === final);
          const sizes = inbox.received.map((next) => size(next) ?? -1);
          expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
          expect(new Set(sizes).size).toBe(sizes.length);
          leave();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reads at least the announced block, even when heads are slower than the announcement', async () => {
    const inbox = new Inbox();
    const slow = createSmallSupergraph();
    slow.chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
    let shown = slow.chain.head;
    const lagging = await startGateway([slow.directory, slow.profiles], {
      headLoader: async () => new Map([[DEPLOYMENT, { number: shown, hash: '0x' }]]),
      live: { subgraphs: ['directory'], feed: slow.chain.feed },
    });
    const client = createClient({ url: lagging.wsUrl, webSocketImpl: WebSocket });
    client.subscribe({ query: 'subscription { networks { size } }' }, inbox.sink);
    await inbox.until(() => inbox.received.length === 1);
    slow.chain.commit([{ id: 'n1', name: 'one', size: 2 }]);
    setTimeout(() => {
      shown = slow.chain.head;
    }, 30);
    await inbox.until(() => inbox.received.length === 2);
    expect(inbox.last).toEqual({ data: { networks: [{ size: 2 }] } });
    await client.dispose();
    await lagging.close();
  });

  it('works over SSE too, sharing the execution with sockets', async () => {
    const sse = createSseClient({ url: running.url, retryAttempts: 0 });
    const [viaSse, viaWs] = [new Inbox(), new Inbox()];
    const live = 'subscription { networks(first: 1) { id size } }';
    const leave = sse.subscribe({ query: live }, viaSse.sink as Parameters<typeof sse.subscribe>[1]);
    const leaveWs = connect().subscribe({ query: live }, viaWs.sink);
    await Promise.all([viaSse, viaWs].map((inbox) => inbox.until(() => inbox.received.length === 1)));
    expect(running.gateway.liveQueries).toBe(1);
    chain.commit([{ id: 'n1', name: 'one', size: 4242 }]);
    await Promise.all([viaSse, viaWs].map((inbox) => inbox.until(() => inbox.received.length === 2)));
    expect(viaSse.last).toEqual(viaWs.last);
    leave();
    leaveWs();
    sse.dispose();
  });

  it('frees what a listener held when it leaves, over either protocol, without waiting for another event', async () => {
    const sse = createSseClient({ url: running.url, retryAttempts: 0 });
    const inboxes = [new Inbox(), new Inbox(), new Inbox()] as const;
    const live = 'subscription { networks(first: 1) { name } }';
    const leaves = [
      connect().subscribe({ query }, inboxes[0].sink),
      sse.subscribe({ query }, inboxes[1].sink as Parameters<typeof sse.subscribe>[1]),
      sse.subscribe({ query: live }, inboxes[2].sink as Parameters<typeof sse.subscribe>[1]),
    ];
    const held = () => small.source.listeners() + running.gateway.liveQueries;
    const settle = async (wanted: number) => {
      const deadline = Date.now() + 10_000;
      while (held() !== wanted && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(held()).toBe(wanted);
    };
    await settle(3);
    for (const leave of leaves) leave();
    await settle(0);
    sse.dispose();
  });

  it('refuses an invalid operation on a socket with an error message, and goes on', async () => {
    const client = connect();
    const [bad, good] = [new Inbox(), new Inbox()];
    client.subscribe({ query: '{ nonsense }' }, bad.sink);
    await bad.until(() => bad.ended !== undefined);
    expect(bad.ended).toMatchObject([{ message: expect.stringContaining('nonsense') }]);
    client.subscribe({ query: '{ eventCount }' }, good.sink);
    await good.until(() => good.ended === 'complete');
    expect(good.received).toHaveLength(1);
  });
});
