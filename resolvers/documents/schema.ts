// Documents' part of the supergraph: what agents and networks say about themselves, documents as they are, and publishing one.
import DataLoader from 'dataloader';
import { contentIdIn } from '#node/platform/content-id.ts';
import { AiosError } from '#node/platform/errors.ts';
import { type ServiceChange, serviceChangeTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { extensionOf } from '#schema/references.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import { asData, orError } from '../user-errors.ts';
import type { DocumentStore } from './document-store.ts';
import type { Metadata } from './metadata.ts';

export interface DocumentsServices {
  readonly store: DocumentStore;
  readonly bus: EventBus;
}

interface DocumentsContext extends OperationContext {
  readonly metadataOf: DataLoader<string, Metadata | null>;
}

const documentTopic = (cid: string) => `documents:${cid}`;

/** The metadata behind a reference. A document never changes, so a live query waits only for one that is missing. */
async function load(context: DocumentsContext, reference: string): Promise<Metadata | null> {
  const cid = contentIdIn(reference);
  if (!cid) return null;
  const metadata = await context.metadataOf.load(cid);
  if (!metadata) context.reads.addTopic(documentTopic(cid));
  return metadata;
}

/** The subgraph `documents` over its store. */
export function createDocumentsSchema({ store, bus }: DocumentsServices): Subgraph {
  const builder = createBuilder<DocumentsContext>();
  builder.queryType({});
  builder.mutationType({});

  const AgentMetadata = builder.objectRef<Metadata>('AgentMetadata');
  builder.objectType(AgentMetadata, {
    description: "What an agent's metadata document says. Its publisher wrote it; nobody has checked it.",
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'Name of the agent.' }),
      description: t.exposeString('description', { nullable: true, description: 'Plain text.' }),
      publisher: t.exposeString('publisher', { nullable: true, description: 'Who says to have made it.' }),
      site: t.exposeString('site', { nullable: true, description: 'An http or https URL.' }),
      category: t.exposeString('category', { nullable: true, description: 'What it is for.' }),
      tags: t.exposeStringList('tags', { description: 'At most 16.' }),
      version: t.exposeInt('version', { nullable: true, description: 'Version of the document.' }),
    }),
  });
  const NetworkMetadata = builder.objectRef<Metadata>('NetworkMetadata');
  builder.objectType(NetworkMetadata, {
    description: "What a network's metadata document says. Its creator wrote it; nobody has checked it.",
    fields: (t) => ({
      description: t.exposeString('description', { nullable: true, description: 'Plain text.' }),
      publisher: t.exposeString('publisher', { nullable: true, description: 'Who says to have founded it.' }),
      site: t.exposeString('site', { nullable: true, description: 'An http or https URL.' }),
      tags: t.exposeStringList('tags', { description: 'At most 16.' }),
      version: t.exposeInt('version', { nullable: true, description: 'Version of the document.' }),
    }),
  });

  const Agent = extensionOf(builder, 'Agent');
  Agent.implement({
    description: 'What an agent says about itself.',
    externalFields: (t) => ({
      id: t.id({ nullable: false }),
      metadataCID: t.string({ nullable: false }),
    }),
    fields: (t) => ({
      metadata: t.field({
        type: AgentMetadata,
        nullable: true,
        description: 'Its metadata document; null when that has not been published here.',
        requires: builder.selection<{ metadataCID: string }>('metadataCID'),
        resolve: ({ metadataCID }, _args, context) => load(context, metadataCID),
      }),
    }),
  });
  const Network = extensionOf(builder, 'Network');
  Network.implement({
    description: 'What a network says about itself on chain.',
    externalFields: (t) => ({
      id: t.id({ nullable: false }),
      metadataURI: t.string({ nullable: false }),
    }),
    fields: (t) => ({
      metadata: t.field({
        type: NetworkMetadata,
        nullable: true,
        description: 'Its metadata document; null when that has not been published here.',
        requires: builder.selection<{ metadataURI: string }>('metadataURI'),
        resolve: ({ metadataURI }, _args, context) => load(context, metadataURI),
      }),
    }),
  });

  builder.queryField('document', (t) =>
    t.field({
      type: 'JSON',
      nullable: true,
      description: 'A document by its content identifier; null when it has not been published here.',
      args: { cid: t.arg.string({ required: true, description: 'A CID, or a URI ipfs://CID.' }) },
      resolve: (_root, { cid }) => store.document(cid),
    }),
  );

  interface PublishPayload {
    readonly cid?: string;
    readonly error?: AiosError;
  }
  const PublishDocumentPayload = builder.objectRef<PublishPayload>('PublishDocumentPayload');
  builder.objectType(PublishDocumentPayload, {
    description: 'Where the document is, or why it was refused.',
    fields: (t) => ({
      cid: t.string({
        nullable: true,
        description: 'Content identifier of its JSON as it was stored: CIDv1, raw, sha2-256.',
        resolve: (payload) => payload.cid,
      }),
      error: t.field({
        type: AiosError,
        nullable: true,
        description: 'Set when it was refused.',
        resolve: (payload) => asData(payload.error),
      }),
    }),
  });
  const PublishDocumentInput = builder.inputType('PublishDocumentInput', {
    description: 'What to publish.',
    fields: (t) => ({
      content: t.field({
        type: 'JSON',
        required: true,
        description: 'A JSON object of at most 64 KB, such as {"name": "…", "description": "…"}.',
      }),
    }),
  });
  builder.mutationField('publishDocument', (t) =>
    t.field({
      type: PublishDocumentPayload,
      requiresScopes: [['write']],
      description:
        'Publishes a metadata document for everybody to read, to name in listAgent or createNetwork.',
      args: { input: t.arg({ type: PublishDocumentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        orError(async (): Promise<PublishPayload> => {
          if (!context.viewer) throw new AiosError('UNAUTHENTICATED', 'Sign in first.');
          const cid = await store.publish(input.content, context.viewer.did);
          await bus.transaction((transaction) =>
            transaction.signal(serviceChangeTopic, { topics: [documentTopic(cid)] } satisfies ServiceChange),
          );
          return { cid };
        }),
    }),
  );

  return toSubgraph<DocumentsContext>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'documents', {
    context: (operation) => ({
      ...operation,
      metadataOf: new DataLoader((cids) => store.metadata(cids)),
    }),
  });
}
