// What signatures cost the chain: those of transactions by threads, the way there and back included, and those of validators.
// `npm run bench:crypto`.
import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Bls12381Signer } from '#node/chain/crypto/bls-signer.ts';
import { Bls12381 } from '#node/chain/crypto/bls12-381.ts';
import { Ed25519Signer } from '#node/chain/crypto/ed25519-signer.ts';
import { Ed25519Workers } from '#node/chain/crypto/ed25519-workers.ts';
import { silentLogger } from '#node/platform/log.ts';

const batchSize = 15_000;
const signers = Array.from({ length: 64 }, (_, nth) => new Ed25519Signer(new Uint8Array(32).fill(nth + 1)));
const made = Array.from({ length: 2_000 }, (_, nth) =>
  (signers[nth % signers.length] as Ed25519Signer).sign({
    chainId: 1,
    nonce: BigInt(nth),
    fee: 1n,
    operations: [{ kind: 'transfer', to: new Uint8Array(20).fill(nth), amount: 1n }],
  }),
);
const batch = Array.from({ length: batchSize }, (_, nth) => made[nth % made.length] as Uint8Array);

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

for (const [library, workers, rounds] of [
  ['libsodium', 1, 3],
  ['libsodium', 2, 3],
  ['libsodium', 4, 3],
  ['node:crypto', 1, 1],
] as const) {
  const signatures = await Ed25519Workers.start({
    workers,
    logger: silentLogger,
    withoutSodium: library === 'node:crypto',
  });
  await signatures.verify(made);
  const [cpu, began, main] = [cpuSeconds(), performance.now(), performance.eventLoopUtilization()];
  for (let round = 0; round < rounds; round++) {
    const results = await signatures.verify(batch);
    if (results.length !== batchSize || results.includes(false))
      throw new Error('a good signature is refused');
  }
  const [spent, took] = [cpuSeconds() - cpu, (performance.now() - began) / 1_000];
  const count = rounds * batchSize;
  const busy = performance.eventLoopUtilization(main).active;
  console.log(
    `Ed25519 by ${signatures.library}, ${workers} thread${workers > 1 ? 's' : ''}: ${whole(count / spent)} verified per CPU second of all threads, ${whole(count / took)} per second; main thread ${((busy * 1_000) / count).toFixed(2)} µs each (goal >= 17,000 per CPU second)`,
  );
  await signatures.close();
}

const bls = new Bls12381();
const validators = Array.from(
  { length: 128 },
  (_, nth) => new Bls12381Signer(new Uint8Array(32).fill(nth + 1)),
);
const keys = validators.map(({ publicKey }) => publicKey);
const message = new Uint8Array(32).fill(7);
const votes = validators.map((validator) => validator.sign(message));
const rate = (what: string, times: number, act: () => unknown) => {
  act();
  const cpu = cpuSeconds();
  for (let nth = 0; nth < times; nth++) if (act() === false) throw new Error(`${what} is refused`);
  console.log(`BLS ${what}: ${whole(times / (cpuSeconds() - cpu))} per CPU second`);
};
rate('sign', 300, () => validators[0]?.sign(message));
rate('verify, key known', 300, () => bls.verify(keys[0] as Uint8Array, message, votes[0] as Uint8Array));
rate('verify, key new', 300, () =>
  new Bls12381().verify(keys[0] as Uint8Array, message, votes[0] as Uint8Array),
);
for (const size of [4, 32, 128]) {
  const [some, theirs] = [votes.slice(0, size), keys.slice(0, size)];
  const certificate = bls.aggregate(some);
  rate(`aggregate ${size} votes, each checked to be a signature`, Math.ceil(2_000 / size), () =>
    bls.aggregate(some),
  );
  rate(`verify a certificate of ${size}`, 300, () => bls.verifyAggregate(theirs, message, certificate));
}
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
);

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
