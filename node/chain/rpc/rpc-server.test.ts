// The server as its worst callers see it: who may ask, what is too much, what is no request, who reads too slowly. Nothing of it may bring it
// down or take more than its share.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hexOf } from '../types/identifiers.ts';
import { RpcServer, type RpcServerOptions } from './rpc-server.ts';
import { systemAddresses } from './system-events.ts';
import { MemoryChain, TestAccount } from './testing/memory-chain.ts';

const alice = new TestAccount('alice');
const servers: RpcServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(options: Partial<RpcServerOptions> = {}) {
  const chain = new MemoryChain([alice]);
  for (let nth = 0; nth < 5; nth++)
    chain.grow({
      transactions: [alice.transaction(BigInt(nth), [{ kind: 'transfer', to: alice.address, amount: 1n }])],
      siblings: 1,
    });
  chain.finalize(2, 3);
  const server = await RpcServer.open({ view: chain, port: 0, ...options });
  servers.push(server);
  const url = `http://127.0.0.1:${server.port}`;
  const post = (body: string) => fetch(url, { method: 'POST', body });
  const ask = async (request: unknown) => (await post(JSON.stringify(request))).json() as Promise<unknown>;
  const call = (method: string, ...params: unknown[]) => ask({ jsonrpc: '2.0', id: 1, method, params });
  return { chain, server, url, post, ask, call };
}

/** Headers that fetch does not let through. */
function asked(
  port: number,
  headers: Record<string, string>,
  method = 'POST',
): Promise<{ status: number; text: string; headers: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, headers }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    request.on('error', reject);
    request.end(method === 'POST' ? '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' : undefined);
  });
}

