// `npm run zk:soundness`: forged witnesses against every circuit. Prints each lie; fails when one is accepted, or when the forger cannot
// even fool the circuits that are known to be unsound.
import { circuits } from '#circuits/catalogue.ts';
import { examples, mlpExample, sequence } from '#circuits/examples.ts';
import { fixturesFolder, refusedCircuits } from '#circuits/lint/lint-circuit.ts';
import { acceptedLies, attacks } from '#circuits/soundness/attacks.ts';
import { Subject } from '#circuits/soundness/subject.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
let accepted = 0;
let refused = 0;

for (const fixture of refusedCircuits) {
  const lie = acceptedLies[fixture.id];
  if (!lie) continue;
  const subject = await Subject.open(fixture, lie.input, [fixturesFolder]);
  const { broken } = subject.forge({ signals: lie.signals });
  if (broken.length > 0) {
    say(`FAILED  the forger should have fooled ${fixture.id}, which is unsound`);
    accepted++;
  } else say(`control ${fixture.id} (${fixture.why}) accepts the lie, as it must: the forger works`);
}

const small = {
  ...(circuits.find(({ id }) => id === 'mlp-1k') as (typeof circuits)[number]),
  main: 'Mlp(4, 6, 3, 8)',
};
const subjects = [
  ...circuits
    .filter(({ id }) => !id.startsWith('mlp'))
    .map((circuit) => ({ circuit, input: examples[circuit.id] ?? {}, lies: attacks[circuit.id] ?? [] })),
  { circuit: small, input: mlpExample(4, 6, 3), lies: attacks.mlp ?? [] },
  {
    circuit: circuits.find(({ id }) => id === 'mlp-1k') as (typeof circuits)[number],
    input: examples['mlp-1k'] ?? {},
    lies: attacks.mlp ?? [],
  },
];
for (const { circuit, input, lies } of subjects) {
  const subject = await Subject.open(circuit, input);
  say(`\n${circuit.main}: ${subject.r1cs.constraints.length} constraints`);
  for (const { lie, attempt } of lies) {
    const { broken } = attempt(subject);
    if (broken.length === 0) accepted++;
    else refused++;
    say(`${broken.length === 0 ? 'FAILED ' : 'refused'} ${lie} (${broken.length} constraints broken)`);
  }
  // Besides the lies that somebody thought of: any single signal changed, the rest derived around it.
  const next = sequence(circuit.main.length);
  const first = 1 + subject.r1cs.outputs + subject.r1cs.publicInputs + subject.r1cs.privateInputs;
  const tries = Math.min(100, Math.ceil(300_000 / subject.r1cs.constraints.length));
  let survived = 0;
  for (let index = 0; index < tries; index++) {
    const choice = next(subject.r1cs.outputs + subject.r1cs.wires - first);
    const wire = choice < subject.r1cs.outputs ? 1 + choice : first + choice - subject.r1cs.outputs;
    const honest = subject.honest[wire] as bigint;
    const forged = honest < 2n && next(2) === 0 ? 1n - honest : honest + 1n + BigInt(next(1_000));
    if (subject.forgeWire(wire, forged).broken.length === 0) {
      survived++;
      const name = [...subject.signals].find(([, at]) => at === wire)?.[0];
      say(`FAILED  ${name ?? wire} may be ${forged} instead of ${honest}`);
    }
  }
  say(`refused ${tries - survived} of ${tries} single signals changed at random`);
  accepted += survived;
  refused += tries - survived;
}
say(`\n${refused} forged witnesses refused, ${accepted} accepted`);
if (accepted > 0) process.exitCode = 1;
