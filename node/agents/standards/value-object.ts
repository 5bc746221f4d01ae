// Other protocols hand objects over where an agent may take or give any value: what is no object by its schema travels as one attribute.
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import type { JsonObject } from './supergraph-agents.ts';

/** An agent's schema as an object's, with the ways there and back. */
export interface ValueObject {
  /** JSON Schema 2020-12 whose root has type object. */
  readonly schema: JsonObject & { readonly type: 'object' };
  toObject(value: Json): JsonObject;
  /** @throws AiosError INPUT_INVALID when the one attribute is missing beside others */
  toValue(object: JsonObject): Json;
}

/** `attribute`: under which name a value travels that is no object. */
export function valueObject(schema: JsonObject | undefined, attribute: string): ValueObject {
  const { $schema: _dialect, ...rest } = schema ?? {};
  if (rest.type === 'object')
    return {
      schema: { ...rest, type: 'object' },
      toObject: (value) => value as JsonObject,
      toValue: (object) => object,
    };
  return {
    schema: {
      type: 'object',
      properties: { [attribute]: moved(rest, `#/properties/${attribute}`) as JsonObject },
      additionalProperties: false,
    },
    toObject: (value) => ({ [attribute]: value }),
    toValue(object) {
      const other = Object.keys(object).find((key) => key !== attribute);
      if (other !== undefined)
        throw new AiosError(
          'INPUT_INVALID',
          `${JSON.stringify(other.slice(0, 80))} is not known: give what the agent takes as ${attribute}.`,
        );
      return object[attribute] ?? null;
    },
  };
}

/** The schema at another place: references within it point where it is now. */
function moved(node: Json, to: string): Json {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map((item) => moved(item, to));
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && (value === '#' || value.startsWith('#/'))
        ? `${to}${value.slice(1)}`
        : moved(value, to),
    ]),
  );
}
