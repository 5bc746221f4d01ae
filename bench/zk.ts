// `npm run bench:zk -- [circuit …] [proof system …]`: what proving costs, circuit by circuit, in worker processes like the product's: CPU seconds, wall time, peak
// memory, sizes; and how long the first proof takes with nothing cached.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { groth16 } from 'snarkjs';
import { circuitOf, circuits, type ProofSystem } from '#circuits/catalogue.ts';
import { examples } from '#circuits/examples.ts';
import { KeyStore } from '#circuits/prover/key-store.ts';
import { prove } from '#circuits/prover/prove.ts';
import { runProofJob } from '#circuits/prover/run-job.ts';
import { calculateWitness, witnessFile } from '#circuits/prover/witness.ts';
import { readR1cs } from '#circuits/r1cs.ts';

/** CPU seconds of a proof with its key at hand. */
const goals: Readonly<Record<string, number>> = {
  credential: 0.5,
  'credit-policy': 1,
  'mlp-1k': 4,
  'mlp-10k': 20,
};
const rounds = 3;
const say = (text: string) => process.stdout.write(`${text}\n`);
const wanted = process.argv.slice(3).filter((argument) => circuits.some(({ id }) => id === argument));
const subjects = wanted.length > 0 ? wanted : circuits.map(({ id }) => id);
const named = process.argv.slice(3).filter((argument) => ['groth16', 'fflonk', 'plonk'].includes(argument));
const folder = mkdtempSync(join(tmpdir(), 'aios-bench-zk-'));
const store = { folder, use: { production: false, chainId: 31_337 } };

const run = async (id: string, system: ProofSystem) => {
  const begun = performance.now();
  const { cost } = await runProofJob(
    { circuit: id, system, input: examples[id] ?? {}, store, memoryBytes: 2 * 2 ** 30 },
    { signal: new AbortController().signal, timeoutMs: 1_800_000 },
  );
  return { ...cost, seconds: (performance.now() - begun) / 1000 };
};

say(
  `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB; Node ${process.version}; ${rounds} proofs each, the median`,
);
say(
  'proof: witness, proof and self-verification in a process that has proved before. worker: a whole worker process, start of Node included.',
);
say("snarkjs: snarkjs's own prover on the same key and witness, where ours proves with the key's multiples.");
say(
  'first: the same with nothing cached, compilation and development setup included. All in CPU seconds, wall seconds behind the slash.',
);
say(
  'circuit        system   constraints  first          prover  snarkjs  proof          worker         peak MB  key + multiples MB  goal (prover, CPU s)',
);
let missed = false;
try {
  for (const id of subjects) {
    for (const system of circuitOf(id).systems.filter((name) => named.length === 0 || named.includes(name))) {
      const first = await run(id, system);
      const results = [];
      for (let round = 0; round < rounds; round++) results.push(await run(id, system));
      results.sort((left, right) => left.cpuSeconds - right.cpuSeconds);
      const median = results[Math.floor(rounds / 2)] as (typeof results)[number];
      const keyStore = new KeyStore(store);
      const keys = await keyStore.open(circuitOf(id), system);
      const witness = witnessFile(await calculateWitness(keys.wasm, examples[id] ?? {}));
      const warm = [];
      for (let round = 0; round <= rounds; round++) {
        const cpu = process.cpuUsage();
        const begun = performance.now();
        let mark = cpu;
        let proving = 0;
        await prove(keyStore, circuitOf(id), system, examples[id] ?? {}, (stage, fraction) => {
          if (stage === 'prove') mark = process.cpuUsage();
          if (stage !== 'verify' || fraction > 0) return;
          const { user, system: kernel } = process.cpuUsage(mark);
          proving = (user + kernel) / 1e6;
        });
        const used = process.cpuUsage(cpu);
        const before = process.cpuUsage();
        if (keys.multiples !== undefined) await groth16.prove(keys.zkey, witness);
        const plain = process.cpuUsage(before);
        // The first of a process compiles what later ones reuse.
        if (round > 0)
          warm.push({
            proving,
            plain: (plain.user + plain.system) / 1e6,
            cpu: (used.user + used.system) / 1e6,
            wall: (performance.now() - begun) / 1000,
          });
      }
      warm.sort((left, right) => left.cpu - right.cpu);
      const proof = warm[Math.floor(rounds / 2)] as (typeof warm)[number];
      const goal = system === 'groth16' ? goals[id] : undefined;
      missed ||= goal !== undefined && proof.proving > goal;
      const pair = (cpu: number, wall: number) => `${cpu.toFixed(2)} / ${wall.toFixed(2)}`.padEnd(14);
      say(
        [
          id.padEnd(14),
          system.padEnd(8),
          String(readR1cs(keys.r1cs).constraints.length).padEnd(12),
          pair(first.cpuSeconds, first.seconds),
          proof.proving.toFixed(2).padEnd(7),
          (keys.multiples === undefined ? '-' : proof.plain.toFixed(2)).padEnd(8),
          pair(proof.cpu, proof.wall),
          pair(median.cpuSeconds, median.seconds),
          (median.peakBytes / 1e6).toFixed(0).padEnd(8),
          [keys.zkey, keys.multiples]
            .map((path) => (path === undefined ? '-' : (statSync(path).size / 1e6).toFixed(1)))
            .join(' + ')
            .padEnd(12),
          goal === undefined ? '-' : `<= ${goal} ${proof.proving > goal ? 'MISSED' : 'met'}`,
        ].join(' '),
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(missed ? 1 : 0);
