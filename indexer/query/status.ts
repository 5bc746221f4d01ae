import { findDeployment } from '#indexer/store/deployments.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';
import type { Face } from './face.ts';
import type { SimpleField } from './plan.ts';
import type { ReadBlock } from './read-block.ts';
import type { Answer } from './read-entities.ts';

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