describe('the RPC server', () => {
  it('answers batches, notifications and mistakes as JSON-RPC 2.0 says', async () => {
    const { ask, post } = await open();
    const one = (id: unknown, method = 'eth_chainId') => ({ jsonrpc: '2.0', id, method });
    expect(await ask(one(7))).toEqual({ jsonrpc: '2.0', id: 7, result: '0x1092' });
    expect(
      await ask([one('a'), { jsonrpc: '2.0', method: 'eth_chainId' }, 5, one(null, 'nothing_here')]),
    ).toEqual([
      { jsonrpc: '2.0', id: 'a', result: '0x1092' },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: expect.any(String) } },
      { jsonrpc: '2.0', id: null, error: { code: -32601, message: expect.stringContaining('nothing_here') } },
    ]);
    expect((await post('{"jsonrpc":"2.0","method":"eth_chainId"}')).status).toBe(204);
    expect(await (await post('{')).json()).toMatchObject({ error: { code: -32700 } });
    expect(await ask([])).toMatchObject({ error: { code: -32600 } });
    expect(await ask(Array(101).fill(one(1)))).toMatchObject({ error: { code: -32005 } });
    expect(await ask({ ...one(1), method: '__proto__' })).toMatchObject({ error: { code: -32601 } });
    expect(await ask({ ...one(1), id: { not: 'an id' } })).toMatchObject({ error: { code: -32600 } });
    expect(await ask({ ...one(1), params: { by: 'name' } })).toMatchObject({ error: { code: -32602 } });
  });

  it('lets only its own names and configured pages in', async () => {
    const { server } = await open({ origins: ['https://good.example'], hosts: ['chain.example'] });
    const { port } = server;
    const status = async (headers: Record<string, string>) => (await asked(port, headers)).status;
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    expect(await status({ host: 'chain.example' })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: 'localhost', origin: 'https://evil.example' })).toBe(403);
    expect(await status({ host: 'localhost', origin: 'null' })).toBe(403);
    const good = await asked(port, { host: 'localhost', origin: 'https://good.example' });
    expect(good).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://good.example' },
    });
    expect((await asked(port, { host: 'localhost', origin: 'https://good.example' }, 'OPTIONS')).status).toBe(
      204,
    );
    for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
      await expect(once(socket, 'open')).rejects.toThrow(/403/);
    }
    // Who watches whether it lives need not know its name.
    expect((await asked(port, { host: '10.0.0.7' }, 'GET')).status).toBe(403);
  });

  it('says how it is', async () => {
    let why: string | undefined = 'still fetching the chain';
    const { url } = await open({ notReady: () => why });
    expect(await (await fetch(`${url}/health`)).text()).toBe('ok');
    const before = await fetch(`${url}/ready`);
    expect([before.status, await before.text()]).toEqual([503, why]);
    why = undefined;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(405);
  });

  it('takes no body, answer or time beyond its limits', async () => {
    const { url, ask, chain } = await open({
      maxBodyBytes: 10_000,
      limits: { answerBytes: 20_000, milliseconds: 200 },
    });
    const post = (body: BodyInit, extra = {}) => fetch(url, { method: 'POST', body, ...extra });
    expect((await post('x'.repeat(20_000))).status).toBe(413);
    // Without a length, so that only counting helps.
    const endless = new ReadableStream({ pull: (to) => to.enqueue(Buffer.alloc(1_000)) });
    const refused = await post(endless, { duplex: 'half' }).catch(() => ({ status: 413 }));
    expect(refused.status).toBe(413);
    const logs = { jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [{ fromBlock: '0x0' }] };
    const answers = (await ask([logs, logs, logs, logs])) as { result?: unknown; error?: { code: number } }[];
    expect(answers.some(({ result }) => result)).toBe(true);
    expect(answers.at(-1)?.error?.code).toBe(-32005);
    chain.submit = () => new Promise(() => undefined);
    const slow = { ...logs, method: 'aios_sendTransaction', params: ['0x00'] };
    expect(await ask(slow)).toMatchObject({ error: { code: -32005, message: /too long/ as never } });
  });

  it('answers a caller who sends requests without reading answers, and stays there for others', async () => {
    const { server, call } = await open({ maxWaitingBytes: 50_000 });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_getLogs',
      params: [{ fromBlock: '0x0' }],
    });
    for (let nth = 0; nth < 200; nth++)
      socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect(await call('eth_blockNumber')).toMatchObject({ result: '0x5' });
    socket.destroy();
  });

  it('cuts off a subscriber who does not read, with the reason, and keeps the others', async () => {
    const { server, chain } = await open({ maxWaitingBytes: 200_000 });
    const subscribe = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}`);
      await once(socket, 'open');
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['logs'] }));
      await once(socket, 'message');
      return socket;
    };
    const [slow, good] = [await subscribe(), await subscribe()];
    let heard = 0;
    good.on('message', () => {
      heard += 1;
    });
    slow.pause();
    const closed = once(slow, 'close');
    let grown = 0;
    const followers = chain.followers;
    // The kernel's buffers take some megabytes first.
    const events = Array.from({ length: 500 }, () => ({
      kind: 'validatorChanged' as const,
      validator: alice.hex,
      active: true,
    }));
    while (chain.followers === followers && grown < 500) {
      chain.grow({ events });
      grown += 1;
      await expect.poll(() => heard, { interval: 1 }).toBe(grown * 501);
    }
    expect(chain.followers).toBe(followers - 1);
    slow.resume();
    const [code, reason] = (await closed) as [number, Buffer];
    // The reason arrives if what is before it is read in time.
    if (code !== 1006) expect([code, String(reason)]).toEqual([1013, expect.stringMatching(/too slow/)]);
    good.close();
  });

  it('bounds connections, sockets and subscriptions', async () => {
    const { server, url } = await open({ maxSockets: 1 });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`);
    await once(socket, 'open');
    const another = new WebSocket(`ws://127.0.0.1:${server.port}`);
    await expect(once(another, 'open')).rejects.toThrow(/503/);
    const answers: { result?: string; error?: { message: string } }[] = [];
    socket.on('message', (data) => answers.push(JSON.parse(String(data))));
    for (let id = 0; id < 40; id++)
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_subscribe', params: ['newHeads'] }));
    await expect.poll(() => answers.length).toBe(40);
    expect(answers.filter(({ result }) => result).length).toBe(32);
    expect(answers.at(-1)?.error?.message).toMatch(/eth_unsubscribe/);
    // HTTP has no connection to tell anything on.
    const over = await fetch(url, {
      method: 'POST',
      body: '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}',
    });
    expect(await over.json()).toMatchObject({ error: { code: -32601 } });
    socket.close();
  });

  it('ends sockets behind which nobody is any more', async () => {
    const { server } = await open({ heartbeatMs: 40 });
    const dead = new WebSocket(`ws://127.0.0.1:${server.port}`, { autoPong: false });
    await once(dead, 'open');
    const [code] = (await once(dead, 'close')) as [number];
    expect(code).toBe(1006);
  });

  it('serves the DAG, proofs and the rest of aios_', async () => {
    const { call, chain } = await open();
    const result = async (method: string, ...params: unknown[]) =>
      ((await call(method, ...params)) as { result: never }).result as never;
    const dag = (await result('aios_getDag', 0, 500)) as {
      blocks: { id: string; parents: string[] }[];
      next: unknown;
    };
    // The genesis, five chain blocks, and a sibling of each; each after its parents.
    expect(dag.blocks.length).toBe(11);
    expect(dag.next).toBeNull();
    const seen = new Set<string>();
    for (const { id, parents } of dag.blocks) {
      for (const parent of parents) expect(seen).toContain(parent);
      seen.add(id);
    }
    // In parts it is the same.
    const parts: string[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const part = (await result('aios_getDag', from, 3)) as {
        blocks: { id: string }[];
        next: number | null;
      };
      expect(part.blocks.length).toBeLessThanOrEqual(3);
      parts.push(...part.blocks.map(({ id }) => id));
      from = part.next;
    }
    expect(parts).toEqual(dag.blocks.map(({ id }) => id));
    expect(await result('aios_getDagTips')).toEqual([`0x${chain.idAt(5)}`]);
    expect(await result('aios_getDagBlock', `0x${chain.idAt(5)}`)).toMatchObject({ onSelectedChain: true });
    expect(await result('aios_getProof', `0x${alice.hex}`)).toMatchObject({
      address: `0x${alice.hex}`,
      checkpoint: { block: `0x${chain.idAt(2)}` },
      account: { nonce: '2' },
      certificates: [{ signers: [true, true, false, true] }],
    });
    expect(await result('aios_getCertificates', 99)).toEqual([]);
    expect(await result('aios_getValidators')).toHaveLength(4);
    expect(await result('aios_getSupply')).toMatchObject({ burned: '3' });
    expect(await result('aios_getGenesis')).toMatchObject({
      id: `0x${chain.genesisId}`,
      genesis: { parameters: { chainId: 4_242, minimumFee: '1000' } },
    });
    expect(await result('aios_status')).toMatchObject({ finalized: { number: 2 }, safe: { number: 3 } });
    chain.refuse = () => ({ code: 'NONCE_TOO_LOW', why: 'the nonce is 5' });
    const encoded = `0x${hexOf(alice.transaction(0n, [{ kind: 'unstake', amount: 1n }]))}`;
    expect(await call('aios_sendTransaction', encoded)).toMatchObject({
      error: { code: -32003, message: 'the nonce is 5', data: { code: 'NONCE_TOO_LOW' } },
    });
    expect(await result('aios_sendTransactions', [encoded])).toEqual([
      { admitted: false, code: 'NONCE_TOO_LOW', why: 'the nonce is 5' },
    ]);
  });

  it('is not brought down or held up by anything that is asked', async () => {
    const { chain, post, call } = await open();
    const known = [
      `0x${chain.idAt(2)}`,
      `0x${alice.hex}`,
      systemAddresses.Dag,
      ...['latest', 'safe', 'finalized', 'pending', 'earliest', '0x0', '0x3', `0x${'f'.repeat(64)}`],
    ];
    const value = fc.oneof(
      fc.constantFrom<unknown>(...known),
      fc.jsonValue(),
      fc.constantFrom<unknown>(-1, 1e300, '0x', '0xzz', { blockHash: known[0] }, { blockNumber: '0x1' }, [
        [[]],
      ]),
      fc.record(
        {
          fromBlock: fc.constantFrom<unknown>(...known, 5),
          toBlock: fc.constantFrom<unknown>(...known, null),
          address: fc.oneof(fc.constantFrom(...known), fc.jsonValue()),
          topics: fc.array(fc.oneof(fc.constantFrom<unknown>(...known, null), fc.jsonValue())),
          to: fc.oneof(fc.constantFrom(...known), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    );
    const methods = [
      ...['eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getBlockTransactionCountByNumber'],
      ...['eth_getBlockTransactionCountByHash', 'eth_getTransactionByHash', 'eth_getTransactionReceipt'],
      ...[
        'eth_getTransactionByBlockNumberAndIndex',
        'eth_getTransactionByBlockHashAndIndex',
        'eth_getBlockReceipts',
      ],
      ...[
        'eth_getLogs',
        'eth_getBalance',
        'eth_getTransactionCount',
        'eth_getCode',
        'eth_getStorageAt',
        'eth_call',
      ],
      ...['eth_estimateGas', 'eth_feeHistory', 'eth_getProof', 'eth_syncing', 'net_version', 'eth_gasPrice'],
      ...['aios_sendTransaction', 'aios_sendTransactions', 'aios_getTransactionStatus', 'aios_getDagBlock'],
      ...[
        'aios_getDag',
        'aios_getCertificates',
        'aios_getProof',
        'aios_status',
        'aios_mempool',
        'aios_peers',
      ],
    ];
    const codes = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.array(value, { maxLength: 4 }),
        async (method, params) => {
          const began = performance.now();
          const answer = (await call(method, ...params)) as { error?: { code: number; message: string } };
          const code = answer.error?.code ?? 0;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          // That would be a mistake of ours.
          if (code === -32603) throw new Error(answer.error?.message);
          expect(performance.now() - began).toBeLessThan(2_000);
        },
      ),
      { numRuns: 800 },
    );
    // It came to answers as well as to refusals.
    expect(codes.get(0)).toBeGreaterThan(40);
    expect(codes.get(-32602)).toBeGreaterThan(100);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(200_000))), async (text) => {
        expect((await post(text)).status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
    expect(await call('eth_blockNumber')).toMatchObject({ result: '0x5' });
  });
});
