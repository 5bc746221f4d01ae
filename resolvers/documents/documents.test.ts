import { parse } from 'graphql';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentIdOf } from '#node/platform/content-id.ts';
import { type ServiceChange, serviceChangeTopic } from '#node/platform/events/change-feed.ts';
import { ReadPoint, ReadSet, type Subgraph, type Viewer } from '#node/platform/operation.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { DocumentStore, maxDocumentBytes } from './document-store.ts';
import { createDocumentsSubgraph } from './index.ts';
import { metadataOf } from './metadata.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value));
const clerk = {
  name: 'Ledger Clerk',
  description: 'Books\r\nand balances',
  site: 'https://clerk.example',
  tags: ['books'],
};

it('names content as IPFS does', async () => {
  for (const bytes of [Buffer.alloc(0), encode(clerk), Buffer.alloc(1_000, 7)]) {
    const oracle = CID.create(1, raw.code, await sha256.digest(bytes)).toString();
    expect(contentIdOf(bytes)).toBe(oracle);
  }
});

describe('metadataOf', () => {
  it('leaves out what is not as expected', () => {
    expect(
      metadataOf({
        name: ' Two\nlines\u202e ',
        description: { not: 'text' },
        publisher: 'x'.repeat(500),
        site: 'javascript:alert(1)',
        category: 7,
        tags: ['a', 1, '', null],
        version: 1.5,
      }),
    ).toEqual({
      name: 'Two lines',
      description: null,
      publisher: 'x'.repeat(100),
      site: null,
      category: null,
      tags: ['a'],
      version: null,
    });
  });
});

