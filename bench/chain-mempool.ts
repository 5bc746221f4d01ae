// What the mempool costs.
//   node bench/run.mjs chain-mempool [--senders 50000]
import { parseArgs } from 'node:util';
import { Mempool } from '#node/chain/mempool/mempool.ts';
import { CHAIN_ID, candidateOf } from '#node/chain/mempool/testing/candidates.ts';

const { values } = parseArgs({
  options: { senders: { type: 'string', default: '50000' } },
  args: process.argv.slice(3),
});
const count = 100_000;

/** CPU milliseconds. */
function cpuOf<Value>(work: () => Value): { readonly ms: number; readonly value: Value } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, value };
}

for (const senders of new Set([Number(values.senders), 1_000, count])) {
  // Values that do not repeat, in no order: 2,654,435,761 and 100,000 have no common divisor.
  const candidates = Array.from({ length: count }, (_, nth) =>
    candidateOf({
      sender: nth % senders,
      nonce: Math.floor(nth / senders),
      fee: 1_000n + BigInt((nth * 2_654_435_761) % 100_000),
    }),
  );
  for (let run = 0; run < 3; run++) {
    let now = 0;
    const account = { balance: 10n ** 18n, nonce: 0n };
    const mempool = new Mempool({
      accountOf: () => account,
      now: () => now,
      chainId: CHAIN_ID,
      minimumFee: 1_000n,
      limits: { transactions: count, ahead: 256 },
    });
    const add = cpuOf(() =>
      candidates.reduce((done, each) => done + (mempool.add(each).admitted ? 1 : 0), 0),
    );
    now += 2_000;
    // Rounds far apart, so that the same are taken again; the median of five.
    const takes = Array.from({ length: 5 }, (_, nth) =>
      cpuOf(() => mempool.take({ round: 100 * nth, maxBytes: 4_194_304, maxOperations: 15_000 }).length),
    );
    const take = takes.sort((a, b) => a.ms - b.ms)[2] ?? { ms: 0, value: 0 };
    const more = Array.from({ length: 20_000 }, (_, nth) =>
      candidateOf({ sender: count + nth, nonce: 0, fee: 60_000n + BigInt(nth) }),
    );
    const full = cpuOf(() => more.reduce((done, each) => done + (mempool.add(each).admitted ? 1 : 0), 0));
    const done = cpuOf(() => mempool.executed(candidates.slice(0, 15_000).map(({ sender }) => sender)));
    console.log(
      `${senders} senders: ${add.value} added at ${Math.round(count / add.ms)}K per CPU-second; ${take.value} of ${count} taken in ${take.ms.toFixed(0)} ms; ${full.value} of ${more.length} added to the full pool at ${Math.round(more.length / full.ms)}K per CPU-second; 15,000 looked at after a block in ${done.ms.toFixed(0)} ms`,
    );
  }
}
