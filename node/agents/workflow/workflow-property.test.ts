// Random workflows against a naive executor that walks them in order, one thing at a time, without a journal; with workers that are ended
// at random moments in the middle of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentWorker } from '../runs/agent-worker.ts';
import { finished, runRow } from '../runs/testing/agents-database.ts';
import type { Guest } from '../runs/testing/in-process-runtime.ts';
import type { Json } from '../runtime/runtime.ts';
import { type JournalRow, WorkflowHarness } from './testing/workflow-harness.ts';

type Values = Record<string, Json>;
interface GeneratedNode {
  readonly [key: string]: Json;
  readonly needs: string[];
}
type Generated = Readonly<Record<string, GeneratedNode>>;

/** Mulberry32: the same seed, the same workflows. */
function randomOf(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (n: number) => Math.floor(next() * n), chance: (p: number) => next() < p };
}
type Random = ReturnType<typeof randomOf>;

const mix = (name: string, values: readonly Json[]): number => {
  let sum = name.length;
  for (const value of values)
    sum = (sum * 31 + (typeof value === 'number' ? value : JSON.stringify(value).length)) % 997;
  return sum;
};

/** Acyclic by construction: a node needs some of those before it. */
function generate(random: Random, failing: boolean): Generated {
  const count = 3 + random.below(8);
  const nodes: Record<string, GeneratedNode> = {};
  const names: string[] = [];
  const earlier = new Map<string, Set<string>>();
  const fails = failing ? random.below(count) : -1;
  for (let n = 0; n < count; n++) {
    const name = `n${n}`;
    const needs: string[] = [];
    const before = new Set<string>();
    for (const other of names) {
      if (!random.chance(0.35)) continue;
      const branch = nodes[other]?.branch !== undefined;
      needs.push(branch && random.chance(0.8) ? `${other}:${random.chance(0.5) ? 'hi' : 'lo'}` : other);
      before.add(other);
      for (const further of earlier.get(other) ?? []) before.add(further);
    }
    const sources = [...before].map((other) => `\${nodes.${other}}`);
    const input = { name, values: ['${input}', ...sources], ms: random.below(12), fails: n === fails };
    const rest = {
      needs,
      join: random.chance(0.3) ? 'any' : 'all',
      compensate: { run: 'undo', input: { name, was: '${output}' } },
    };
    const kind = n === fails ? 0 : random.next();
    if (kind < 0.6) nodes[name] = { ...rest, run: 'work', input };
    else if (kind < 0.75)
      nodes[name] = {
        ...rest,
        map: {
          over: [1, 2, 3, 4],
          run: 'work',
          input: { ...input, values: ['${item}', '${index}', ...sources] },
          concurrency: 2,
        },
      };
    else if (kind < 0.9)
      nodes[name] = {
        ...rest,
        branch: [{ name: 'hi', when: { $gt: [{ $length: ['${input}', ...sources] }, 2] } }],
        else: 'lo',
      };
    else nodes[name] = { ...rest, delay: { ms: random.below(15) } };
    names.push(name);
    earlier.set(name, before);
  }
  return nodes;
}

/** The second implementation: its own templates, its own order, nothing at the same time. @returns outputs of the nodes that ran */
function naive(nodes: Generated, input: Json): Values {
  const outputs: Values = {};
  const filled = (value: Json, extra: Values): Json => {
    if (typeof value === 'string') {
      const found = /^\$\{(?:nodes\.)?(\w+)\}$/.exec(value)?.[1];
      if (found === undefined) return value;
      return found === 'input' ? input : (extra[found] ?? outputs[found] ?? null);
    }
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item) => filled(item as Json, extra));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item as Json, extra)]));
  };
  const work = (template: Json, extra: Values = {}): Json => {
    const { name, values } = filled(template, extra) as { name: string; values: Json[] };
    return mix(name, values);
  };
  for (const [name, node] of Object.entries(nodes)) {
    const alive = node.needs.filter((need) => {
      const [before = '', choice] = need.split(':');
      return before in outputs && (choice === undefined || outputs[before] === choice);
    }).length;
    if (node.needs.length > 0 && (node.join === 'any' ? alive === 0 : alive < node.needs.length)) continue;
    if (node.run) outputs[name] = work(node.input as Json);
    else if (node.map) {
      const { over, input: template } = node.map as { over: number[]; input: Json };
      outputs[name] = over.map((item, index) => work(template, { item, index }));
    } else if (node.branch) {
      const [{ when }] = node.branch as [{ when: { $gt: [{ $length: Json[] }, number] } }];
      outputs[name] = when.$gt[0].$length.length > when.$gt[1] ? 'hi' : 'lo';
    } else outputs[name] = null;
  }
  return outputs;
}

const undone = new Map<string, Json[]>();
const guests: Record<string, Guest> = {
  work: async (input) => {
    const { name, values, ms, fails } = input as { name: string; values: Json[]; ms: number; fails: boolean };
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (fails) throw new Error('broken');
    return mix(name, values);
  },
  undo: (input) => {
    const { name, was } = input as { name: string; was: Json };
    undone.set(name, [...(undone.get(name) ?? []), was]);
    return null;
  },
};

let harness: WorkflowHarness;
beforeAll(async () => {
  harness = await WorkflowHarness.create(guests);
});
afterAll(() => harness.close());

