// What the chain's RPC costs: blocks of 15,000 transfers served as logs, receipts and blocks, and transactions taken over gRPC in batches.
//   node bench/run.mjs chain-rpc [--transfers 15000] [--batches 500]
// Over a chain in memory, so that the RPC alone is measured; gRPC with its client in the same process, whose work is part of the figure.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { EthBlocks } from '#node/chain/rpc/eth-blocks.ts';
import { ethMethods } from '#node/chain/rpc/eth-methods.ts';
import { GrpcSubmit, submitClient } from '#node/chain/rpc/grpc-submit.ts';
import { JsonRpc } from '#node/chain/rpc/json-rpc.ts';
import { systemAddresses, systemTopics } from '#node/chain/rpc/system-events.ts';
import { MemoryChain, TestAccount } from '#node/chain/rpc/testing/memory-chain.ts';

const { values } = parseArgs({
  options: { transfers: { type: 'string', default: '15000' }, batches: { type: 'string', default: '500' } },
  args: process.argv.slice(3),
});
const transfers = Number(values.transfers);
const batches = Number(values.batches);

const rich = Array.from({ length: 50 }, (_, nth) => new TestAccount(`bench ${nth}`));
const receiver = (nth: number) => {
  const address = new Uint8Array(20);
  new DataView(address.buffer).setUint32(4, nth);
  return address;
};

/** Seconds of the processor that something takes. */
async function cpuSeconds(what: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const perSecond = (count: number, seconds: number) => Math.round(count / seconds).toLocaleString('en');
const report = (what: string, count: number, unit: string, seconds: number) =>
  console.log(
    `${what.padEnd(58)} ${perSecond(count, seconds).padStart(10)} ${unit}/CPU-s  (${seconds.toFixed(2)} s)`,
  );

console.log(`${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`);

const nonces = new Map(rich.map((account) => [account.hex, 0n]));
/** One block of transfers to receivers from `first` on, `count` of them in turn. */
function block(chain: MemoryChain, first: number, count: number, operations: number): void {
  const transactions = Array.from({ length: Math.ceil(transfers / operations) }, (_, nth) => {
    const from = rich[nth % rich.length] as TestAccount;
    const nonce = nonces.get(from.hex) as bigint;
    nonces.set(from.hex, nonce + 1n);
    return from.transaction(
      nonce,
      Array.from({ length: operations }, (_each, place) => ({
        kind: 'transfer',
        to: receiver(first + ((nth * operations + place) % count)),
        amount: BigInt(1 + nth),
      })),
    );
  });
  chain.grow({ transactions, siblings: 3 });
}

const chain = new MemoryChain(rich);
// Receivers that were seen before, and ones that nobody has seen.
for (const nth of [0, 1]) block(chain, 0, 10_000, 1 + nth * 15);
block(chain, 0, 10_000, 1);
block(chain, 0, 10_000, 16);
block(chain, 1_000_000, transfers, 1);

const served = async (rpc: JsonRpc, method: string, ...params: unknown[]) => {
  const text = await rpc.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  return Buffer.from(text ?? '').length;
};
const logsOf = (height: number) => ({
  fromBlock: `0x${height.toString(16)}`,
  toBlock: `0x${height.toString(16)}`,
  address: systemAddresses.Payments,
  topics: [systemTopics.transfer],
});
for (const [what, height] of [
  ['warming up', 1],
  ['warming up', 2],
  ['logs, single operations, 10,000 known receivers', 3],
  ['logs, 16 operations each, 10,000 known receivers', 4],
  ['logs, single operations, receivers never seen', 5],
] as const) {
  const rpc = new JsonRpc(ethMethods({ blocks: new EthBlocks(chain) }));
  report(what, transfers, 'logs', await cpuSeconds(() => served(rpc, 'eth_getLogs', logsOf(height))));
  report(
    '  their block, as an indexer reads it too',
    transfers,
    'logs',
    await cpuSeconds(() => served(rpc, 'eth_getBlockByNumber', `0x${height.toString(16)}`, false)),
  );
  report(
    '  the same logs again',
    transfers,
    'logs',
    await cpuSeconds(() => served(rpc, 'eth_getLogs', logsOf(height))),
  );
}
const rpc = new JsonRpc(ethMethods({ blocks: new EthBlocks(chain) }));
const height = '0x3';
await served(rpc, 'eth_getLogs', logsOf(3));
for (const [method, ...params] of [
  ['eth_getBlockByNumber', height, false],
  ['eth_getBlockByNumber', height, true],
  ['eth_getBlockReceipts', height],
] as const)
  report(
    `${method}(${params.join(', ')})`,
    transfers,
    'transactions',
    await cpuSeconds(() => served(rpc, method, ...params)),
  );

const admitted = { admitted: true, id: new Uint8Array(32) } as const;
let taken = 0;
const server = await GrpcSubmit.open({
  view: {
    submit: async () => {
      taken += 1;
      return admitted;
    },
  },
  port: 0,
});
const client = submitClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const transaction = (rich[0] as TestAccount).transaction(0n, [
  { kind: 'transfer', to: receiver(1), amount: 1n },
]);
const transactions = Array<Uint8Array>(100).fill(transaction);
const submitBatch = (
  Reflect.get(client, 'SubmitBatch') as (request: unknown, answer: (error: Error | null) => void) => void
).bind(client);
const submit = () =>
  new Promise<void>((resolve, reject) => {
    submitBatch({ transactions }, (error) => (error ? reject(error) : resolve()));
  });
const many = async (count: number) => {
  let left = count;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await submit();
    }),
  );
};
await many(50);
taken = 0;
const seconds = await cpuSeconds(() => many(batches));
report(`gRPC, batches of 100, client included`, taken, 'transactions', seconds);
client.close();
await server.close();
