// Handlers that failed while their blocks were kept (`nonFatalErrors`): recorded with their block, forgotten when it is undone.
import type { DeterministicFailure } from '#indexer/model.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';

/** Records errors of blocks that are being committed. */
export async function insertErrors(
  client: Queryable,
  deployment: string,
  errors: readonly DeterministicFailure[],
): Promise<void> {
  if (errors.length === 0) return;
  await client.query(
    `insert into indexer.errors (deployment, message, handler, block_number, block_hash)
     select $1, * from unnest($2::text[], $3::text[], $4::int4[], $5::text[])`,
    [
      deployment,
      // A mapping's message may hold anything; text in PostgreSQL holds no zero characters.
      errors.map(({ message }) => message.replaceAll('\0', '\uFFFD')),
      errors.map(({ handler }) => handler),
      errors.map(({ block }) => block.number),
      errors.map(({ block }) => block.hash),
    ],
  );
  await client.query(
    'update indexer.deployments set first_error_block = least(first_error_block, $2) where id = $1',
    [deployment, Math.min(...errors.map(({ block }) => block.number))],
  );
}

/** Forgets errors of undone blocks, a failure that stops the deployment excepted. */
export async function deleteErrorsAfter(client: Queryable, deployment: string, block: number): Promise<void> {
  const { rowCount } = await client.query(
    'delete from indexer.errors where deployment = $1 and block_number > $2',
    [deployment, block],
  );
  if (rowCount === 0) return;
  await client.query(
    `update indexer.deployments set first_error_block =
       least((select min(block_number) from indexer.errors where deployment = $1), (failure->'block'->>'number')::int)
     where id = $1`,
    [deployment],
  );
}

/** The errors of a deployment, oldest first, at most `limit`. */
export async function listErrors(
  db: Queryable,
  deployment: string,
  limit: number,
): Promise<DeterministicFailure[]> {
  const { rows } = await db.query<{
    message: string;
    handler: string;
    block_number: number;
    block_hash: string;
  }>(
    `select message, handler, block_number, block_hash from indexer.errors where deployment = $1
     order by block_number, id limit $2`,
    [deployment, limit],
  );
  return rows.map((row) => ({
    message: row.message,
    handler: row.handler,
    block: { number: row.block_number, hash: row.block_hash },
  }));
}
