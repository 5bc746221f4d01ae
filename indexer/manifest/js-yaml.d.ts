// The one function we use of js-yaml, which ships no types.
declare module 'js-yaml' {
  export function dump(value: unknown, options?: { noRefs?: boolean; sortKeys?: boolean }): string;
}
