// Blocks of files in PostgreSQL, by multihash: what was added by hand, and what was fetched once. What is read hashes to its name.
import type pg from 'pg';
import { type Cid, cidKey, names } from './cid.ts';
import { type FileBlock, fileBlocks } from './unixfs.ts';

export class BlockStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** A block's bytes; null when it is not here. */
  async get(cid: Cid): Promise<Uint8Array | null> {
    const { rows } = await this.#pool.query<{ content: Buffer }>({
      name: 'ipfs-block',
      text: 'select content from indexer.ipfs_blocks where multihash = $1',
      values: [Buffer.from(cidKey(cid), 'hex')],
    });
    const content = rows[0]?.content;
    // Somebody else may have written the row: it counts only if it is what its name says.
    return content && names(cid, content) ? new Uint8Array(content) : null;
  }

  /** Keeps blocks that were checked against their identifiers. Keeping them twice is no error. */
  async put(blocks: readonly FileBlock[]): Promise<void> {
    for (const { cid, bytes } of blocks)
      await this.#pool.query(
        'insert into indexer.ipfs_blocks (multihash, content) values ($1, $2) on conflict do nothing',
        [Buffer.from(cidKey(cid), 'hex'), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)],
      );
  }

  /** Adds a file as `ipfs add` does, and answers with its identifier. The root comes last, so that half a file is none. */
  async addFile(content: Uint8Array, version: 0 | 1 = 0): Promise<Cid> {
    const blocks = fileBlocks(content, version);
    await this.put(blocks);
    return (blocks.at(-1) as FileBlock).cid;
  }
}
