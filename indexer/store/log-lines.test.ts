// What becomes of logged lines: they stand and fall with their blocks and their deployment, and only the newest are kept.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockOutcome, LoggedLine } from '#indexer/model.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { insertLines } from './log-lines.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

const schema = 'type Account @entity(immutable: false) { id: ID! n: Int! }';

const line = (text: string): LoggedLine => ({
  ...{ level: 'info', text, handler: 'handle', dataSource: 'Token', loggedAt: 1_700_000_000_123 },
});

const logging = (number: number, texts: readonly string[], fork = 0): BlockOutcome => ({
  ...outcome(number, [], { fork }),
  ...(texts.length > 0 && { lines: texts.map(line) }),
});

async function textsOf(deployment: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ text: string }>(
    'select text from indexer.log_lines where deployment = $1 order by position',
    [deployment],
  );
  return rows.map(({ text }) => text);
}

describe('lines', () => {
  it('are written with their block, once, whatever they hold', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    const batch = [logging(1, ['a', 'zero \0 and half a pair \uD834']), logging(2, []), logging(3, ['b'])];
    await deployment.commitBatch(lease, batch);
    // Its COMMIT was not answered.
    await deployment.commitBatch(lease, batch);
    expect(await textsOf(deployment.id)).toEqual(['a', 'zero \uFFFD and half a pair \uFFFD', 'b']);
    const { rows } = await database.pool.query('select * from indexer.log_lines where deployment = $1', [
      deployment.id,
    ]);
    expect(rows[2]).toMatchObject({
      ...{ position: '3', block_number: 3, block_hash: hashOf(3), place: 0, level: 'info' },
      ...{ handler: 'handle', data_source: 'Token', logged_at: new Date(1_700_000_000_123) },
    });
  });

  it('of a batch that fails are not there, those of a block that failed are', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    const bad = { type: 'Account', id: 'a', data: { id: 'a' } } as const;
    await expect(
      deployment.commitBatch(lease, [{ ...outcome(1, [bad]), lines: [line('gone')] }]),
    ).rejects.toMatchObject({ code: 'UNSTORABLE_ENTITY' });
    expect(await textsOf(deployment.id)).toEqual([]);
    const failure = { message: 'broken', handler: 'handle', block: { number: 1, hash: hashOf(1) } };
    await deployment.commitBatch(lease, [{ ...logging(1, ['why']), failure }]);
    expect(await textsOf(deployment.id)).toEqual(['why']);
  });

  it('are neither shared with other deployments nor left behind by one that is removed', async () => {
    const [one, other] = [await deploy(database.store, schema), await deploy(database.store, schema)];
    await one.deployment.commitBatch(one.lease, [logging(1, ['one'])]);
    await other.deployment.commitBatch(other.lease, [logging(1, ['other'])]);
    await database.store.remove(one.deployment.id);
    expect(await textsOf(one.deployment.id)).toEqual([]);
    expect(await textsOf(other.deployment.id)).toEqual(['other']);
  });

  it('are the newest of the blocks that stand, whatever is committed and reverted', {
    timeout: 120_000,
  }, async () => {
    const kept = 7;
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.nat({ max: 5 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { deployment, lease } = await deploy(database.store, schema);
        /** Lines that should be there, oldest first. */
        let expected: { readonly block: number; readonly text: string }[] = [];
        let head = 0;
        let made = 0;
        for (const change of steps) {
          if (typeof change === 'number') {
            head = Math.max(head - change, 0);
            await deployment.revertTo(lease, head === 0 ? null : { number: head, hash: hashOf(head) });
            expected = expected.filter(({ block }) => block <= head);
          } else {
            const outcomes = change.map((count) => {
              head += 1;
              return logging(
                head,
                Array.from({ length: count }, () => String(++made)),
              );
            });
            await deployment.commitBatch(
              lease,
              outcomes.map(({ lines: _, ...rest }) => rest),
            );
            await inTransaction(database.pool, (client) =>
              insertLines(client, deployment.id, outcomes, kept),
            );
            for (const { block, lines = [] } of outcomes)
              expected.push(...lines.map(({ text }) => ({ block: block.number, text })));
            expected = expected.slice(-kept);
          }
          expect(await textsOf(deployment.id)).toEqual(expected.map(({ text }) => text));
        }
      }),
      { numRuns: Number(process.env.LINES_RUNS ?? 25) },
    );
  });
});
