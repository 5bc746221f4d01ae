// What can go wrong with a query, in graph-node's words where it has words for it, and with codes for programs.
import { type ASTNode, GraphQLError } from 'graphql';

/** Codes of errors that a caller may want to tell apart (`extensions.code`). */
export type QueryErrorCode =
  | 'BAD_ARGUMENT'
  | 'INVALID_ARGUMENT'
  | 'INVALID_QUERY'
  | 'BLOCK_NOT_INDEXED'
  | 'BLOCK_NOT_KEPT'
  | 'BLOCK_REORGED'
  | 'NOT_SYNCED'
  | 'NULL_FOR_NON_NULL'
  | 'AMBIGUOUS_DERIVED'
  | 'INDEXING_ERROR'
  | 'QUERY_TOO_LARGE'
  | 'NOT_SUPPORTED';

/** A GraphQL error with a code. `retryable` says that the same query may succeed at once. */
export class QueryError extends GraphQLError {
  readonly code: QueryErrorCode;

  constructor(
    code: QueryErrorCode,
    message: string,
    options: {
      readonly nodes?: ASTNode;
      readonly path?: readonly (string | number)[];
      readonly retryable?: boolean;
    } = {},
  ) {
    super(message, {
      nodes: options.nodes,
      path: options.path,
      extensions: { code, ...(options.retryable ? { retryable: true } : {}) },
    });
    this.name = 'QueryError';
    this.code = code;
  }
}

/** `first` or `skip` out of bounds. */
export function rangeError(argument: 'first' | 'skip', max: number, actual: number): QueryError {
  return new QueryError(
    'BAD_ARGUMENT',
    `The \`${argument}\` argument must be between 0 and ${max}, but is ${actual}`,
  );
}

/** A value that is not one of its scalar. */
export function valueParseError(type: string, problem: string): QueryError {
  return new QueryError('BAD_ARGUMENT', `Failed to decode \`${type}\` value: \`${problem}\``);
}

/** An operator that makes no sense with the value, such as `gt: null`. */
export function unsupportedFilter(operator: string, value: string): QueryError {
  return new QueryError(
    'BAD_ARGUMENT',
    `Store error: unsupported filter \`${operator}\` for value \`${value}\``,
  );
}

/** Conditions beside `or`, which graph-node refuses because users expect them to be part of each alternative. */
export function mixedOr(columns: readonly string[]): QueryError {
  const list = columns.map((name) => `'${name}'`).join(', ');
  return new QueryError(
    'BAD_ARGUMENT',
    `Cannot mix column filters with 'or' operator at the same level. Found column filter(s) ${list} alongside 'or' operator.\n\n` +
      `Instead of:\nwhere: { ${list}, or: [...] }\n\nUse:\nwhere: { or: [{ ${list}, ... }, { ${list}, ... }] }`,
  );
}

/** A full-text query that PostgreSQL cannot read. */
export function invalidSearch(problem: string): QueryError {
  return new QueryError(
    'BAD_ARGUMENT',
    `Invalid fulltext search query syntax. Error: ${problem}. Hint: Search terms with spaces need to be enclosed in single quotes`,
  );
}

export function notYetIndexed(
  deployment: string,
  head: number,
  wanted: number,
  argument: string,
): QueryError {
  return new QueryError(
    'BLOCK_NOT_INDEXED',
    `Failed to decode \`${argument}\` value: \`subgraph ${deployment} has only indexed up to block number ${head} ` +
      `and data for block number ${wanted} is therefore not yet available\``,
    { retryable: true },
  );
}

/** The history of the block was pruned, or the deployment began after it. */
export function notKept(deployment: string, earliest: number, wanted: number): QueryError {
  return new QueryError(
    'BLOCK_NOT_KEPT',
    `Failed to decode \`block.number\` value: \`subgraph ${deployment} only has data starting at block number ${earliest} ` +
      `and data for block number ${wanted} is therefore not available\``,
  );
}

/** Something went wrong in the data at the block that is read. */
export function indexingError(): QueryError {
  return new QueryError('INDEXING_ERROR', 'indexing_error');
}

export function unknownBlockHash(): QueryError {
  return new QueryError(
    'BLOCK_NOT_INDEXED',
    'Failed to decode `block.hash` value: `no block with that hash found`',
  );
}

export function notStarted(deployment: string): QueryError {
  return new QueryError(
    'NOT_SYNCED',
    `Subgraph \`${deployment}\` has not started syncing yet. Wait for it to ingest a few blocks before querying it`,
    { retryable: true },
  );
}

/** The block that the operation reads has left the chain while it was reading. */
export function blockReorged(deployment: string, number: number): QueryError {
  return new QueryError(
    'BLOCK_REORGED',
    `the chain was reorganized while executing the query: block ${number} of ${deployment} was replaced. Run the query again`,
    { retryable: true },
  );
}
