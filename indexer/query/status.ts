// How far a deployment is indexed and whether it is well: what `_meta` answers, and graph-node's `indexingStatuses`.
import type { DeterministicFailure } from '#indexer/model.ts';
import { type DeploymentRecord, findDeployment, listDeployments } from '#indexer/store/deployments.ts';
import { listErrors } from '#indexer/store/errors.ts';
import type { Queryable } from '#indexer/store/transaction.ts';
import type { Face } from './face.ts';
import type { SimpleField } from './plan.ts';
import type { ReadBlock } from './read-block.ts';
import type { Answer } from './read-entities.ts';

/** A block as graph-node's status API writes it: numbers in decimal strings. */
export interface StatusBlock {
  readonly number: string;
  readonly hash: string;
}

/** Something that went wrong, as the status API writes it. */
export interface StatusError {
  readonly message: string;
  readonly block: StatusBlock | null;
  readonly handler: string | null;
  readonly deterministic: boolean;
}

/** One deployment as graph-node's `indexingStatuses` has it. */
export interface IndexingStatus {
  readonly subgraph: string;
  readonly synced: boolean;
  readonly health: 'healthy' | 'unhealthy' | 'failed';
  readonly fatalError: StatusError | null;
  readonly nonFatalErrors: readonly StatusError[];
  readonly chains: readonly {
    readonly network: string;
    readonly chainHeadBlock: StatusBlock | null;
    readonly latestBlock: StatusBlock | null;
  }[];
  readonly paused: boolean;
}

/**
 * The state of all deployments, or of those named.
 *
 * @param chainHead the newest block of a chain as its source sees it, where known
 */
export async function indexingStatuses(
  db: Queryable,
  options: {
    readonly deployments?: readonly string[];
    readonly chainHead?: (chain: string) => { readonly number: number; readonly hash: string } | undefined;
  } = {},
): Promise<IndexingStatus[]> {
  const wanted = options.deployments && new Set(options.deployments);
  const records = await listDeployments(db);
  return Promise.all(
    records
      .filter(({ id }) => wanted === undefined || wanted.has(id))
      .map(async (record) => {
        const errors =
          record.firstErrorBlock === null ? [] : await listErrors(db, record.id, MAX_ERRORS_SHOWN);
        return statusOf(record, errors, options.chainHead?.(record.chain));
      }),
  );
}

const MAX_ERRORS_SHOWN = 100;

function statusOf(
  record: DeploymentRecord,
  errors: readonly DeterministicFailure[],
  chainHead: { readonly number: number; readonly hash: string } | undefined,
): IndexingStatus {
  const block = (pointer: { readonly number: number; readonly hash: string } | null | undefined) =>
    pointer ? { number: String(pointer.number), hash: pointer.hash } : null;
  const { failure } = record;
  return {
    subgraph: record.id,
    synced: record.syncedAt !== null,
    health: failure !== null ? 'failed' : errors.length > 0 ? 'unhealthy' : 'healthy',
    fatalError: failure && {
      message: failure.message,
      block: block(failure.block),
      handler: failure.handler ?? null,
      deterministic: true,
    },
    nonFatalErrors: errors.map((error) => ({
      message: error.message,
      block: block(error.block),
      handler: error.handler,
      deterministic: true,
    })),
    chains: [{ network: record.chain, chainHeadBlock: block(chainHead), latestBlock: block(record.head) }],
    paused: record.status === 'paused',
  };
}

/** True when indexing went wrong at or before a block. */
export function hasErrorsAt(firstErrorBlock: number | null, block: number): boolean {
  return firstErrorBlock !== null && firstErrorBlock <= block;
}

/** The answer of `_meta` at a block. */
export async function readMeta(
  db: Queryable,
  face: Face,
  deployment: string,
  block: ReadBlock,
  fields: readonly SimpleField[],
): Promise<Answer> {
  const record = asks(fields, 'hasIndexingErrors') ? await findDeployment(db, deployment) : undefined;
  const blockFields = fields.filter(({ name }) => name === 'block').flatMap((field) => field.fields);
  const details =
    block.hash !== null && (asks(blockFields, 'timestamp') || asks(blockFields, 'parentHash'))
      ? await blockDetails(db, deployment, block.number, block.hash)
      : undefined;
  const blockAnswer = (selected: readonly SimpleField[]): Answer =>
    pick(selected, {
      __typename: face.names.blockType,
      hash: block.hash,
      number: block.number,
      timestamp: details ? Number(details.timestamp) : null,
      parentHash: details?.parent_hash ?? null,
    });
  const answer: Answer = {};
  for (const field of fields) {
    switch (field.name) {
      case 'block':
        answer[field.key] = blockAnswer(field.fields);
        break;
      case 'deployment':
        answer[field.key] = deployment;
        break;
      case 'hasIndexingErrors':
        answer[field.key] = hasErrorsAt(record?.firstErrorBlock ?? null, block.number);
        break;
      default:
        answer[field.key] = face.names.metaType;
    }
  }
  return answer;
}

const asks = (fields: readonly SimpleField[], name: string): boolean =>
  fields.some((field) => field.name === name);

function pick(fields: readonly SimpleField[], values: Answer): Answer {
  return Object.fromEntries(fields.map(({ key, name }) => [key, values[name] ?? null]));
}

async function blockDetails(
  db: Queryable,
  deployment: string,
  number: number,
  hash: string,
): Promise<{ parent_hash: string; timestamp: string } | undefined> {
  const { rows } = await db.query<{ parent_hash: string; timestamp: string }>(
    'select parent_hash, timestamp from indexer.blocks where deployment = $1 and number = $2 and hash = $3',
    [deployment, number, hash],
  );
  return rows[0];
}
