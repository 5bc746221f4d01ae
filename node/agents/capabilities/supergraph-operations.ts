// Runs agents' operations through the supergraph, in this process or in another, as the agent: its DID, its own address, the scopes it was
// granted. Validation, limits, access and rate limit are those of users.
import { type DocumentNode, parse } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import { ReadPoint, ReadSet, type SubgraphExecutor } from '#node/platform/operation.ts';
import type { Json } from '../runtime/runtime.ts';
import type { OperationExecutor } from './graphql.ts';
import { MAX_TOKENS } from './operation-kind.ts';

export interface SupergraphOperationsOptions {
  /** Undefined while it is not there. */
  readonly executor: () => SubgraphExecutor | undefined;
  /** What to do when it is not there. */
  readonly absent: string;
  /** Addresses of an agent, as `eip155:31337:0x…`. */
  readonly accountsOf: (did: string) => Promise<readonly string[]>;
}

/** Parsed documents kept: the same few of each agent come over and over, and the gateway plans each once. */
const maxDocuments = 1_000;

export function supergraphOperations(options: SupergraphOperationsOptions): OperationExecutor {
  const documents = new Map<string, DocumentNode>();
  const documentOf = (text: string): DocumentNode => {
    let document = documents.get(text);
    if (!document) {
      document = parse(text, { maxTokens: MAX_TOKENS });
      if (documents.size >= maxDocuments) documents.clear();
      documents.set(text, document);
    }
    return document;
  };
  return async ({ viewer: did, document, variables, mutations, idempotencyKey, signal }) => {
    const executor = options.executor();
    if (!executor) throw new AiosError('GRAPHQL_NOT_CONFIGURED', options.absent);
    const result = await executor.execute({
      document: documentOf(document),
      variables,
      context: {
        viewer: {
          did,
          accounts: await options.accountsOf(did),
          scopes: mutations ? ['read', 'write'] : ['read'],
          session: did,
        },
        readPoint: new ReadPoint(async () => new Map()),
        reads: new ReadSet(),
        signal,
        requestId: `run-${idempotencyKey}`,
        ip: did,
      },
    });
    if (Symbol.asyncIterator in result) throw new Error('an operation of an agent answered with a stream');
    return {
      // Objects of the executor are its own: what a guest is told, and what is stored, is plain JSON.
      data: result.data === undefined ? undefined : (JSON.parse(JSON.stringify(result.data)) as Json),
      errors: result.errors?.map(({ message, extensions }) => ({
        message,
        code: typeof extensions?.code === 'string' ? extensions.code : undefined,
      })),
    };
  };
}
