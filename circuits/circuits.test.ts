// The gate and the forger on what is quick: the fixtures, the credential's signals, and a perceptron of a handful of neurons. `npm run zk:lint` and
// `npm run zk:soundness` do the same for every circuit.
import { beforeAll, describe, expect, it } from 'vitest';
import { circuitOf } from './catalogue.ts';
import { mlpExample } from './examples.ts';
import { fixturesFolder, lintCircuit, refusedCircuits } from './lint/lint-circuit.ts';
import { acceptedLies, attacks } from './soundness/attacks.ts';
import { Subject } from './soundness/subject.ts';

describe('the compile gate', () => {
  it.each(refusedCircuits)('refuses $id: $why', async (circuit) => {
    const { findings } = await lintCircuit(circuit, [fixturesFolder]);
    expect(findings.length).toBeGreaterThan(0);
    if (circuit.id === 'forgotten-signal') expect(findings[0]?.rule).toBe('CA01');
    if (circuit.id === 'paper-relu') expect(findings.map(({ rule }) => rule)).toContain('undetermined');
  });

  it('finds every signal of the credential determined', async () => {
    expect((await lintCircuit(circuitOf('credential'))).findings).toEqual([]);
  });
});

describe('the forger', () => {
  it.each(Object.entries(acceptedLies))('fools %s, which is unsound', async (id, { input, signals }) => {
    const circuit = refusedCircuits.find(
      (candidate) => candidate.id === id,
    ) as (typeof refusedCircuits)[number];
    const subject = await Subject.open(circuit, input, [fixturesFolder]);
    expect(subject.forge({ signals }).broken).toEqual([]);
  });
});

describe('a perceptron of nine neurons', () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await Subject.open({ ...circuitOf('mlp-1k'), main: 'Mlp(4, 6, 3, 8)' }, mlpExample(4, 6, 3));
  });

  it.each(attacks.mlp ?? [])('refuses $lie', ({ attempt }) => {
    expect(attempt(subject).broken.length).toBeGreaterThan(0);
  });
});
