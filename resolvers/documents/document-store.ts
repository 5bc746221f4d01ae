// A content-addressed store of small JSON documents: what is stored under a content identifier always hashes to it.
import type pg from 'pg';
import { contentIdIn, contentIdOf } from '#node/platform/content-id.ts';
import { AiosError } from '#node/platform/errors.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { type Metadata, metadataOf } from './metadata.ts';
import { documentsMigrations, documentsSchema } from './migrations.ts';

/** Bytes of a document. A description needs a few hundred; more is not for a database. */
export const maxDocumentBytes = 65_536;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class DocumentStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** The store over a database, its table brought up to date. */
  static async open(pool: pg.Pool): Promise<DocumentStore> {
    await migrate(pool, documentsSchema, documentsMigrations);
    return new DocumentStore(pool);
  }

  /**
   * Keeps a document. Keeping it twice is no error.
   *
   * @param cid its content identifier: CIDv1, raw, sha2-256, base32
   * @param publishedBy DID of who publishes it
   * @throws AiosError DOCUMENT_TOO_LARGE, DOCUMENT_CID_MISMATCH when the bytes do not hash to `cid`, DOCUMENT_NOT_JSON
   */
  async put(cid: string, bytes: Uint8Array, publishedBy: string | null = null): Promise<void> {
    if (bytes.length > maxDocumentBytes) {
      throw new AiosError(
        'DOCUMENT_TOO_LARGE',
        `The document has ${bytes.length} bytes; at most ${maxDocumentBytes} are kept. Shorten it, or link to what is large.`,
      );
    }
    const actual = contentIdOf(bytes);
    if (cid !== actual) {
      throw new AiosError(
        'DOCUMENT_CID_MISMATCH',
        `The content's identifier is ${actual}, not ${cid.slice(0, 120)}. Store the exact bytes that were hashed, under a CIDv1 (raw, sha2-256, base32).`,
      );
    }
    const metadata = metadataOf(parseObject(bytes));
    await this.#pool.query(
      `insert into documents.documents (cid, content, metadata, published_by) values ($1, $2, $3, $4)
       on conflict (cid) do nothing`,
      [cid, Buffer.from(bytes), JSON.stringify(metadata), publishedBy],
    );
  }

  /**
   * Keeps the JSON of a value and returns its content identifier.
   * @throws AiosError DOCUMENT_TOO_LARGE, DOCUMENT_NOT_JSON when the value is no object
   */
  async publish(value: unknown, publishedBy: string | null = null): Promise<string> {
    const bytes = Buffer.from(JSON.stringify(value) ?? '');
    const cid = contentIdOf(bytes);
    await this.put(cid, bytes, publishedBy);
    return cid;
  }

  /** A document's exact bytes; null when it is not here. */
  async bytes(reference: string): Promise<Uint8Array | null> {
    const cid = contentIdIn(reference);
    if (!cid) return null;
    const { rows } = await this.#pool.query<{ content: Buffer }>(
      'select content from documents.documents where cid = $1',
      [cid],
    );
    return rows[0]?.content ?? null;
  }

  /** A document; null when it is not here. */
  async document(reference: string): Promise<Readonly<Record<string, unknown>> | null> {
    const bytes = await this.bytes(reference);
    return bytes && parseObject(bytes);
  }

  /** What these documents say, in the order asked (CIDs, or URIs `ipfs://CID`); null where there is none. */
  async metadata(references: readonly string[]): Promise<readonly (Metadata | null)[]> {
    const cids = references.map(contentIdIn);
    const { rows } = await this.#pool.query<{ cid: string; metadata: Metadata }>({
      name: 'documents-metadata',
      text: 'select cid, metadata from documents.documents where cid = any ($1::text[])',
      values: [[...new Set(cids.filter((cid) => cid !== null))]],
    });
    const byCid = new Map(rows.map(({ cid, metadata }) => [cid, metadata]));
    return cids.map((cid) => (cid && byCid.get(cid)) || null);
  }
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new AiosError('DOCUMENT_NOT_JSON', 'The document is not JSON in UTF-8. Publish a JSON object.', {
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AiosError('DOCUMENT_NOT_JSON', 'The document is not a JSON object, such as {"name": "…"}.');
  }
  return value as Readonly<Record<string, unknown>>;
}
