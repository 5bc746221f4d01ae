// Runs the chain's simulator over many seeds.
//   npm run sim -- [--seeds 500] [--from 1] [--faults all|none|partition,crash,…] [--seconds 30] [--mutants] [--seed N --verbose]
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from '#node/chain/sim/faults.ts';
import { MUTANTS, type Mutant } from '#node/chain/sim/mutants.ts';
import { type SimulationOptions, type SimulationResult, simulate } from '#node/chain/sim/simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    faults: { type: 'string', default: 'all' },
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
  args: process.argv.slice(3),
});

/** Tried with a planted bug, at most. */
const mutantSeeds = 30;
const kinds = kindsOf(values.faults);
const seconds = Number(values.seconds);
const common = { kinds, seconds } satisfies Partial<SimulationOptions>;

if (values.mutants) await tryMutants();
else if (values.seed) await replay(Number(values.seed));
else await runSeeds(Number(values.from), Number(values.seeds));

function kindsOf(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  if (text === 'none') return [];
  const asked = text.split(',') as FaultKind[];
  const unknown = asked.find((kind) => !FAULT_KINDS.includes(kind));
  if (unknown === undefined) return asked;
  console.error(`There is no fault "${unknown}". Known: all, none, ${FAULT_KINDS.join(', ')}.`);
  process.exit(2);
}

async function runSeeds(from: number, count: number): Promise<void> {
  const cpu = process.cpuUsage();
  const sums = { steps: 0, blocks: 0, transactions: 0, faults: 0, epochs: 0, slashed: 0 };
  const failed: SimulationResult[] = [];
  let shown = performance.now();
  let firstTrace = '';
  for (let seed = from; seed < from + count; seed++) {
    const result = await simulate({ ...common, seed });
    if (seed === from) firstTrace = result.trace;
    sums.steps += result.steps;
    sums.blocks += result.blocks;
    sums.transactions += result.executedTransactions;
    sums.faults += result.faults.length;
    sums.epochs += result.finalizedEpoch;
    sums.slashed += result.slashed;
    if (result.violation) {
      failed.push(result);
      tell(result);
    }
    if (performance.now() - shown > 5_000) {
      shown = performance.now();
      console.log(`${seed - from + 1} of ${count} seeds, ${failed.length} violations`);
    }
  }
  const again = await simulate({ ...common, seed: from });
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${count} seeds, ${sums.faults} faults, ${sums.steps} steps, ${sums.blocks} blocks, ${sums.epochs} final epochs, ${sums.transactions} transactions, ${sums.slashed} slashed; ${failed.length} violations (goal 0); ${((user + system) / 1e6).toFixed(0)} CPU seconds`,
  );
  console.log(
    `seed ${from} twice: trace ${firstTrace.slice(0, 16)} and ${again.trace.slice(0, 16)}, ${firstTrace === again.trace ? 'the same' : 'NOT THE SAME'}`,
  );
  if (failed.length > 0 || firstTrace !== again.trace) process.exitCode = 1;
}

/** The same seed again, with what it says, and the fewest of its faults that are enough. */
async function replay(seed: number): Promise<void> {
  const log: SimulationOptions['log'] = (node, level, facts, message) => {
    if (values.verbose || level !== 'info')
      console.log(`${node} ${level} ${message} ${JSON.stringify(facts)}`);
  };
  const result = await simulate({ ...common, seed, log });
  console.log(JSON.stringify({ ...result, violation: result.violation?.message }, undefined, 1));
  if (!result.violation) return;
  process.exitCode = 1;
  let { faults } = result;
  for (const fault of result.faults) {
    const fewer = faults.filter((each) => each !== fault);
    const without = await simulate({ ...common, seed, faults: fewer });
    if (without.violation?.invariant === result.violation.invariant) faults = fewer;
  }
  console.log(`the fewest faults that are enough: ${JSON.stringify(faults, undefined, 1)}`);
}

async function tryMutants(): Promise<void> {
  for (const [name, { invariant, ...planted }] of Object.entries(MUTANTS)) {
    const mutant = name as Mutant;
    let caught: SimulationResult | undefined;
    for (let seed = 1; seed <= mutantSeeds && caught?.violation?.invariant !== invariant; seed++) {
      const result = await simulate({ ...common, ...planted, seed, mutant });
      if (result.violation && (!caught || result.violation.invariant === invariant)) caught = result;
    }
    const by = caught?.violation?.invariant;
    console.log(
      by === invariant
        ? `${mutant}: caught by ${invariant} with seed ${caught?.seed}`
        : `${mutant}: NOT caught by ${invariant}${by ? ` (${by} with seed ${caught?.seed}: ${caught?.violation?.message.slice(0, 300)})` : ''}`,
    );
    if (by !== invariant) process.exitCode = 1;
  }
}

function tell({ seed, violation, violatedAt, steps }: SimulationResult): void {
  console.log(
    `seed ${seed}: ${violation?.message.slice(0, 600)} (after ${((violatedAt ?? 0) / 1_000).toFixed(3)} s, ${steps} steps; again with --seed ${seed})`,
  );
}
