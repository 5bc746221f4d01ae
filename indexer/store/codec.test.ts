import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import type { EntityData, Value } from '#indexer/model.ts';
import { decodeContext, decodeCopyRow, encodeContext, encodeRow, idOfText, idText } from './codec.ts';
import { layoutOf, tableFor } from './layout.ts';

const layout = layoutOf(
  parseEntitySchema(/* GraphQL */ `
    type Thing @entity(immutable: false) {
      id: Bytes!
      text: String
      texts: [String!]
      count: Int
      long: Int8
      when: Timestamp
      amount: BigInt
      price: BigDecimal
      prices: [BigDecimal!]
      flag: Boolean
      data: Bytes
      datas: [Bytes!]
    }
  `),
  1,
);

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 40 });
const decimal = fc
  .record({ digits: fc.bigInt(), exp: fc.integer({ min: -40, max: 40 }) })
  .map(({ digits, exp }): Value => (digits === 0n ? { digits: 0n, exp: 0 } : { digits, exp }));
const list = (item: fc.Arbitrary<Value>) => fc.array(item, { maxLength: 4 });

test('a row as COPY takes it reads back as the entity it was made of', () => {
  const table = tableFor(layout, 'Thing');
  const entity = fc.record(
    {
      text,
      texts: list(text),
      count: fc.integer(),
      long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      when: fc.bigInt({ min: -62_000_000_000_000_000n * 2n, max: 8_000_000_000_000_000_000n }),
      amount: fc.bigInt(),
      price: decimal,
      prices: list(decimal),
      flag: fc.boolean(),
      data: bytes,
      datas: list(bytes),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(bytes, entity, (id, fields) => {
      const data = { id, ...fields } as EntityData;
      expect(decodeCopyRow(table, encodeRow(table, id, data))).toEqual(data);
      expect(idOfText(table, idText(id))).toEqual(id);
    }),
    { numRuns: 500 },
  );
});

test('a context keeps the kinds that no schema tells apart', () => {
  const context = {
    big: 5n,
    int8: { digits: 5n, exp: 0, long: 'Int8' },
    when: { digits: -(2n ** 63n), exp: 0, long: 'Timestamp' },
    list: [{ digits: 1n, exp: 0, long: 'Int8' }, 'x'],
    price: { digits: 5n, exp: -1 },
  } as unknown as EntityData;
  const json = encodeContext(context);
  expect(decodeContext(JSON.parse(JSON.stringify(json)))).toEqual(context);
});
