// What a document of a manifest does: looked at when it is deployed, and again before it is run.
import { getOperationAST, type OperationTypeNode, parse } from 'graphql';
import { AiosError, messageOf } from '#node/platform/errors.ts';

/** Lexical tokens of a document; the gateway allows users no more. */
export const MAX_TOKENS = 5_000;

/** @throws AiosError MANIFEST_INVALID */
export function operationKind(name: string, document: string): `${OperationTypeNode}` {
  try {
    const operation = getOperationAST(parse(document, { maxTokens: MAX_TOKENS }));
    if (operation) return operation.operation;
  } catch (error) {
    throw new AiosError(
      'MANIFEST_INVALID',
      `The document of the operation ${name} cannot be read: ${messageOf(error)}.`,
    );
  }
  throw new AiosError(
    'MANIFEST_INVALID',
    `The document of the operation ${name} must hold exactly one operation.`,
  );
}

/** Why an operation is refused under a grant, or undefined when it is not. @throws AiosError MANIFEST_INVALID */
export function operationRefusal(name: string, document: string, mutations: boolean): string | undefined {
  const kind = operationKind(name, document);
  if (kind === 'subscription') return `${name} is a subscription; an agent is started by a trigger instead.`;
  if (kind === 'mutation' && !mutations)
    return `${name} is a mutation. Grant them with capabilities.graphql.mutations: true, or leave it out.`;
  return undefined;
}
