// Everything about a document that does not depend on its variables or on who asks, worked out once.
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql';
import type { AccessRule } from '../access.ts';
import { type CostFunction, costFunction } from './limits/cost.ts';

export interface PreparedOperation {
  readonly kind: OperationTypeNode;
  readonly name: string | undefined;
  readonly cost: CostFunction;
  /** Rules of the root fields of a mutation or subscription, by coordinate. */
  readonly guards: readonly (readonly [coordinate: string, rule: AccessRule])[];
  /** The root field of a subscription. */
  readonly subscriptionField: string | undefined;
  /** The subscription as a query of the same fields. */
  readonly asQuery: DocumentNode | undefined;
  /**
   * Set when introspection and data are asked for together: the planner answers only one of them at a time.
   * `keys` are the response keys in the order of the document.
   */
  readonly split:
    | { readonly introspection: DocumentNode; readonly data: DocumentNode; readonly keys: readonly string[] }
    | undefined;
}

const isMeta = (selection: SelectionNode) =>
  selection.kind === Kind.FIELD && (selection.name.value === '__schema' || selection.name.value === '__type');

/** Names of the fields at the root, those inside fragments too. */
function rootFieldNames(
  document: DocumentNode,
  selections: readonly SelectionNode[],
  into = new Set<string>(),
) {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) into.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      rootFieldNames(document, selection.selectionSet.selections, into);
    else {
      const fragment = document.definitions.find(
        (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION)
        rootFieldNames(document, fragment.selectionSet.selections, into);
    }
  }
  return into;
}

export function prepareOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  guarded: ReadonlyMap<string, AccessRule>,
): PreparedOperation | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const withOperation = (change: Partial<typeof operation>): DocumentNode => ({
    ...document,
    definitions: document.definitions.map((node) =>
      node === operation ? { ...operation, ...change } : node,
    ),
  });
  const { selections } = operation.selectionSet;
  const select = (wanted: readonly SelectionNode[]) =>
    withOperation({ selectionSet: { ...operation.selectionSet, selections: wanted } });
  const meta = selections.filter(isMeta);
  const first = selections[0];
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
  return {
    kind: operation.operation,
    name: operation.name?.value,
    cost: costFunction(schema, document, operationName),
    guards: [...rootFieldNames(document, selections)].flatMap((field) => {
      const coordinate = `${schema.getRootType(operation.operation)?.name ?? ''}.${field}`;
      const rule = guarded.get(coordinate);
      return rule ? [[coordinate, rule] as const] : [];
    }),
    subscriptionField: isSubscription && first?.kind === Kind.FIELD ? first.name.value : undefined,
    asQuery: isSubscription ? withOperation({ operation: OperationTypeNode.QUERY }) : undefined,
    split:
      meta.length > 0 && meta.length < selections.length
        ? {
            introspection: select(meta),
            data: select(selections.filter((selection) => !isMeta(selection))),
            keys: selections.flatMap((node) =>
              node.kind === Kind.FIELD ? [node.alias?.value ?? node.name.value] : [],
            ),
          }
        : undefined,
  };
}
