// graph-node's `_logs`: the lines a deployment's mappings logged, as they stand now, whatever block the operation reads.
import { Kind } from 'graphql';
import { QueryError } from './errors.ts';
import { invalidArgument } from './graph-node-document.ts';
import type { RootPlan, SimpleField } from './plan.ts';
import type { Answer, GuardedStatement, Row } from './read-entities.ts';
import { SqlValues } from './sql-values.ts';

/** graph-node's bounds. */
const MAX_FIRST = 1_000;
const MAX_SKIP = 10_000;
const MAX_SEARCH = 1_000;
const MAX_TIMESTAMP = 50;

/**
 * As in graph-node, which executes neighbours that read the same block together.
 *
 * @param blockOf the `block` argument of a root field, as text
 * @throws QueryError INVALID_QUERY when an operation asks for lines and for entities
 */
export function requireLogsAlone(roots: readonly RootPlan[], blockOf: (plan: RootPlan) => string): void {
  if (!roots.some(({ root }) => root.kind === 'logs')) return;
  let group = { block: '', logs: false, entities: false };
  for (const plan of roots) {
    const block = blockOf(plan);
    if (block !== group.block) group = { block, logs: false, entities: false };
    group.logs ||= plan.root.kind === 'logs';
    group.entities ||= plan.target !== undefined;
    if (group.logs && group.entities)
      throw new QueryError(
        'INVALID_QUERY',
        'The _logs query cannot be combined with other entity queries in the same request',
      );
  }
}

/** The answer of `_logs` with its coerced arguments. @throws QueryError INVALID_ARGUMENT in graph-node's words */
export async function readLogs(
  query: (statement: Pick<GuardedStatement, 'text' | 'values'>) => Promise<readonly Row[]>,
  deployment: string,
  args: Answer,
  fields: readonly SimpleField[],
): Promise<Answer[]> {
  const values = new SqlValues();
  const conditions = [`deployment = ${values.add(deployment, 'text')}`];
  if (typeof args.level === 'string')
    conditions.push(`level = ${values.add(args.level.toLowerCase(), 'text')}`);
  if (typeof args.from === 'string') conditions.push(`logged_at >= ${timestamp('from', args.from, values)}`);
  if (typeof args.to === 'string') conditions.push(`logged_at <= ${timestamp('to', args.to, values)}`);
  if (typeof args.search === 'string')
    conditions.push(`strpos(lower(text), lower(${values.add(searched(args.search), 'text')})) > 0`);
  const first = values.add(bounded('first', args.first ?? 100, MAX_FIRST), 'int4');
  const skip = values.add(bounded('skip', args.skip ?? 0, MAX_SKIP), 'int4');
  const rows = await query({
    text: `select block_number, block_hash, place, level, text, handler, data_source,
       to_char(logged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
     from indexer.log_lines where ${conditions.join(' and ')}
     order by position ${args.orderDirection === 'asc' ? 'asc' : 'desc'} limit ${first} offset ${skip}`,
    values: values.values,
  });
  return rows.map((row) => pick(fields, lineOf(deployment, row)));
}

function lineOf(deployment: string, row: Row): Answer {
  const [number, hash, place, level, text, handler, dataSource, loggedAt] = row as string[];
  const argument = (key: string, value: string | undefined): Answer => ({
    __typename: '_LogArgument_',
    key,
    value,
  });
  return {
    __typename: '_Log_',
    // The same line of the same block whenever it is indexed, and no other block's.
    id: `${deployment}-${hash}-${place}`,
    subgraphId: deployment,
    timestamp: loggedAt,
    level: level?.toUpperCase(),
    text,
    arguments: [
      argument('data_source', dataSource),
      argument('handler', handler),
      argument('block_number', number),
      argument('block_hash', hash),
    ],
    // A compiled mapping does not tell its lines; graph-node names those of its own source code.
    meta: { __typename: '_LogMeta_', module: dataSource, line: 0, column: 0 },
  };
}

function pick(fields: readonly SimpleField[], values: Answer): Answer {
  return Object.fromEntries(
    fields.map(({ key, name, fields: selected }) => {
      const value = values[name] ?? null;
      if (selected.length === 0) return [key, value];
      return [
        key,
        Array.isArray(value)
          ? value.map((item: Answer) => pick(selected, item))
          : pick(selected, value as Answer),
      ];
    }),
  );
}

const refused = (argument: string, problem: string): QueryError =>
  invalidArgument(argument, { kind: Kind.STRING, value: problem });

function bounded(argument: 'first' | 'skip', value: unknown, max: number): number {
  const number = Number(value);
  if (number < 0) throw refused(argument, `${argument} must be non-negative`);
  if (number > max) throw refused(argument, `${argument} must not exceed ${max}`);
  return number;
}

function searched(text: string): string {
  if (text === '') throw refused('search', 'Invalid search text: search text cannot be empty');
  if (Buffer.byteLength(text) > MAX_SEARCH)
    throw refused('search', 'Invalid search text: search text exceeds maximum length of 1000 characters');
  // They mean nothing special here; graph-node refuses them for the sake of its backends.
  if (/[{}[\]:"]/.test(text))
    throw refused('search', 'Invalid search text: search text contains invalid characters ({}[]:")');
  return text.replaceAll('\0', '\uFFFD');
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

function timestamp(argument: 'from' | 'to', text: string, values: SqlValues): string {
  const problem = (words: string) => refused(argument, `Invalid timestamp: ${words}`);
  if (!text.includes('T')) throw problem('must be in ISO 8601 format (e.g., 2024-01-15T10:30:00Z)');
  if (!/Z$|[+-]/.test(text)) throw problem('must include timezone (Z or offset like +00:00)');
  if (Buffer.byteLength(text) > MAX_TIMESTAMP) throw problem('timestamp exceeds maximum length');
  if (/[{};'"]/.test(text)) throw problem('timestamp contains invalid characters');
  // graph-node compares what is left as text; here it has to be a point in time.
  const milliseconds = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw problem('must be in ISO 8601 format (e.g., 2024-01-15T10:30:00Z)');
  // Lines know no more than milliseconds: from a fraction of one on they begin at the next.
  const between = argument === 'from' && /\.\d{3}\d*[1-9]/.test(text) ? 1 : 0;
  return `to_timestamp(${values.add(milliseconds + between, 'int8')} / 1000.0)`;
}