describe('on a database', () => {
  let platform: TestPlatform;
  let store: DocumentStore;
  let subgraph: Subgraph;
  beforeAll(async () => {
    platform = await createTestPlatform();
    const { pool } = platform.database;
    store = await DocumentStore.open(pool);
    subgraph = await createDocumentsSubgraph({ pool, bus: platform.bus });
  });
  afterAll(() => platform?.close());
  beforeEach(async () => {
    await platform.database.pool.query('truncate documents.documents');
  });

  describe('DocumentStore', () => {
    it('returns the exact bytes, also when kept twice', async () => {
      const bytes = Buffer.from('{ "b":1,\n  "a": "\\u0000\\ud800" }');
      const cid = contentIdOf(bytes);
      await store.put(cid, bytes);
      await store.put(cid, bytes);
      expect(Buffer.from((await store.bytes(`ipfs://${cid}`)) ?? [])).toEqual(bytes);
      expect(await store.document(cid)).toEqual({ b: 1, a: '\u0000\ud800' });
    });

    it('keeps names whose characters jsonb would refuse', async () => {
      const cid = await store.publish({ name: 'lone \ud800 half' });
      expect((await store.metadata([cid]))[0]?.name).toBe('lone \ud800 half');
    });

    it('refuses content that does not hash to its identifier', async () => {
      const cid = contentIdOf(encode(clerk));
      const tampered = encode({ ...clerk, name: 'Ledger Clark' });
      await expect(store.put(cid, tampered)).rejects.toMatchObject({ code: 'DOCUMENT_CID_MISMATCH' });
      expect(await store.document(cid)).toBeNull();
      // Another spelling of the right digest is another key: only the one form is kept.
      await expect(store.put(cid.toUpperCase(), encode(clerk))).rejects.toMatchObject({
        code: 'DOCUMENT_CID_MISMATCH',
      });
    });

    it('refuses what is too large, and what is no JSON object', async () => {
      const largest = { pad: 'x'.repeat(maxDocumentBytes - '{"pad":""}'.length) };
      await store.publish(largest);
      await expect(store.publish({ pad: `${largest.pad}x` })).rejects.toMatchObject({
        code: 'DOCUMENT_TOO_LARGE',
      });
      for (const bytes of [
        Buffer.from('{'),
        Buffer.from([0x22, 0xff, 0x22]),
        encode([1]),
        encode(null),
        encode('text'),
      ]) {
        await expect(store.put(contentIdOf(bytes), bytes)).rejects.toMatchObject({
          code: 'DOCUMENT_NOT_JSON',
        });
      }
    });
  });

  describe('the subgraph', () => {
    const viewer: Viewer = { did: 'did:aios:test', accounts: [], scopes: ['write'], session: 's' };

    async function run(source: string, variables: Record<string, unknown> = {}, who: Viewer | null = null) {
      const reads = new ReadSet();
      const context = {
        viewer: who,
        readPoint: new ReadPoint(async () => new Map()),
        reads,
        signal: new AbortController().signal,
        requestId: 'test',
        ip: '127.0.0.1',
      };
      const result = await subgraph.executor.execute({ document: parse(source), variables, context });
      return {
        ...(JSON.parse(JSON.stringify(result)) as { data: Record<string, unknown>; errors?: unknown }),
        reads,
      };
    }

    const entities = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Agent { id metadata { name description site tags } }
        ... on Network { id metadata { description } }
      }
    }`;
    const publish = `mutation ($content: JSON!) { publishDocument(input: { content: $content }) { cid error { code } } }`;

    it('adds metadata to agents and networks in one query, null where there is none', async () => {
      const cid = await store.publish(clerk);
      const missing = contentIdOf(Buffer.from('{}'));
      const load = vi.spyOn(platform.database.pool, 'query');
      const { data, errors, reads } = await run(entities, {
        representations: [
          { __typename: 'Agent', id: '1', metadataCID: cid },
          { __typename: 'Agent', id: '2', metadataCID: missing },
          { __typename: 'Agent', id: '3', metadataCID: '' },
          { __typename: 'Agent', id: '4', metadataCID: 'nothing of the kind \u0000' },
          { __typename: 'Network', id: '5', metadataURI: `ipfs://${cid}` },
          { __typename: 'Network', id: '6', metadataURI: 'https://example.org/network.json' },
        ],
      });
      expect(errors).toBeUndefined();
      expect(data._entities).toEqual([
        {
          id: '1',
          metadata: {
            name: 'Ledger Clerk',
            description: 'Books\nand balances',
            site: 'https://clerk.example/',
            tags: ['books'],
          },
        },
        { id: '2', metadata: null },
        { id: '3', metadata: null },
        { id: '4', metadata: null },
        { id: '5', metadata: { description: 'Books\nand balances' } },
        { id: '6', metadata: null },
      ]);
      expect(load).toHaveBeenCalledTimes(1);
      load.mockRestore();
      // A live query waits for what is missing, and not for what can never change.
      expect(reads.topics).toContain(`documents:${missing}`);
      expect(reads.topics).not.toContain(`documents:${cid}`);
    });

    it('publishes for those signed in, and tells live queries', async () => {
      const cid = contentIdOf(encode(clerk));
      const heard = new Promise<ServiceChange>((resolve) => {
        platform.bus.onSignal(serviceChangeTopic, (change) => resolve(change as ServiceChange));
      });
      expect((await run(publish, { content: clerk })).errors).toBeDefined();
      expect((await run(publish, { content: clerk }, { ...viewer, scopes: ['read'] })).errors).toBeDefined();
      expect((await run('query ($cid: String!) { document(cid: $cid) }', { cid })).data).toEqual({
        document: null,
      });

      expect((await run(publish, { content: clerk }, viewer)).data).toEqual({
        publishDocument: { cid, error: null },
      });
      expect((await run('query ($cid: String!) { document(cid: $cid) }', { cid })).data).toEqual({
        document: clerk,
      });
      expect(await heard).toEqual({ topics: [`documents:${cid}`] });
    });

    it('answers a bad document as data', async () => {
      const { data, errors } = await run(publish, { content: [1] }, viewer);
      expect(errors).toBeUndefined();
      expect(data).toEqual({ publishDocument: { cid: null, error: { code: 'DOCUMENT_NOT_JSON' } } });
    });
  });
});
