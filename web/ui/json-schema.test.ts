import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fieldsOf, type Json, type JsonSchema, mistakesOf, sampleOf } from './json-schema.ts';

const templates = fileURLToPath(new URL('../../node/agents/templates/', import.meta.url));
const manifests = readdirSync(templates, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(templates, entry.name)).includes('agent.json'))
  .map(({ name }) => {
    const read = (path: string) => JSON.parse(readFileSync(join(templates, name, path), 'utf8'));
    const goldens = readdirSync(join(templates, name)).includes('golden')
      ? readdirSync(join(templates, name, 'golden')).map((file) => read(`golden/${file}`).input as Json)
      : [];
    return { name, schema: read('agent.json').input as JsonSchema, goldens };
  });

/** The value with one thing in it spoiled, in every place. */
function* spoiled(value: Json): Generator<Json> {
  yield null;
  yield 'spoiled';
  yield -1.5;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).slice(0, 2);
    for (const [index, item] of items.entries())
      for (const other of spoiled(item)) yield items.map((one, at) => (at === index ? other : one));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const other of spoiled(item)) yield { ...value, [key]: other };
    }
    yield { ...value, unheardOf: 1 };
  }
}

describe('mistakesOf', () => {
  // Ajv, which the platform checks inputs with, is the oracle.
  it.each(manifests)('judges inputs of $name as Ajv does', ({ schema, goldens }) => {
    const validate = new Ajv2020({ strict: false }).compile(schema as object);
    const outcomes = new Set<boolean>();
    for (const golden of goldens) {
      expect(mistakesOf(schema, golden)).toEqual([]);
      for (const value of spoiled(golden)) {
        const right = validate(value);
        outcomes.add(right);
        expect([mistakesOf(schema, value).length === 0, JSON.stringify(value).slice(0, 200)]).toEqual([
          right,
          JSON.stringify(value).slice(0, 200),
        ]);
      }
    }
    if (goldens.length > 0) expect(outcomes.has(false)).toBe(true);
  });

  it('names the place and the fix', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['sku'],
      additionalProperties: false,
      properties: {
        sku: { type: 'string', minLength: 1 },
        demand: { type: 'array', items: { type: 'number', minimum: 0 } },
      },
    };
    expect(mistakesOf(schema, { demand: [1, -2], colour: 'red' })).toEqual([
      'sku is missing',
      'demand[1] must be 0 or more',
      'colour is not known: leave it out',
    ]);
  });
});

describe('a form', () => {
  it('has a field for each property, and begins with what the schema asks for', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['level', 'count'],
      properties: {
        level: { enum: ['low', 'high'] },
        count: { type: 'integer', minimum: 3 },
        tags: { type: 'array' },
      },
    };
    expect(fieldsOf(schema)?.map(({ name, kind, required }) => [name, kind, required])).toEqual([
      ['level', 'choice', true],
      ['count', 'integer', true],
      ['tags', 'json', false],
    ]);
    expect(sampleOf(schema)).toEqual({ level: 'low', count: 3 });
    expect(fieldsOf({ type: 'array' })).toBe(null);
  });
});
