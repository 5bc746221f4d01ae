// A wrapped schema accepts exactly the wrapped values that the schema itself accepts.
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './supergraph-agents.ts';
import { valueObject } from './value-object.ts';

const accepts = (schema: object) => {
  const validate = new Ajv2020({ strict: false }).compile(structuredClone(schema));
  return (value: unknown) => validate(value) as boolean;
};
const schemas: readonly JsonObject[] = [
  {},
  { type: 'string', maxLength: 3 },
  { type: ['object', 'null'], required: ['a'] },
  { $ref: '#/$defs/tree', $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } } },
  { anyOf: [{ type: 'number' }, { type: 'array', items: { $ref: '#' } }] },
  { $defs: { n: { $anchor: 'n', type: 'integer' } }, items: { $ref: '#n' } },
];

describe('valueObject', () => {
  it.each(schemas)('wraps %j', (schema) => {
    const wrapped = valueObject(schema, 'input');
    const [bare, within] = [accepts(schema), accepts(wrapped.schema)];
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const object = wrapped.toObject(value as never);
        expect(within(object)).toBe(bare(value));
        expect(wrapped.toValue(object)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves objects as they are, and lets nothing else in beside the attribute', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {},
    };
    const plain = valueObject(schema, 'input');
    expect(plain.schema).toEqual({ type: 'object', properties: {} });
    expect(plain.toValue({ input: 1 })).toEqual({ input: 1 });
    const wrapped = valueObject(undefined, 'input');
    expect(wrapped.toValue({})).toBeNull();
    expect(() => wrapped.toValue({ inptu: 1 })).toThrow(/"inptu" is not known/);
  });
});
