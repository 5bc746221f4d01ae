// One statement or a transaction: the same blocks leave the same tables, and what must not be written is refused in the same words.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockOutcome, EntityModification, Value } from '#indexer/model.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from './testing/deployments.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

const schema = /* GraphQL */ `
  enum Colour { RED GREEN }
  type Thing @entity(immutable: false) {
    id: Bytes! text: String long: Int8 at: Timestamp big: BigInt decimal: BigDecimal flag: Boolean bytes: Bytes colour: Colour
    texts: [String!] bigs: [BigInt!] flags: [Boolean!] blobs: [Bytes!] colours: [Colour!] times: [Timestamp!]
  }
  type Fact @entity(immutable: true) { id: Int8! note: String! }
`;

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 40 });
const colour = fc.constantFrom('RED', 'GREEN');
const time = fc.bigInt({ min: -62_000_000_000_000_000n, max: 8_000_000_000_000_000n });
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const fields = fc.record(
  {
    text,
    long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    at: time,
    big: fc.bigInt(),
    decimal: fc
      .record({ digits: fc.bigInt(), exp: fc.integer({ min: -40, max: 40 }) })
      .map(({ digits, exp }) => (digits === 0n ? { digits: 0n, exp: 0 } : { digits, exp })),
    flag: fc.boolean(),
    bytes,
    colour,
    texts: list(fc.oneof(text, fc.constantFrom('NULL', 'null', '"', '\\', '{}', ','))),
    bigs: list(fc.bigInt()),
    flags: list(fc.boolean()),
    blobs: list(bytes),
    colours: list(colour),
    times: list(time),
  },
  { requiredKeys: [] },
);
/** What a block does: things by their id, each set or removed, and notes. */
const block = fc.record({
  things: fc.uniqueArray(fc.tuple(fc.nat(5), fc.option(fields, { freq: 5 })), {
    selector: ([id]) => id,
    maxLength: 5,
  }),
  notes: list(text),
});

function modificationsOf(
  { things, notes }: typeof block extends fc.Arbitrary<infer T> ? T : never,
  number: number,
) {
  return [
    ...things.map(([at, values]): EntityModification => {
      const id = new Uint8Array([at]);
      return { type: 'Thing', id, data: values && ({ id, ...values } as Record<string, Value>) };
    }),
    ...notes.map((note, index): EntityModification => {
      const id = BigInt(number * 100 + index);
      return { type: 'Fact', id, data: { id, note } };
    }),
  ];
}

/** That nothing was logged is what a transaction has to say, not a plain block. */
const unplain = (plain: BlockOutcome): BlockOutcome => ({ ...plain, lines: [] });

describe('a plain block', () => {
  it('is stored as a transaction stores it, whatever its values', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 6 }), async (blocks) => {
        const [once, often] = [await deploy(database.store, schema), await deploy(database.store, schema)];
        for (const [index, one] of blocks.entries()) {
          // The hundredth block is one of a transaction among plain ones.
          const made = outcome(98 + index, modificationsOf(one, 98 + index));
          await once.deployment.commitBatch(once.lease, [made]);
          await often.deployment.commitBatch(often.lease, [unplain(made)]);
        }
        expect(await once.deployment.dump()).toBe(await often.deployment.dump());
        expect(await once.deployment.recentBlocks(10)).toEqual(await often.deployment.recentBlocks(10));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['that does not follow the head', 12, hashOf(11, 1), 'NOT_ON_HEAD'],
    ['from below the head', 10, undefined, 'NOT_ON_HEAD'],
  ])('%s is refused', async (_, number, parentHash, code) => {
    const { deployment, lease } = await deploy(database.store, schema);
    const thing = (at: number) => modificationsOf({ things: [[1, { text: `at ${at}` }]], notes: [] }, at);
    await deployment.commitBatch(lease, [outcome(11, thing(11))]);
    const before = await deployment.dump();
    const next = outcome(number, thing(number), parentHash && { parentHash });
    await expect(deployment.commitBatch(lease, [next])).rejects.toMatchObject({ code });
    expect(await deployment.dump()).toBe(before);
    // After a gap the parent is not known, and the head itself again changes nothing.
    await deployment.commitBatch(lease, [outcome(20, thing(20))]);
    expect(await deployment.commitBatch(lease, [outcome(20, thing(20))])).toEqual({
      head: { number: 20, hash: hashOf(20) },
      rows: 0,
    });
  });

  it('of a process whose lease was taken leaves nothing', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    await deployment.commitBatch(lease, [outcome(1, [])]);
    const seized = await deployment.seizeLease('another', 600_000);
    const late = outcome(2, modificationsOf({ things: [[1, { text: 'late' }]], notes: ['late'] }, 2));
    await expect(deployment.commitBatch(lease, [late])).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await deployment.dump()).not.toContain('late');
    await deployment.commitBatch(seized, [late]);
    expect(await deployment.dump()).toContain('late');
  });

  it('whose value cannot be stored says which, as a transaction does', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    const note = { type: 'Fact', id: 1n, data: { id: 1n, note: 'once' } };
    await deployment.commitBatch(lease, [outcome(1, [note])]);
    await expect(deployment.commitBatch(lease, [outcome(2, [note])])).rejects.toMatchObject({
      code: 'IMMUTABLE_ENTITY',
      message: expect.stringContaining('Fact'),
    });
  });
});
