// Unmodified ethers against the server, over a chain that grows, reorganizes and becomes final: what wallets, explorers and indexers do.
import { Contract, type Filter, JsonRpcProvider, keccak256, type Log, WebSocketProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hexOf } from '../types/identifiers.ts';
import { transactionIdOf } from '../types/transaction.ts';
import { GAS_PER_OPERATION } from './eth-block.ts';
import { RpcServer } from './rpc-server.ts';
import { systemAddresses, systemEvents, systemTopics } from './system-events.ts';
import { MemoryChain, TestAccount } from './testing/memory-chain.ts';

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new TestAccount(name)) as [
  TestAccount,
  TestAccount,
  TestAccount,
];
const AIOS = 1_000_000_000n;
const WEI = 1_000_000_000n;
const transfer = (to: TestAccount, amount: bigint) => ({ kind: 'transfer', to: to.address, amount }) as const;
const idOf = (encoded: Uint8Array) => `0x${hexOf(transactionIdOf(encoded))}`;

/** What was sent before has arrived: requests of a socket are answered in order. */
const told = (socket: WebSocketProvider) => socket.send('net_version', []);

let chain: MemoryChain;
let server: RpcServer;
let provider: JsonRpcProvider;
let socket: WebSocketProvider;

beforeAll(async () => {
  chain = new MemoryChain([alice, bob]);
  chain.grow();
  server = await RpcServer.open({ view: chain, port: 0 });
  provider = new JsonRpcProvider(`http://127.0.0.1:${server.port}`, undefined, {
    cacheTimeout: -1,
    pollingInterval: 50,
  });
  socket = new WebSocketProvider(`ws://127.0.0.1:${server.port}`);
});

afterAll(async () => {
  await socket.destroy();
  provider.destroy();
  await server.close();
  // The server and its sockets have let go of the chain.
  expect(chain.followers).toBe(0);
});

