// Persisted documents: clients send a document's SHA-256 instead of its text, and an operator may allow nothing else.
import { createHash } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';

/** Where documents are kept, by lower-case SHA-256 of their text. */
export interface DocumentStore {
  get(sha256: string): string | undefined | Promise<string | undefined>;
  /** Absent on a store that clients cannot add to. */
  put?(sha256: string, document: string): void | Promise<void>;
}

export interface PersistedDocuments {
  readonly store: DocumentStore;
  /**
   * `automatic`: any document may be sent, and is remembered when its hash comes with it (APQ).
   * `trusted`: only what is in the store runs.
   */
  readonly mode: 'automatic' | 'trusted';
}

/** A store in memory that forgets the documents used least recently. */
export class MemoryDocumentStore implements DocumentStore {
  readonly #documents: Map<string, string>;
  readonly #capacity: number;

  constructor(documents: Iterable<readonly [string, string]> = [], capacity = 10_000) {
    this.#documents = new Map(documents);
    this.#capacity = capacity;
  }

  get(sha256: string): string | undefined {
    const document = this.#documents.get(sha256);
    if (document !== undefined) {
      this.#documents.delete(sha256);
      this.#documents.set(sha256, document);
    }
    return document;
  }

  put(sha256: string, document: string): void {
    this.#documents.delete(sha256);
    this.#documents.set(sha256, document);
    if (this.#documents.size <= this.#capacity) return;
    for (const oldest of this.#documents.keys()) {
      this.#documents.delete(oldest);
      return;
    }
  }
}

/** The parameters of a GraphQL request that concern persisted documents. */
export interface DocumentParams {
  readonly query?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

function hashOf(params: DocumentParams): string | undefined {
  const extensions = params.extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined;
  const hash = params.documentId ?? extensions?.persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash.replace(/^sha256:/, '').toLowerCase() : undefined;
}

/**
 * The text of the document to run. Understands Apollo's `extensions.persistedQuery.sha256Hash` and `documentId` of
 * the GraphQL-over-HTTP draft.
 *
 * @throws AiosError `PERSISTED_QUERY_NOT_FOUND` (the client then sends the text along with the hash),
 * `PERSISTED_QUERY_HASH_MISMATCH`, `PERSISTED_QUERY_ONLY`.
 */
export async function resolveDocument(
  params: DocumentParams,
  persisted: PersistedDocuments | undefined,
): Promise<unknown> {
  const hash = hashOf(params);
  if (!persisted) {
    if (hash === undefined || params.query) return params.query;
    throw new AiosError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported: send the query itself');
  }
  const { store, mode } = persisted;
  if (hash === undefined) {
    if (mode === 'automatic' || !params.query) return params.query;
    throw new AiosError(
      'PERSISTED_QUERY_ONLY',
      'only registered documents run here: send the SHA-256 of one as documentId',
    );
  }
  const known = await store.get(hash);
  if (known !== undefined) return known;
  // Clients of APQ look for this very message.
  if (typeof params.query !== 'string' || mode === 'trusted')
    throw new AiosError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  if (createHash('sha256').update(params.query).digest('hex') !== hash) {
    throw new AiosError(
      'PERSISTED_QUERY_HASH_MISMATCH',
      'the hash is not the SHA-256 of the query: hash the text exactly as it is sent',
    );
  }
  await store.put?.(hash, params.query);
  return params.query;
}
