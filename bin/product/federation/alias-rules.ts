// Which aliases a deployment may have in the supergraph: those whose names can be nobody else's.
import { aliasPrefix } from '#indexer/query/face.ts';
import type { AliasRecord } from '#indexer/store/aliases.ts';
import { AiosError } from '#node/platform/errors.ts';

/** Composition's rule for names of subgraphs. */
const WELL_FORMED = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/**
 * Prefixes that would lead to names which GraphQL, Federation or graph-node's query language use themselves:
 * an entity `height` under the alias `block` would be called `Block_height`.
 */
const RESERVED = new Set(
  [
    ...['query', 'mutation', 'subscription', 'block', 'aggregation', 'orderDirection', 'meta', 'logs', 'log'],
    ...['join', 'link', 'core', 'federation', 'entity', 'entities', 'service', 'any', 'subgraphErrorPolicy'],
  ].map((word) => word.toLowerCase()),
);

/**
 * The prefix of an alias that `name` may have.
 * @param members names of the supergraph's own subgraphs
 * @throws AiosError `ALIAS_INVALID`, `ALIAS_RESERVED`, `ALIAS_TAKEN`
 */
export function checkAlias(
  alias: string,
  name: string,
  taken: readonly Pick<AliasRecord, 'alias' | 'prefix' | 'name'>[],
  members: readonly string[],
): string {
  if (!WELL_FORMED.test(alias)) {
    throw new AiosError(
      'ALIAS_INVALID',
      `"${alias}" cannot be an alias: take a letter followed by at most 62 letters, digits, "-" or "_".`,
    );
  }
  const { field } = aliasPrefix(alias);
  const same = (word: string) => aliasPrefix(word).field.toLowerCase() === field.toLowerCase();
  const member = members.find(same);
  if (member !== undefined || RESERVED.has(field.toLowerCase())) {
    throw new AiosError(
      'ALIAS_RESERVED',
      member === undefined
        ? `"${alias}" would give names that GraphQL or the query language need for themselves: take another alias.`
        : `"${alias}" would give names of the supergraph's own subgraph ${member}: take another alias.`,
    );
  }
  // Types and fields differ in their first letter's case only, so two prefixes that differ in case alone are too alike to tell apart.
  const other = taken.find(
    (record) => same(record.alias) && (record.alias !== alias || record.name !== name),
  );
  if (other) {
    throw new AiosError(
      'ALIAS_TAKEN',
      `"${alias}" would give the names of "${other.alias}", under which ${other.name} stands (${other.prefix}_…): take another alias, or free that one with: aios subgraph unfederate ${other.name} --alias ${other.alias}`,
    );
  }
  return field;
}
