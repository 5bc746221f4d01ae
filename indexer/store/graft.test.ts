// A graft has exactly what its base had at the block, history and all, however often the copy is cut off.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import type { EntityModification } from '#indexer/model.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { type Deployment, type DeploymentStore, graftObstacles, layoutOf } from './index.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

const SDL = `
enum Side { BUY SELL }
type Account @entity(immutable: false) { id: ID! balance: Int! side: Side sides: [Side!] note: String }
type Trade @entity(immutable: true) { id: Bytes! by: Account! }
`;
const BLOCKS = 30;
const GRAFT = 17;

let database: TestDatabase & { readonly store: DeploymentStore };
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

/** What happens in a block: accounts come, change and go. */
function block(number: number) {
  const modifications: EntityModification[] = [];
  for (let account = 0; account < 6; account++) {
    if ((number * 7 + account * 3) % 4 === 0) continue;
    const id = `a${account}`;
    const removed = (number + account) % 5 === 0;
    const side = number % 2 === 0 ? 'BUY' : 'SELL';
    modifications.push({
      type: 'Account',
      id,
      data: removed ? null : { id, balance: number, side, sides: [side, 'BUY'] },
    });
  }
  const id = new Uint8Array([number]);
  modifications.push({ type: 'Trade', id, data: { id, by: 'a1' } });
  const createdDataSources =
    number % 10 === 0
      ? [{ template: 'T', address: `0x${number}` as const, context: null, createdAt: number }]
      : [];
  return outcome(number, modifications, { createdDataSources });
}

async function base(to = BLOCKS): Promise<Deployment> {
  const { deployment, lease } = await deploy(database.store, SDL);
  for (let number = 1; number <= to; number++) await deployment.commitBatch(lease, [block(number)]);
  return deployment;
}

const head = { number: GRAFT, hash: hashOf(GRAFT), parentHash: hashOf(GRAFT - 1), timestamp: 1_700_000_000 };

async function grafted(onto: Deployment, schema = SDL, rowsPerStep = 7) {
  const { deployment, lease } = await deploy(database.store, schema, {
    graft: { base: onto.id, block: GRAFT },
  });
  const graft = await deployment.graft();
  if (!graft) throw new Error('no graft');
  let steps = 0;
  let attempts = 0;
  let rows = 0;
  // Stopped after every second step, as a process that is killed again and again.
  for (let done = false; !done; attempts++)
    done = await deployment.copyGraft(lease, graft, {
      head,
      rowsPerStep,
      stopped: () => steps++ % 2 === 1,
      report: (progress) => {
        rows = progress.rows;
      },
    });
  return { deployment, lease, attempts, rows };
}

describe('grafting', () => {
  it('gives the base at the block, and what is indexed and reverted afterwards is as in the base', async () => {
    const onto = await base();
    const { deployment, lease, attempts, rows } = await grafted(onto);
    expect(attempts).toBeGreaterThan(3);
    const witness = await base(GRAFT);
    expect(await deployment.dump()).toBe(await witness.dump());
    expect(rows).toBe((await witness.dump()).split('\n').filter((line) => line.startsWith('["[')).length);
    expect(await deployment.graft()).toMatchObject({ copied: true });
    expect(await deployment.recentBlocks(3)).toMatchObject([{ number: 17 }, { number: 16 }, { number: 15 }]);
    for (let number = GRAFT + 1; number <= BLOCKS; number++)
      await deployment.commitBatch(lease, [block(number)]);
    expect(await deployment.dump()).toBe(await onto.dump());
    await deployment.revertTo(lease, { number: GRAFT - 3, hash: hashOf(GRAFT - 3) });
    expect(await deployment.dump()).toBe(await (await base(GRAFT - 3)).dump());
    await deployment.revertTo(lease, null);
    expect(await deployment.graft()).toMatchObject({ copied: false });
  });

  it('lets types differ in what the copy does not need, and names what does not fit', async () => {
    const onto = await base();
    const wider = SDL.replace('BUY SELL', 'BUY SELL HOLD').replace('note: String', 'note: String more: Int');
    const { deployment } = await grafted(
      onto,
      `${wider}\ntype New @entity(immutable: true) { id: ID! }`,
      10_000,
    );
    const { id } = onto;
    expect((await deployment.loadEntities('Account', ['a1'])).get('a1')).toMatchObject({ id: 'a1' });
    const obstacles = (schema: string) => graftObstacles(layoutOf(parseEntitySchema(schema), 1), onto.layout);
    expect(obstacles(wider)).toEqual([]);
    expect(obstacles(SDL.replace('note: String', 'note: String!'))).toEqual([
      'Account.note is required, but in the base it may be null',
    ]);
    expect(obstacles(SDL.replace('balance: Int!', 'balance: BigInt!'))).toEqual([
      'Account.balance is BigInt, but in the base it is Int',
    ]);
    expect(obstacles(SDL.replace('note: String', 'extra: Int!'))).toEqual([
      'Account.extra is required, but the base has no such field',
    ]);
    expect(obstacles(SDL.replace('BUY SELL', 'BUY'))).toContain(
      'the enum Side lacks SELL, which Account.side has in the base',
    );
    await expect(grafted(onto, SDL.replace('immutable: false', 'immutable: true'))).rejects.toMatchObject({
      code: 'GRAFT_IMPOSSIBLE',
    });
    await expect(database.store.remove(id)).rejects.toMatchObject({ code: 'GRAFT_BASE_NEEDED' });
  });
});
