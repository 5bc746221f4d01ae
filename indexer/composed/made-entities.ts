// Reads what deployments made, in the order they made it: straight from their tables, in one snapshot of all of them.
import type pg from 'pg';
import type { EntityData } from '../model.ts';
import { decodeRow, selectList, textTypes } from '../store/codec.ts';
import { firstVidAfter, tableFor } from '../store/layout.ts';
import type { ReadSubgraph } from './composed-source.ts';

export interface MadeEntity {
  readonly block: number;
  readonly dataSource: number;
  readonly type: string;
  readonly data: EntityData;
}

export interface MadeEntities {
  /** By block; in a block by data source, and in each as they were made. */
  readonly entities: readonly MadeEntity[];
  /** Hashes of blocks in the range, as the deployments have them. */
  readonly hashes: ReadonlyMap<number, string>;
  /** False when there are more: what is there then ends with a whole block. */
  readonly complete: boolean;
}

interface Row extends MadeEntity {
  readonly vid: bigint;
}

/**
 * Entities that were made from block `from` to block `to`, by the handlers of the chain. They are immutable, so that each has one
 * version, whose `vid` tells block and order.
 */
export async function readMadeEntities(
  pool: pg.Pool,
  subgraphs: readonly ReadSubgraph[],
  from: number,
  to: number,
  limit: number,
): Promise<MadeEntities> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read read only');
    const rows: Row[] = [];
    const hashes = new Map<number, string>();
    let last = to;
    for (const subgraph of subgraphs)
      for (const type of subgraph.entities) {
        const read = await readTable(client, subgraph, type, from, last, limit);
        rows.push(...read.rows);
        last = Math.min(last, read.last);
      }
    for (const { deployment } of subgraphs) {
      const { rows: blocks } = await client.query<{ number: number; hash: string }>(
        'select number, hash from indexer.blocks where deployment = $1 and number >= $2 and number <= $3',
        [deployment.id, from, last],
      );
      for (const { number, hash } of blocks) hashes.set(number, hash);
    }
    await client.query('commit');
    const entities = rows
      .filter((row) => row.block <= last)
      .sort(
        (one, other) =>
          one.block - other.block ||
          one.dataSource - other.dataSource ||
          (one.vid < other.vid ? -1 : one.vid > other.vid ? 1 : 0),
      );
    return { entities, hashes, complete: last === to };
  } catch (error) {
    broken = error as Error;
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function readTable(
  client: pg.ClientBase,
  { deployment, dataSource }: ReadSubgraph,
  type: string,
  from: number,
  to: number,
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly last: number }> {
  const table = tableFor(deployment.layout, type);
  const chainOnly = table.hasRegion ? ' and row.causality_region = 0' : '';
  const select = async (first: number, last: number, most: number | null): Promise<Row[]> => {
    const { rows } = await client.query<(string | null)[]>({
      text:
        `select row.vid, row.block$, ${selectList(table, 'row')} from ${table.qualified} row ` +
        `where row.vid >= $1 and row.vid < $2${chainOnly} order by row.vid limit $3`,
      values: [firstVidAfter(first - 1), firstVidAfter(last), most],
      rowMode: 'array',
      types: textTypes,
    });
    return rows.map((row) => ({
      vid: BigInt(row[0] as string),
      block: Number(row[1]),
      dataSource,
      type,
      data: decodeRow(table, row, 2),
    }));
  };
  const rows = await select(from, to, limit);
  const end = rows.at(-1)?.block;
  if (rows.length < limit || end === undefined || end === to) {
    // A block is read whole, however much is in it.
    if (rows.length < limit || end === undefined) return { rows, last: to };
    return { rows: [...rows.filter((row) => row.block < end), ...(await select(end, end, null))], last: to };
  }
  return { rows: [...rows.filter((row) => row.block < end), ...(await select(end, end, null))], last: end };
}