describe('ethers', () => {
  it('reads the network, blocks and the words for blocks', async () => {
    expect((await provider.getNetwork()).chainId).toBe(4_242n);
    for (let nth = 0; nth < 6; nth++) chain.grow({ siblings: nth % 3 });
    chain.finalize(3, 5);
    expect(await provider.getBlockNumber()).toBe(7);
    const numbers = await Promise.all(
      ['latest', 'pending', 'safe', 'finalized', 'earliest'].map(
        async (tag) => (await provider.getBlock(tag))?.number,
      ),
    );
    expect(numbers).toEqual([7, 7, 5, 3, 0]);
    for (let number = 0; number <= 7; number++) {
      const block = await provider.getBlock(number, true);
      const executed = chain.block(number);
      expect(block).toMatchObject({
        number,
        hash: `0x${executed?.id}`,
        parentHash: number === 0 ? `0x${'00'.repeat(32)}` : `0x${chain.idAt(number - 1)}`,
        stateRoot: `0x${hexOf(executed?.stateRoot ?? new Uint8Array())}`,
        timestamp: Math.floor((executed?.header.timestamp ?? 0) / 1_000),
        nonce: '0x0000000000000000',
        extraData: '0x',
        difficulty: 0n,
      });
      expect(await provider.getBlock(`0x${executed?.id}`)).toMatchObject({ number });
    }
    expect(await provider.getBlock(8)).toBeNull();
    expect(await provider.getBlock(`0x${'12'.repeat(32)}`)).toBeNull();
  });

  it('reads balances, nonces, transactions and receipts that fit together', async () => {
    const before = chain.account(alice.address);
    const encoded = alice.transaction(before.nonce, [transfer(bob, 3n * AIOS), transfer(carol, 4n * AIOS)], {
      fee: 1_500n,
    });
    const tooMuch = bob.transaction(0n, [transfer(carol, 10n ** 18n)]);
    const block = chain.grow({
      transactions: [encoded, tooMuch],
      siblings: 2,
      events: [{ kind: 'feesSplit', burned: 800n, stakers: 1_200n, treasury: 2_000n }],
    });
    expect(await provider.getBalance(`0x${carol.hex}`)).toBe(4n * AIOS * WEI);
    expect(await provider.getTransactionCount(`0x${alice.hex}`)).toBe(Number(before.nonce) + 1);
    const receipt = await provider.getTransactionReceipt(idOf(encoded));
    const transaction = await provider.getTransaction(idOf(encoded));
    expect(transaction).toMatchObject({ blockNumber: block.index, nonce: Number(before.nonce), index: 1 });
    expect(transaction?.from.toLowerCase()).toBe(`0x${alice.hex}`);
    expect(transaction?.value).toBe(7n * AIOS * WEI);
    expect(receipt?.status).toBe(1);
    expect(receipt?.gasUsed).toBe(2n * BigInt(GAS_PER_OPERATION));
    // What was paid, to the last digit.
    expect(receipt?.fee).toBe(2n * 1_500n * WEI);
    expect(before.balance - chain.account(alice.address).balance).toBe(7n * AIOS + 3_000n);
    const failed = await provider.getTransactionReceipt(idOf(tooMuch));
    expect(failed).toMatchObject({ status: 0, logs: [] });
    expect(failed?.cumulativeGasUsed).toBe(3n * BigInt(GAS_PER_OPERATION));
    const whole = await provider.getBlock(block.index, true);
    expect(whole?.gasUsed).toBe(3n * BigInt(GAS_PER_OPERATION));
    expect(whole?.prefetchedTransactions.map(({ hash }) => hash)).toEqual(whole?.transactions);
    const receipts = (await provider.send('eth_getBlockReceipts', [whole?.hash])) as {
      transactionHash: string;
      logs: Log[];
    }[];
    expect(receipts.map(({ transactionHash }) => transactionHash)).toEqual(whole?.transactions);
    const logs = await provider.send('eth_getLogs', [{ blockHash: whole?.hash }]);
    expect(receipts.flatMap((each) => each.logs)).toEqual(logs);
    // Its own at the beginning and at the end, the two that were sent between them.
    expect(whole?.transactions.length).toBe(4);
    // The chain's own transaction is there for whoever looks up the logs' transactions.
    for (const hash of whole?.transactions ?? []) {
      expect((await provider.getTransaction(hash))?.blockHash).toBe(whole?.hash);
      expect((await provider.getTransactionReceipt(hash))?.blockHash).toBe(whole?.hash);
    }
  });

  it('has the blooms of its logs, in blocks and receipts', async () => {
    const bloomOf = (logs: readonly { address: string; topics: readonly string[] }[]) => {
      let bits = 0n;
      for (const item of logs.flatMap(({ address, topics }) => [address, ...topics])) {
        const hash = keccak256(item).slice(2);
        for (const at of [0, 4, 8]) bits |= 1n << BigInt(Number.parseInt(hash.slice(at, at + 4), 16) % 2_048);
      }
      return `0x${bits.toString(16).padStart(512, '0')}`;
    };
    for (let number = 0; number <= chain.head.latest; number++) {
      const hex = `0x${number.toString(16)}`;
      const block = await provider.send('eth_getBlockByNumber', [hex, false]);
      const receipts = await provider.send('eth_getBlockReceipts', [hex]);
      for (const { logs, logsBloom } of receipts) expect(logsBloom).toBe(bloomOf(logs));
      expect(block.logsBloom).toBe(bloomOf(receipts.flatMap(({ logs }: { logs: Log[] }) => logs)));
    }
  });

  it('tells the balance at the last final checkpoint, and refuses other states', async () => {
    const balance = await provider.getBalance(`0x${alice.hex}`, 'finalized');
    expect(balance).toBe((chain.proof(alice.address).account?.balance ?? 0n) * WEI);
    await expect(provider.getBalance(`0x${alice.hex}`, 1)).rejects.toThrow(/aios_getProof/);
  });

  it('reads logs through contracts of the published ABI', async () => {
    const payments = new Contract(
      systemAddresses.Payments,
      Object.values(systemEvents).map(({ signature }) => signature),
      provider,
    );
    const transfers = await payments.queryFilter('Transfer', 0);
    expect(transfers.length).toBe(2);
    const found = transfers.map((log) => 'args' in log && log.args.toArray());
    expect(found).toEqual([
      [
        expect.stringMatching(new RegExp(alice.hex, 'i')),
        expect.stringMatching(new RegExp(bob.hex, 'i')),
        3n * AIOS * WEI,
      ],
      [
        expect.stringMatching(new RegExp(alice.hex, 'i')),
        expect.stringMatching(new RegExp(carol.hex, 'i')),
        4n * AIOS * WEI,
      ],
    ]);
    const dag = new Contract(systemAddresses.Dag, [systemEvents.blockOrdered.signature], provider);
    const ordered = await dag.queryFilter('BlockOrdered', 8, 8);
    expect(ordered.length).toBe(3);
    expect(ordered.map((log) => 'args' in log && [log.args.block, log.args.transactions])).toEqual(
      chain.block(8)?.merged.map(({ id, transactions }) => [`0x${id}`, BigInt(transactions)]),
    );
  });

  it('hears of blocks by polling and by subscription, and waits for transactions', async () => {
    const heard = { http: [] as number[], ws: [] as number[] };
    await provider.on('block', (number: number) => heard.http.push(number));
    await socket.on('block', (number: number) => heard.ws.push(number));
    await told(socket);
    // The first poll only finds out where the chain is.
    await expect
      .poll(() => {
        chain.grow();
        return heard.http.length;
      })
      .toBeGreaterThan(0);
    const from = chain.head.latest;
    const encoded = bob.transaction(chain.account(bob.address).nonce, [transfer(alice, 1n)]);
    const sent = await provider.send('aios_sendTransaction', [`0x${hexOf(encoded)}`]);
    expect(sent).toBe(idOf(encoded));
    expect(await provider.getTransactionCount(`0x${bob.hex}`, 'pending')).toBe(
      Number(chain.account(bob.address).nonce) + 1,
    );
    expect(await provider.send('aios_getTransactionStatus', [sent])).toEqual({ status: 'pending' });
    const waited = provider.waitForTransaction(sent, 2, 20_000);
    chain.grow({ transactions: chain.takeMempool() });
    chain.grow();
    expect((await waited)?.blockNumber).toBe(from + 1);
    expect(await provider.send('aios_getTransactionStatus', [sent])).toMatchObject({
      status: 'executed',
      block: { number: from + 1 },
      finalized: false,
    });
    await expect
      .poll(() => heard)
      .toMatchObject({
        http: expect.arrayContaining([from + 1, from + 2]),
        ws: expect.arrayContaining([from + 1, from + 2]),
      });
    await provider.removeAllListeners();
    await socket.removeAllListeners();
  });

  it('follows a reorganization: removed logs come back, the new heads are told', async () => {
    const heads: { number: string; hash: string }[] = [];
    const logs: { blockHash: string; removed: boolean; data: string }[] = [];
    const filter: Filter = { address: systemAddresses.Payments, topics: [systemTopics.transfer] };
    const rawHeads = await socket.send('eth_subscribe', ['newHeads']);
    const rawLogs = await socket.send('eth_subscribe', ['logs', filter]);
    const into = <T>(list: T[]) => ({ _handleMessage: (message: T) => list.push(message) }) as never;
    socket._register(rawHeads, into(heads));
    socket._register(rawLogs, into(logs));
    // Ethers passes on those that stand.
    const standing: Log[] = [];
    await socket.on(filter, (log: Log) => standing.push(log));
    await told(socket);
    const nonce = chain.account(alice.address).nonce;
    chain.grow({ transactions: [alice.transaction(nonce, [transfer(bob, 5n)])] });
    const old = chain.grow({ transactions: [alice.transaction(nonce + 1n, [transfer(bob, 6n)])] });
    await expect.poll(() => standing.length).toBe(2);
    const added = chain.reorganize(2, [
      { transactions: [alice.transaction(nonce, [transfer(carol, 7n)])] },
      {},
      {},
    ]);
    await expect.poll(() => logs.length).toBe(5);
    await expect.poll(() => standing.length).toBe(3);
    expect(logs.map(({ removed, data }) => [removed, BigInt(data) / WEI])).toEqual([
      [false, 5n],
      [false, 6n],
      [true, 6n],
      [true, 5n],
      [false, 7n],
    ]);
    expect(logs[2]?.blockHash).toBe(`0x${old.id}`);
    await expect.poll(() => heads.length).toBe(5);
    expect(heads.slice(2).map(({ hash }) => hash)).toEqual(added.map(({ id }) => `0x${id}`));
    expect(await provider.getBlock(`0x${old.id}`)).toBeNull();
    expect((await provider.getBlock(added[0]?.index ?? 0))?.hash).toBe(`0x${added[0]?.id}`);
    for (const each of [rawHeads, rawLogs]) expect(await socket.send('eth_unsubscribe', [each])).toBe(true);
    await socket.removeAllListeners();
  });

  it('hears of logs over HTTP, where ethers polls because there are no filters kept for it', async () => {
    const heard: bigint[] = [];
    const filter: Filter = { address: systemAddresses.Payments, topics: [systemTopics.transfer] };
    await provider.on(filter, (log: Log) => heard.push(BigInt(log.data) / WEI));
    let amount = 100n;
    await expect
      .poll(() => {
        const { nonce } = chain.account(alice.address);
        chain.grow({ transactions: [alice.transaction(nonce, [transfer(bob, amount++)])] });
        return heard.length;
      })
      .toBeGreaterThan(3);
    // None is left out; ethers itself tells some twice where two blocks come within a poll.
    const once = [...new Set(heard)];
    expect(once).toEqual(once.map((_, nth) => (once[0] as bigint) + BigInt(nth)));
    await provider.removeAllListeners();
  });

  it('hears of admitted transactions', async () => {
    const heard: string[] = [];
    await socket.on('pending', (hash: string) => heard.push(hash));
    await told(socket);
    const encoded = bob.transaction(chain.account(bob.address).nonce, [transfer(alice, 2n)]);
    await provider.send('aios_sendTransactions', [[`0x${hexOf(encoded)}`]]);
    await expect.poll(() => heard).toEqual([idOf(encoded)]);
    await socket.removeAllListeners();
  });

  it('is told what there is instead of what there is not', async () => {
    await expect(
      provider.broadcastTransaction(
        // Any well-formed Ethereum transaction.
        '0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83',
      ),
    ).rejects.toThrow(/aios_sendTransaction/);
    await expect(provider.send('eth_getProof', [])).rejects.toThrow(/aios_getProof/);
    await expect(provider.call({ to: systemAddresses.Staking, data: '0x12345678' })).rejects.toThrow(
      /system address/,
    );
    expect(await provider.getCode(systemAddresses.Staking)).toBe('0xfe');
    expect(await provider.getCode(`0x${alice.hex}`)).toBe('0x');
    const fees = await provider.getFeeData();
    expect(fees.maxFeePerGas).toBeGreaterThan(0n);
    expect(await provider.send('eth_feeHistory', ['0x4', 'latest', [50]])).toMatchObject({
      gasUsedRatio: Array(4).fill(expect.any(Number)),
    });
  });
});
