// Turns a query into the live queries that keep its result current: one subscription a root field, because GraphQL
// allows a subscription only one. Every root field of an indexed subgraph exists in Query and Subscription alike.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

export interface LiveOperation {
  /** Name of the root field. */
  readonly field: string;
  /** The subscription to run. */
  readonly subscription: DocumentNode;
  /** The query whose cached result a delivery replaces; same selection as the subscription. */
  readonly query: DocumentNode;
  /** Names of the variables either needs. */
  readonly variables: readonly string[];
}

const known = new WeakMap<DocumentNode, readonly LiveOperation[]>();

/**
 * Splits `document` (one query, fields only at its root) into live operations.
 *
 * @throws Error when the document holds no query, or a fragment at its root.
 */
export function liveOperations(document: DocumentNode): readonly LiveOperation[] {
  let operations = known.get(document);
  if (!operations) {
    operations = split(document);
    known.set(document, operations);
  }
  return operations;
}

function split(document: DocumentNode): readonly LiveOperation[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let query: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) query = definition;
  }
  if (query?.operation !== OperationTypeNode.QUERY)
    throw new Error('A live operation is made from one query.');
  const source = query;
  return source.selectionSet.selections.map((selection) => {
    if (selection.kind !== Kind.FIELD)
      throw new Error('A live query has only fields at its root, no fragments.');
    return forField(source, selection, fragments);
  });
}

function forField(
  source: OperationDefinitionNode,
  field: FieldNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): LiveOperation {
  const used = new Map<string, FragmentDefinitionNode>();
  const variables = new Set<string>();
  const collect = (node: FieldNode | FragmentDefinitionNode): void => {
    visit(node, {
      enter(inner) {
        if (inner.kind === Kind.VARIABLE) variables.add(inner.name.value);
        if (inner.kind !== Kind.FRAGMENT_SPREAD) return;
        const fragment = fragments.get(inner.name.value);
        if (!fragment || used.has(inner.name.value)) return;
        used.set(inner.name.value, fragment);
        collect(fragment);
      },
    });
  };
  collect(field);

  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [field] };
  const name = `${source.name?.value ?? 'Query'}_${field.alias?.value ?? field.name.value}`;
  const as = (operation: OperationTypeNode, suffix: string): DocumentNode => ({
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...source,
        operation,
        name: { kind: Kind.NAME, value: name + suffix },
        variableDefinitions: source.variableDefinitions?.filter((one) =>
          variables.has(one.variable.name.value),
        ),
        selectionSet,
      },
      ...used.values(),
    ],
  });
  return {
    field: field.name.value,
    subscription: as(OperationTypeNode.SUBSCRIPTION, '_live'),
    query: as(OperationTypeNode.QUERY, ''),
    variables: [...variables],
  };
}
