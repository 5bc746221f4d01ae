// Kept answers of chains in PostgreSQL, shared by all deployments and processes of a database. The tables are unlogged: after a crash of
// the server they are empty, which costs time only.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { Hex, LogFilter } from '../model.ts';
import type { Piece } from '../sources/block-fetcher.ts';
import type { ChainCache, KeptCall, KeptPiece } from '../sources/chain-cache.ts';

export interface PostgresChainCacheOptions {
  readonly pool: pg.Pool;
  readonly log: Logger;
  /** Bytes of pieces and of calls that are kept; the ones unused for longest go first. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 4 * 2 ** 30;
/** Bytes on their way to the tables; what comes on top of them is not kept. */
const MAX_WAITING_BYTES = 64 * 2 ** 20;
const PRUNE_EVERY_BYTES = 64 * 2 ** 20;
/** Pieces of one plan. */
const MOST_PIECES = 10_000;
/** What a row costs besides its content. */
const CALL_ROW_BYTES = 120;
const compress = promisify(deflateRaw);
const expand = promisify(inflateRaw);

export class PostgresChainCache implements ChainCache {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #maxBytes: number;
  #writing: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #sincePrune = PRUNE_EVERY_BYTES;

  constructor({ pool, log, maxBytes = DEFAULT_MAX_BYTES }: PostgresChainCacheOptions) {
    this.#pool = pool;
    this.#log = log;
    this.#maxBytes = maxBytes;
  }

  async filters(chain: string): Promise<{ id: number; filter: LogFilter }[]> {
    const { rows } = await this.#pool.query<{ id: number; filter: LogFilter }>(
      'select id, filter from indexer.cached_filters where chain = $1',
      [chain],
    );
    return rows;
  }

  async pieces(filters: readonly number[], from: number, to: number): Promise<KeptPiece[]> {
    const { rows } = await this.#pool.query<KeptPiece>(
      `select filter, first_block as first, first_parent as "firstParent", last_block as last, last_hash as "lastHash"
       from indexer.cached_pieces where filter = any($1) and last_block >= $2 and first_block <= $3
       order by first_block limit ${MOST_PIECES}`,
      [filters, from, to],
    );
    return rows;
  }

  async read({ filter, first, last, lastHash }: KeptPiece): Promise<Piece | null> {
    const { rows } = await this.#pool.query<{ content: Buffer }>(
      `update indexer.cached_pieces set used_at = now()
       where filter = $1 and first_block = $2 and last_block = $3 and last_hash = $4 returning content`,
      [filter, first, last, lastHash],
    );
    const content = rows[0]?.content;
    return content ? (deserialize(await expand(content)) as Piece) : null;
  }

  keep(chain: string, filter: LogFilter, piece: Piece): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) return;
    const content = serialize(piece);
    this.#write(content.length, async () => {
      const text = JSON.stringify(filter);
      const { rows } = await this.#pool.query<{ id: number }>(
        `insert into indexer.cached_filters (chain, digest, filter) values ($1, $2, $3)
         on conflict (chain, digest) do update set chain = excluded.chain returning id`,
        [chain, digest(text), text],
      );
      const packed = await compress(content, { level: 1 });
      this.#sincePrune += packed.length;
      await this.#pool.query(
        `insert into indexer.cached_pieces (filter, first_block, first_parent, last_block, last_hash, bytes, content)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (filter, first_block, last_block) do update
         set first_parent = excluded.first_parent, last_hash = excluded.last_hash, bytes = excluded.bytes,
             content = excluded.content, used_at = now()`,
        [
          rows[0]?.id,
          piece.first.number,
          piece.first.parentHash,
          piece.last.number,
          piece.last.hash,
          packed.length,
          packed,
        ],
      );
    });
  }

  async forget(pieces: readonly KeptPiece[]): Promise<void> {
    await this.#pool.query(
      `delete from indexer.cached_pieces using unnest($1::int[], $2::int[], $3::int[]) as gone (filter, first, last)
       where cached_pieces.filter = gone.filter and first_block = gone.first and last_block = gone.last`,
      [pieces.map(({ filter }) => filter), pieces.map(({ first }) => first), pieces.map(({ last }) => last)],
    );
  }

  async calls(chain: string, calls: readonly KeptCall[]): Promise<Map<number, Hex | null>> {
    const known = new Map<number, Hex | null>();
    const positions = new Map(calls.map((call, index) => [keyOf(chain, call).toString('hex'), index]));
    const { rows } = await this.#pool.query<{ key: Buffer; answer: Buffer | null }>({
      name: 'cached-calls',
      text: 'select key, answer from indexer.cached_calls where key = any($1)',
      values: [[...positions.keys()].map((key) => Buffer.from(key, 'hex'))],
    });
    for (const { key, answer } of rows) {
      const index = positions.get(key.toString('hex'));
      if (index !== undefined) known.set(index, answer && `0x${answer.toString('hex')}`);
    }
    return known;
  }

  keepCalls(
    chain: string,
    answered: readonly { readonly call: KeptCall; readonly answer: Hex | null }[],
  ): void {
    if (answered.length === 0 || this.#waitingBytes > MAX_WAITING_BYTES) return;
    const bytes = answered.reduce((sum, { answer }) => sum + CALL_ROW_BYTES + (answer?.length ?? 0) / 2, 0);
    this.#write(bytes, async () => {
      this.#sincePrune += bytes;
      await this.#pool.query(
        `insert into indexer.cached_calls (key, answer) select * from unnest($1::bytea[], $2::bytea[])
         on conflict (key) do nothing`,
        [
          answered.map(({ call }) => keyOf(chain, call)),
          answered.map(({ answer }) => (answer === null ? null : Buffer.from(answer.slice(2), 'hex'))),
        ],
      );
    });
  }

  /** Until everything handed over so far is kept. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #write(bytes: number, work: () => Promise<void>): void {
    this.#waitingBytes += bytes;
    this.#writing = this.#writing.then(async () => {
      try {
        await work();
        if (this.#sincePrune >= PRUNE_EVERY_BYTES) await this.#prune();
      } catch (error) {
        this.#log.warn(
          { reason: messageOf(error) },
          "a chain's answers could not be kept; they are asked for again",
        );
      }
      this.#waitingBytes -= bytes;
    });
  }

  /** Drops what was not used for longest until the rest fits; calls go by when they were kept. */
  async #prune(): Promise<void> {
    this.#sincePrune = 0;
    await this.#pool.query(
      `delete from indexer.cached_pieces using (
         select filter, first_block, last_block, sum(bytes) over (order by used_at desc, filter, first_block, last_block) as total
         from indexer.cached_pieces) as aged
       where aged.total > $1 and cached_pieces.filter = aged.filter
         and cached_pieces.first_block = aged.first_block and cached_pieces.last_block = aged.last_block`,
      [this.#maxBytes],
    );
    await this.#pool.query(
      `delete from indexer.cached_calls using (
         select key, sum(${CALL_ROW_BYTES} + coalesce(length(answer), 0)) over (order by kept_at desc, key) as total
         from indexer.cached_calls) as aged
       where aged.total > $1 and cached_calls.key = aged.key`,
      [this.#maxBytes / 4],
    );
    await this.#pool.query(
      `delete from indexer.cached_filters where not exists (
         select from indexer.cached_pieces where cached_pieces.filter = cached_filters.id)`,
    );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function keyOf(chain: string, { block, to, data }: KeptCall): Buffer {
  return digest(`${chain}/${block.hash}/${to}/${data}`);
}
