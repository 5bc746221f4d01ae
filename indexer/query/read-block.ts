// Which block a root field reads: the operation's read point, or the one its `block` argument names.

import { Kind, type ObjectValueNode } from 'graphql';
import { BLOCK_RETENTION } from '#indexer/store/writer.ts';
import type { BlockPointer, ReadPoint } from '#node/platform/operation.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';
import {
  blockReorged,
  notKept,
  notStarted,
  notYetIndexed,
  type QueryError,
  unknownBlockHash,
} from './errors.ts';
import { invalidArgument } from './graph-node-document.ts';
import type { SqlValues } from './sql-values.ts';

/** A block to read, and the block whose disappearance would make the answer wrong. */
export interface ReadBlock {
  readonly number: number;
  /** Null when the block was asked for by number: graph-node's `_meta` leaves it out then. */
  readonly hash: string | null;
  readonly guard: BlockPointer;
  /** Read as the newest block that is stored, which lets PostgreSQL look at current versions only; the guard sees to it that it is. */
  readonly newest?: boolean;
}

/** A coerced `block` argument. */
type BlockArgument = { readonly hash?: unknown; readonly number?: unknown; readonly number_gte?: unknown };

/** Finds the blocks that one operation reads in one deployment. */
export class BlockResolver {
  readonly #db: Queryable;
  readonly #deployment: string;
  readonly #readPoint: ReadPoint;

  constructor(db: Queryable, deployment: string, readPoint: ReadPoint) {
    this.#db = db;
    this.#deployment = deployment;
    this.#readPoint = readPoint;
  }

  /**
   * The block for a `block` argument.
   * @throws QueryError NOT_SYNCED before the first block, BLOCK_NOT_INDEXED beyond the head or for an unknown hash
   */
  async resolve(argument: unknown): Promise<ReadBlock> {
    const pinned = await this.#readPoint.at(this.#deployment);
    if (pinned === undefined) throw notStarted(this.#deployment);
    if (argument === undefined || argument === null) return { ...pinned, guard: pinned };
    const { hash, number, number_gte: least } = argument as BlockArgument;
    if (typeof hash === 'string') return this.#byHash(hash.toLowerCase());
    if (typeof number === 'number') {
      const head = await this.#reaching(pinned, number, 'block.number');
      return { number, hash: null, guard: head };
    }
    if (typeof least === 'number') {
      const head = await this.#reaching(pinned, least, 'block.number_gte');
      return { ...head, guard: head };
    }
    throw invalidArgument('block', { kind: Kind.OBJECT, fields: [] });
  }

  /** The pinned head where it is far enough; else the newest, so that a writer can wait for its own block. */
  async #reaching(pinned: BlockPointer, wanted: number, argument: string): Promise<BlockPointer> {
    if (pinned.number >= wanted) return pinned;
    const head = (await currentHead(this.#db, this.#deployment)) ?? pinned;
    if (head.number < wanted) throw notYetIndexed(this.#deployment, head.number, wanted, argument);
    return head;
  }

  /** For what no guarded statement reads. @throws QueryError BLOCK_NOT_KEPT */
  async requireKept(block: ReadBlock): Promise<void> {
    const error = await guardError(this.#db, this.#deployment, block);
    if (error.code === 'BLOCK_NOT_KEPT') throw error;
  }

  async #byHash(hash: string): Promise<ReadBlock> {
    const full = hash.startsWith('0x') ? hash : `0x${hash}`;
    if (!/^0x([0-9a-f]{2})*$/.test(full)) throw invalidArgument('block', hashArgument(hash));
    const { rows } = await this.#db.query<{ number: number }>(
      'select number from indexer.blocks where deployment = $1 and hash = $2',
      [this.#deployment, full],
    );
    const number = rows[0]?.number;
    if (number === undefined) throw unknownBlockHash();
    return { number, hash: full, guard: { number, hash: full } };
  }
}

function hashArgument(hash: string): ObjectValueNode {
  const name = { kind: Kind.NAME, value: 'hash' } as const;
  const field = { kind: Kind.OBJECT_FIELD, name, value: { kind: Kind.STRING, value: hash } } as const;
  return { kind: Kind.OBJECT, fields: [field] };
}

async function currentHead(db: Queryable, deployment: string): Promise<BlockPointer | undefined> {
  const { rows } = await db.query<{ number: number; hash: string }>(
    'select head_number as number, head_hash as hash from indexer.deployments where id = $1 and head_number is not null',
    [deployment],
  );
  return rows[0];
}

/**
 * SQL that is true while `block` is part of the chain as the deployment has it, evaluated in the statement that reads: versions
 * at a block never change while the block stays, so every statement that finds it true has read the same state. Null when it stands
 * with indexing errors, at or before the block that is read; false too when that block's history is kept no longer.
 */
export function guardSql(deployment: string, block: ReadBlock): (values: SqlValues) => string {
  return (values) => {
    const number = values.add(block.guard.number, 'int4');
    const hash = values.add(block.guard.hash, 'text');
    const from = `from indexer.deployments d where d.id = ${values.add(deployment, 'text')}`;
    if (block.newest) {
      const stands = `d.head_number = ${number} and d.head_hash = ${hash}`;
      return `select case when not (${stands}) then false when ${number} >= d.first_error_block then null else true end ${from}`;
    }
    const read = block.number === block.guard.number ? number : values.add(block.number, 'int4');
    // Blocks are remembered for a while; one that is missing among the remembered has been reverted.
    return `select case when ${read} < d.earliest_block or not case when d.head_number = ${number} then d.head_hash = ${hash}
      when d.head_number > ${number} then coalesce(
        (select b.hash = ${hash} from indexer.blocks b where b.deployment = d.id and b.number = ${number}),
        ${number} <= d.head_number - ${BLOCK_RETENTION})
      else false end then false when ${read} >= d.first_error_block then null else true end ${from}`;
  };
}

/** What the guard of a statement found: `wrong` is a standing block at which indexing errors show. */
export type Standing = 'stands' | 'wrong' | 'gone';

/** Reads the guard's column, as PostgreSQL writes it. */
export function standingOf(guard: string | null | undefined): Standing {
  if (guard === null) return 'wrong';
  return guard === 't' ? 'stands' : 'gone';
}

/** A block that was read as the newest is not that any more: it has to be read as any other. */
export class HeadMoved extends Error {}

/** Why a guard did not stand: the block is not kept any more, or it left the chain. */
export async function guardError(db: Queryable, deployment: string, block: ReadBlock): Promise<QueryError> {
  const { rows } = await db.query<{ earliest: number }>(
    'select earliest_block as earliest from indexer.deployments where id = $1',
    [deployment],
  );
  const earliest = rows[0]?.earliest ?? 0;
  if (block.number < earliest) return notKept(deployment, earliest, block.number);
  return blockReorged(deployment, block.guard.number);
}
