// A result that many subscribers receive: serialised once, whoever sends it.
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';

const serialised = new WeakMap<object, string>();

export interface SharedResult {
  readonly result: ExecutionResult;
  readonly json: string;
}

/** Fixes the JSON of a result. The result also answers to yoga's `stringify`, so that event streams share it too. */
export function shareResult(source: ExecutionResult): SharedResult {
  const errors = source.errors?.map((error): GraphQLFormattedError => {
    const { extensions, ...rest } = error.toJSON();
    const { http: _http, unexpected: _unexpected, ...shown } = extensions ?? {};
    return Object.keys(shown).length > 0 ? { ...rest, extensions: shown } : rest;
  });
  const json = JSON.stringify({
    ...(errors && { errors }),
    ...(source.data !== undefined && { data: source.data }),
  });
  const result: ExecutionResult = {
    ...(source.errors && { errors: source.errors }),
    ...(source.data !== undefined && { data: source.data }),
  };
  Object.defineProperty(result, 'stringify', { value: () => json, enumerable: false });
  serialised.set(result, json);
  return { result, json };
}

/** The JSON of a shared result; undefined for any other. */
export function sharedJson(result: object): string | undefined {
  return serialised.get(result);
}
