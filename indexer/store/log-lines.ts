// The lines that mappings log: written with their block, taken back with it, the newest of each deployment kept.
import type { BlockOutcome } from '#indexer/model.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';

/**
 * Some five times what `_logs` can page through, and at most 100 MB of text a deployment. Lines of the usual length are searched in
 * some tens of milliseconds, the longest possible in about a second. Whoever lowers it deletes the surplus in a migration.
 */
export const LINES_KEPT = 50_000;

/** Adds the lines of blocks that are being committed, and lets go of as many of the oldest. The deployment's row is locked. */
export async function insertLines(
  client: Queryable,
  deployment: string,
  outcomes: readonly BlockOutcome[],
  kept: number = LINES_KEPT,
): Promise<void> {
  const lines: Line[] = [];
  for (const { block, lines: logged } of outcomes) {
    if (!logged) continue;
    for (const [place, line] of logged.entries()) lines.push({ ...line, block, place });
  }
  if (lines.length === 0) return;
  // Below what is kept before there is nothing any more: looking for the first line would wade through all the deleted ones.
  await client.query(
    `with inserted as (
       insert into indexer.log_lines
         (deployment, position, block_number, block_hash, place, level, text, handler, data_source, logged_at)
       select $1, coalesce((select max(position) from indexer.log_lines where deployment = $1), 0) + line.ordinality,
         line.number, line.hash, line.place, line.level, line.text, line.handler, line.source, to_timestamp(line.at / 1000.0)
       from unnest($2::int4[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int8[])
         with ordinality as line(number, hash, place, level, text, handler, source, at)
       returning position)
     delete from indexer.log_lines where deployment = $1
       and position <= (select max(position) from inserted) - $10::int8
       and position >= (select min(position) from inserted) - $10::int8`,
    [deployment, ...columnsOf(lines.slice(-kept)), kept],
  );
}

type Line = NonNullable<BlockOutcome['lines']>[number] & {
  readonly block: BlockOutcome['block'];
  readonly place: number;
};

function columnsOf(lines: readonly Line[]): unknown[][] {
  return [
    lines.map(({ block }) => block.number),
    lines.map(({ block }) => block.hash),
    lines.map(({ place }) => place),
    lines.map(({ level }) => level),
    // A mapping's text may hold anything; text in PostgreSQL holds no zero characters.
    lines.map(({ text }) => text.replaceAll('\0', '\uFFFD')),
    lines.map(({ handler }) => handler),
    lines.map(({ dataSource }) => dataSource),
    lines.map(({ loggedAt }) => loggedAt),
  ];
}

/** Forgets all lines of a deployment that is removed; nobody can write any more. */
export async function deleteLines(client: Queryable, deployment: string): Promise<void> {
  await client.query('delete from indexer.log_lines where deployment = $1', [deployment]);
}

/** Forgets lines of undone blocks. Positions rise with blocks, so that only those lines are looked at. */
export async function deleteLinesAfter(client: Queryable, deployment: string, block: number): Promise<void> {
  await client.query(
    `delete from indexer.log_lines where deployment = $1 and position > coalesce(
       (select position from indexer.log_lines where deployment = $1 and block_number <= $2
        order by position desc limit 1), 0)`,
    [deployment, block],
  );
}
