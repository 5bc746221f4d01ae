// The JSON Schemas of an agent's input and output, which strangers write: bounded in size, depth and time, and closed to the outside.
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import { withinTime } from './within-time.ts';

export const SCHEMA_LIMITS = { bytes: 64 << 10, depth: 32, compileMs: 5_000, checkMs: 250 } as const;
/** Mistakes of a value that are told. */
const TOLD = 5;

/** Keys whose values point elsewhere; they may point within the schema only. */
const REFERENCES = new Set(['$ref', '$dynamicRef', '$recursiveRef']);
/** Keys that give a schema another address, against which references would be resolved. */
const ADDRESSES = new Set(['$id', 'id', '$schema', '$vocabulary', '$async']);
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

function refuse(field: string, message: string): never {
  throw new AiosError('SCHEMA_INVALID', `${field}: ${message}`, { details: { field } });
}

function checkShape(field: string, node: Json, depth: number): void {
  if (depth > SCHEMA_LIMITS.depth)
    refuse(field, `a schema nests at most ${SCHEMA_LIMITS.depth} levels: use $defs`);
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const [index, item] of (node as readonly Json[]).entries())
      checkShape(`${field}[${index}]`, item, depth + 1);
    return;
  }
  for (const [key, value] of Object.entries(node as Readonly<Record<string, Json>>)) {
    const at = `${field}.${key}`;
    if (key === '__proto__') refuse(at, 'no key has this name: rename it');
    if (REFERENCES.has(key) && typeof value === 'string' && !value.startsWith('#'))
      refuse(
        at,
        `${JSON.stringify(value.slice(0, 80))} is not in this schema: copy it into $defs and refer to "#/$defs/…"`,
      );
    if (
      ADDRESSES.has(key) &&
      typeof value === 'string' &&
      !(key === '$schema' && value.replace(/#$/, '') === DIALECT)
    )
      refuse(at, `leave ${key} out: schemas are JSON Schema 2020-12 and have no address`);
    checkShape(at, value, depth + 1);
  }
}

/** Checks values against one schema. */
export interface ValueSchema {
  readonly schema: Json;
  /** Mistakes in words, each with its place; empty when the value is right. @throws AiosError `SCHEMA_TOO_SLOW` */
  mistakesOf(value: Json): readonly string[];
}

/**
 * Compiles a schema (JSON Schema 2020-12).
 *
 * @param field where it is written, such as `agent.json: input`
 * @throws AiosError `SCHEMA_INVALID` naming field and fix
 */
export function compileSchema(field: string, schema: Json): ValueSchema {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    refuse(field, 'a schema is an object, such as { "type": "object" }');
  checkShape(field, schema, 0);
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > SCHEMA_LIMITS.bytes) refuse(field, `it has ${bytes} bytes, ${SCHEMA_LIMITS.bytes} are allowed`);
  let compiled: { readonly value: ValidateFunction } | undefined;
  try {
    compiled = withinTime(SCHEMA_LIMITS.compileMs, () => {
      const ajv = new Ajv2020({
        allErrors: false,
        strict: true,
        strictTypes: false,
        strictRequired: false,
        logger: false,
      });
      ajvFormats.default(ajv, { mode: 'fast' });
      return ajv.compile(structuredClone(schema) as object);
    });
  } catch (error) {
    refuse(field, `${messageOf(error)} (JSON Schema 2020-12)`);
  }
  if (compiled === undefined)
    refuse(field, `it takes longer than ${SCHEMA_LIMITS.compileMs} ms to read: simplify it`);
  const validate = compiled.value;
  return {
    schema,
    mistakesOf(value) {
      let valid: { readonly value: boolean } | undefined;
      try {
        valid = withinTime(SCHEMA_LIMITS.checkMs, () => validate(value) as boolean);
      } catch (error) {
        // A schema that refers to itself without an end.
        if (!(error instanceof RangeError)) throw error;
      }
      if (valid === undefined) {
        throw new AiosError(
          'SCHEMA_TOO_SLOW',
          `${field}: checking a value takes longer than ${SCHEMA_LIMITS.checkMs} ms: simplify patterns and references`,
        );
      }
      if (valid.value) return [];
      return (validate.errors ?? [])
        .slice(0, TOLD)
        .map(({ instancePath, message }) => `${instancePath || 'the value'} ${message ?? 'is wrong'}`);
    },
  };
}
