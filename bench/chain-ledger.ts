// What executing costs: chain blocks of single transfers with fees, changes and the new root, by number of accounts.
//   npm run bench:ledger [-- --accounts 10000,100000,1000000 --transactions 5000 --blocks 40]
// Prints CPU time, so that a busy machine changes little. Signatures are not checked here, and nothing is stored.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fastPairHasher } from '#node/chain/crypto/pair-hasher.ts';
import { FakeBls, FakeBlsSigner } from '#node/chain/crypto/testing/fake-bls.ts';
import { seeded } from '#node/chain/dag/testing/random-dag.ts';
import type { ChainBlock, CheckedTransaction } from '#node/chain/state/chain-block.ts';
import { LeafChanges } from '#node/chain/state/leaf-changes.ts';
import { Ledger } from '#node/chain/state/ledger.ts';
import { StateTree } from '#node/chain/state/state-tree.ts';
import { readGenesis } from '#node/chain/types/genesis.ts';
import { hexOf } from '#node/chain/types/identifiers.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000,100000,1000000' },
    transactions: { type: 'string', default: '5000' },
    blocks: { type: 'string', default: '40' },
  },
  args: process.argv.slice(3),
});
const [perBlock, blocks] = [Number(values.transactions), Number(values.blocks)];
const warmUp = 10;
const hashPairs = fastPairHasher();
const bls = new FakeBls();

const cpuMs = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};

/** Of the smallest account count, which the others are compared with. */
let smallest: number | undefined;
console.log(
  `${perBlock} single transfers a chain block, ${blocks} blocks, receivers drawn from all accounts`,
);
for (const count of values.accounts.split(',').map(Number)) {
  const { each, tree, memory } = measure(count);
  smallest ??= each;
  console.log(
    `${String(count).padStart(9)} accounts: ${each.toFixed(2)} µs a transaction, of which the root ${tree.toFixed(2)} and executing ${(each - tree).toFixed(2)}` +
      ` (${Math.round(1e6 / (each - tree)).toLocaleString('en')} a CPU second without the root, ${Math.round(1e6 / each).toLocaleString('en')} with it)` +
      `; ${(each / smallest).toFixed(2)} × the smallest; ${memory}`,
  );
}

function measure(count: number) {
  const random = seeded(count);
  const addresses = Array.from({ length: count }, () => new Uint8Array(randomBytes(20)));
  const signer = new FakeBlsSigner('validator');
  const genesis = readGenesis({
    parameters: { chainId: 1, genesisTime: 0 },
    reserve: '0',
    treasury: '0',
    accounts: addresses.map((address) => ({ address: hexOf(address), balance: '1000000000000' })),
    validators: [
      {
        address: '11'.repeat(20),
        stake: '10000000000000',
        votingKey: hexOf(signer.publicKey),
        proofOfPossession: hexOf(signer.proofOfPossession),
      },
    ],
  });
  globalThis.gc?.();
  const before = process.memoryUsage();
  const ledger = Ledger.atGenesis(genesis, { bls, hashPairs });
  globalThis.gc?.();
  const after = process.memoryUsage();
  const bytes = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
  const nonces = new Uint32Array(count);
  const block = (round: number): ChainBlock => {
    const transactions = Array.from({ length: perBlock }, (): CheckedTransaction => {
      const from = Math.floor(random() * count);
      const to = Uint8Array.from(addresses[Math.floor(random() * count)] as Uint8Array);
      const nonce = BigInt(nonces[from] as number);
      nonces[from] = (nonces[from] as number) + 1;
      return {
        id: new Uint8Array(32),
        // Of its own, as those of a transaction that has just been read.
        sender: Uint8Array.from(addresses[from] as Uint8Array),
        transaction: {
          chainId: 1,
          publicKey: new Uint8Array(32),
          nonce,
          fee: 1_000n,
          operations: [{ kind: 'transfer', to, amount: 1_000n }],
          signature: new Uint8Array(64),
        },
      };
    });
    const merged = [{ id: '', proposer: '', round, blue: true, certificates: [], transactions }];
    return { id: '', round, merged };
  };
  let spent = 0;
  const keys: (readonly Uint8Array[])[] = [];
  for (let nth = 0; nth < warmUp + blocks; nth++) {
    const each = block(nth);
    const since = process.cpuUsage();
    const { changes, statuses } = ledger.execute(each);
    if (nth >= warmUp) spent += cpuMs(since);
    if (statuses[0]?.some((status) => status !== 0)) throw new Error('a transfer was not executed');
    keys.push(changes.filter(({ key }) => key[0] === 0).map(({ key }) => key));
  }
  const tree = measureTree(
    count,
    keys.map(({ length }) => length),
  );
  const total = (spent * 1_000) / (blocks * perBlock);
  return { each: total, tree, memory: `${Math.round(bytes / count)} bytes an account in all, tree included` };
}

/** The tree alone, with as many random changes as each block had. */
function measureTree(count: number, changes: readonly number[]): number {
  const keys = randomBytes(count * 32);
  const tree = new StateTree({ hashPairs });
  const value = new Uint8Array(32);
  const all = new LeafChanges(count);
  for (let nth = 0; nth < count; nth++) all.add(keys.subarray(nth * 32, nth * 32 + 32), value);
  tree.apply(all);
  const random = seeded(count);
  let spent = 0;
  for (const [nth, length] of changes.entries()) {
    const packed = new LeafChanges(length);
    const drawn = new Set<number>();
    while (drawn.size < Math.min(length, count)) drawn.add(Math.floor(random() * count));
    for (const at of drawn) packed.add(keys.subarray(at * 32, at * 32 + 32), keys.subarray(nth, nth + 32));
    const since = process.cpuUsage();
    tree.apply(packed);
    if (nth >= warmUp) spent += cpuMs(since);
  }
  return (spent * 1_000) / (blocks * perBlock);
}
