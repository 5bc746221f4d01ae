// Reverting, as a property: whatever was committed and reverted, all versions equal a model in memory and a fresh index of the
// chain that survived, and the change feed replays to the same entities.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlockOutcome, EntityModification } from '#indexer/model.ts';
import { readChanges } from '#node/platform/events/change-feed.ts';
import type { Deployment, Lease } from './index.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

const schema = /* GraphQL */ `
  type Account @entity(immutable: false) { id: ID! n: Int! }
  type Pool @entity(immutable: false) { id: Bytes! n: Int! }
  type Swap @entity(immutable: true) { id: ID! n: Int! }
`;

/** What happens in a block: for each touched mutable entity a number to set, or null to remove. */
interface BlockPlan {
  readonly gap: number;
  readonly accounts: readonly (readonly [id: number, n: number | null])[];
  readonly pools: readonly (readonly [id: number, n: number | null])[];
  readonly swaps: number;
  readonly source: boolean;
}
type Step = { readonly commit: readonly BlockPlan[] } | { readonly revert: number };

const touches = fc.uniqueArray(
  fc.tuple(
    fc.nat(4),
    fc.oneof({ weight: 4, arbitrary: fc.nat(99) }, { weight: 1, arbitrary: fc.constant(null) }),
  ),
  { selector: ([id]) => id, maxLength: 4 },
);
const blockPlan: fc.Arbitrary<BlockPlan> = fc.record({
  gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  accounts: touches,
  pools: touches,
  swaps: fc.nat(2),
  source: fc.boolean(),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ commit: fc.array(blockPlan, { minLength: 1, maxLength: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ revert: fc.nat(8) }) },
  ),
  { minLength: 1, maxLength: 12 },
);

function modificationsOf(plan: BlockPlan, number: number): EntityModification[] {
  const bytes = (id: number) => new Uint8Array([id]);
  return [
    ...plan.accounts.map(([id, n]) => ({
      type: 'Account',
      id: `a${id}`,
      data: n === null ? null : { id: `a${id}`, n },
    })),
    ...plan.pools.map(([id, n]) => ({
      type: 'Pool',
      id: bytes(id),
      data: n === null ? null : { id: bytes(id), n },
    })),
    ...Array.from({ length: plan.swaps }, (_, index) => {
      const id = `s${number}-${index}`;
      return { type: 'Swap', id, data: { id, n: index } };
    }),
  ];
}

/** Every version that `chain` leaves behind, as `dump` writes it. */
function modelDump(chain: readonly BlockOutcome[]): string {
  const versions = new Map<string, { lower: number; upper: number | ''; id: string; n: number }[]>();
  for (const { block, modifications } of chain) {
    for (const { type, id, data } of modifications) {
      const text = typeof id === 'string' ? id : `\\x${Buffer.from(id as Uint8Array).toString('hex')}`;
      const history = versions.get(`${type} ${text}`) ?? [];
      versions.set(`${type} ${text}`, history);
      const last = history.at(-1);
      if (last && last.upper === '') last.upper = block.number;
      if (data) history.push({ lower: block.number, upper: '', id: text, n: data.n as number });
    }
  }
  const lines: string[] = [];
  for (const type of ['Account', 'Pool', 'Swap']) {
    lines.push(`# ${type}: id, n`);
    const keys = [...versions.keys()].filter((key) => key.startsWith(`${type} `)).sort();
    for (const { lower, upper, id, n } of keys.flatMap((key) => versions.get(key) ?? [])) {
      lines.push(`["[${lower},${upper})", ${JSON.stringify(id)}, "${n}"]`);
    }
  }
  lines.push('# data sources');
  chain
    .flatMap((block) => block.createdDataSources)
    .forEach((source, position) => {
      lines.push(`[${position}, "Pool", "${source.address}", null, ${source.createdAt}]`);
    });
  const head = chain.at(-1)?.block;
  lines.push('# head', head ? `[${head.number}, "${head.hash}"]` : '[null, null]');
  return `${lines.join('\n')}\n`;
}

/** Replays the feed from the beginning; every `before` must be what the replay has. */
async function replayFeed(deployment: Deployment): Promise<Map<string, unknown>> {
  const entities = new Map<string, unknown>();
  const changes = await readChanges(database.pool, { deployment: deployment.id, after: 0n, limit: 10_000 });
  for (const { entity, id, before, after } of changes) {
    const key = `${entity} ${id}`;
    expect(entities.get(key) ?? null).toEqual(before);
    if (after) entities.set(key, after);
    else entities.delete(key);
  }
  return entities;
}

/** Current entities of the model, as the feed writes them. */
function modelEntities(chain: readonly BlockOutcome[]): Map<string, unknown> {
  const entities = new Map<string, unknown>();
  for (const { type, id, data } of chain.flatMap((block) => block.modifications)) {
    const text = typeof id === 'string' ? id : `0x${Buffer.from(id as Uint8Array).toString('hex')}`;
    if (data) entities.set(`${type} ${text}`, { id: text, n: data.n });
    else entities.delete(`${type} ${text}`);
  }
  return entities;
}

async function run(deployment: Deployment, lease: Lease, script: readonly Step[]): Promise<BlockOutcome[]> {
  let chain: BlockOutcome[] = [];
  let fork = 0;
  for (const step of script) {
    const head = chain.at(-1)?.block;
    if ('revert' in step) {
      const kept = chain.slice(0, Math.max(0, chain.length - step.revert));
      // The common ancestor may be a block in which nothing happened and that was never stored.
      const ancestor = kept.at(-1)?.block ?? null;
      await deployment.revertTo(lease, ancestor);
      chain = kept;
      fork++;
      continue;
    }
    let number = head?.number ?? 0;
    let parentHash = head?.hash as `0x${string}` | undefined;
    const batch = step.commit.map((plan) => {
      number += 1 + plan.gap;
      const made = outcome(number, modificationsOf(plan, number), {
        fork,
        parentHash: plan.gap > 0 || !parentHash ? hashOf(number - 1, fork) : parentHash,
        createdDataSources: plan.source
          ? [{ template: 'Pool', address: hashOf(number), context: null, createdAt: number }]
          : [],
      });
      parentHash = made.block.hash as `0x${string}`;
      return made;
    });
    await deployment.commitBatch(lease, batch);
    chain.push(...batch);
  }
  return chain;
}

it('leaves what a fresh index of the surviving chain has, and says so in the feed', async () => {
  // STORE_RUNS=2000 for a long search; a failure prints its seed and its smallest script.
  const numRuns = Number(process.env.STORE_RUNS ?? 25);
  let withReopening = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (script, deferIndexes) => {
      const { deployment, lease } = await deploy(database.store, schema, { feed: true, deferIndexes });
      const chain = await run(deployment, lease, script);
      const dump = await deployment.dump();
      expect(dump).toBe(modelDump(chain));
      if (script.some((step) => 'revert' in step && step.revert > 0)) withReopening++;

      const fresh = await deploy(database.store, schema);
      for (const block of chain) await fresh.deployment.commitBatch(fresh.lease, [block]);
      expect(await fresh.deployment.dump()).toBe(dump);

      const replayed = await replayFeed(deployment);
      expect(replayed).toEqual(modelEntities(chain));
      await database.store.remove(deployment.id);
      await database.store.remove(fresh.deployment.id);
    }),
    { numRuns },
  );
  expect(withReopening).toBeGreaterThan(numRuns / 4);
}, 240_000);
