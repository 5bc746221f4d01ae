// `npm run zk:lint`: the compile gate over every circuit of the product, and over circuits that it must refuse.
import { circuits } from '#circuits/catalogue.ts';
import { fixturesFolder, lintCircuit, refusedCircuits } from '#circuits/lint/lint-circuit.ts';

const wanted = process.argv.slice(process.argv[1]?.endsWith('run.mjs') ? 3 : 2);
let failed = false;
const say = (text: string) => process.stdout.write(`${text}\n`);

// The templates of mlp-10k are those of mlp-1k; it takes minutes to compile and is judged when it is named.
const subjects = circuits.filter(({ id }) => (wanted.length > 0 ? wanted.includes(id) : id !== 'mlp-10k'));
for (const circuit of subjects) {
  const { constraints, signals, harmless, findings } = await lintCircuit(circuit);
  say(
    `${findings.length === 0 ? 'ok     ' : 'FAILED '} ${circuit.id}: ${constraints} constraints, ${signals} signals, all determined by the inputs but ${findings.length + harmless} (${harmless} of them inverse hints of zero tests)`,
  );
  for (const { rule, message } of findings.slice(0, 20)) say(`        ${rule}: ${message}`);
  if (findings.length > 20) say(`        … and ${findings.length - 20} more`);
  failed ||= findings.length > 0;
}
if (wanted.length === 0) {
  for (const circuit of refusedCircuits) {
    const { constraints, findings } = await lintCircuit(circuit, [fixturesFolder]);
    const first = findings[0];
    say(
      first
        ? `refused ${circuit.id} (${circuit.why}; ${constraints} constraints): ${first.rule}: ${first.message}`
        : `FAILED  ${circuit.id} (${circuit.why}) was not refused`,
    );
    failed ||= !first;
  }
}
if (failed) {
  say('\nThe gate refuses: see above.');
  process.exitCode = 1;
}