const outputs = (nodes: Generated): Json =>
  Object.fromEntries(Object.keys(nodes).map((name) => [name, `\${nodes.${name}}`]));
const known = (nodes: Generated, values: Values): Json =>
  Object.fromEntries(Object.keys(nodes).map((name) => [name, values[name] ?? null]));

/** Names of compensations in the order in which they were begun. */
const compensations = (journal: readonly JournalRow[], undo: string) =>
  journal
    .filter(
      ({ capability, args }) =>
        capability === 'agent.call' && (args as { deployment: string }).deployment === undo,
    )
    .map(({ args }) => (args as { input: { name: string } }).input.name);

describe('random workflows', () => {
  it('come to what a naive executor comes to, and replay to the same digest', async () => {
    const worker = harness.worker({ concurrency: 8 });
    for (let seed = 1; seed <= 25; seed++) {
      const nodes = generate(randomOf(seed), false);
      const id = await harness.start({ nodes, output: outputs(nodes) }, seed);
      const run = await harness.ended(id);
      expect([seed, run.status, run.output]).toEqual([seed, 'completed', known(nodes, naive(nodes, seed))]);
      if (seed % 5 !== 0) continue;
      const { digest, again } = await harness.replay(id);
      expect(again).toBe(digest);
    }
    await worker.close();
  });

  it('come to the same when workers end in the middle, again and again', async () => {
    const random = randomOf(99);
    const runs = [];
    for (let seed = 101; seed <= 112; seed++) {
      const nodes = generate(randomOf(seed), false);
      runs.push({ seed, nodes, id: await harness.start({ nodes, output: outputs(nodes) }, seed) });
    }
    let worker: AgentWorker | undefined;
    let deaths = 0;
    for (;;) {
      const rows = await Promise.all(runs.map(({ id }) => runRow(harness.db, id)));
      if (rows.every(finished)) break;
      // After many deaths the last one lives: a run whose workers end five times in a row is given up.
      if (worker && deaths >= 12) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      worker?.abandon();
      if (worker) deaths += 1;
      worker = harness.worker({ concurrency: 6, leaseMs: 250 });
      const { executed } = worker.status;
      const patience = Date.now() + 40 + random.below(400);
      const goal = executed + 1 + random.below(12);
      while (Date.now() < patience && worker.status.executed < goal)
        await new Promise((resolve) => setTimeout(resolve, 3));
    }
    expect(deaths).toBeGreaterThan(2);
    for (const { seed, nodes, id } of runs) {
      const run = await runRow(harness.db, id);
      expect([seed, run.status, run.output, run.error]).toEqual([
        seed,
        'completed',
        known(nodes, naive(nodes, seed)),
        null,
      ]);
      const { digest, again } = await harness.replay(id);
      expect(again).toBe(digest);
      // Every agent was called once for each wish, however often the walk began anew.
      const journal = await harness.journal(id);
      const calls = journal.filter(({ capability }) => capability === 'agent.call').length;
      const { rows } = await harness.db.database.pool.query(
        'select count(*)::int as n from agents.runs where parent_run = $1',
        [id],
      );
      expect(rows[0].n).toBe(calls);
    }
  }, 60_000);

  it('undo what was completed, in the reverse of the order in which it was, and nothing else', async () => {
    harness.worker({ concurrency: 8 });
    let failed = 0;
    for (let seed = 201; seed <= 215; seed++) {
      undone.clear();
      const nodes = generate(randomOf(seed), true);
      const id = await harness.start({ nodes, output: outputs(nodes) }, seed);
      const run = await harness.ended(id);
      if (run.status === 'completed') continue;
      failed += 1;
      expect([seed, run.error?.code]).toEqual([seed, 'NODE_FAILED']);
      const journal = await harness.journal(id);
      const undo = compensations(journal, harness.agents.undo ?? '');
      // What ran did so after all it needs: undone in reverse, nothing comes before what was built on it.
      const order = undo.toReversed();
      const values = naive(nodes, seed);
      for (const [at, name] of order.entries()) {
        for (const need of nodes[name]?.needs ?? []) {
          const [before = ''] = need.split(':');
          if (before in values && order.includes(before)) expect(order.indexOf(before)).toBeLessThan(at);
        }
        // A map that another node's failure stopped undoes the items that were done.
        const was = undone.get(name)?.[0] ?? null;
        const whole = values[name] ?? null;
        const done =
          Array.isArray(was) && Array.isArray(whole) ? whole.map((item, n) => was[n] && item) : whole;
        expect([seed, name, undone.get(name)]).toEqual([seed, name, [done]]);
      }
      expect(new Set(undo).size).toBe(undo.length);
      // Of those that the walk heard completed, none is missing.
      const told = new Set<number>();
      for (const { capability, answer } of journal) {
        if (capability !== 'wait.any') continue;
        for (const arrival of (answer as { ok: { step: number; answer: { ok?: Json } }[] }).ok)
          if ('ok' in arrival.answer) told.add(arrival.step);
      }
      for (const { step, capability, args } of journal) {
        const input = (args as { input?: { name?: string; ms?: number } }).input;
        if (capability === 'agent.call' && input?.ms !== undefined && told.has(step))
          expect(undo).toContain(input.name);
      }
    }
    expect(failed).toBeGreaterThan(5);
  }, 60_000);
});
