// "Names never merge": types and root fields of indexed subgraphs must be unique, because Federation would silently
// merge two types of one name into a type that is neither.
import { type DefinitionNode, type DocumentNode, Kind, print } from 'graphql';
import type { CompositionProblem } from './compose-supergraph.ts';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);
/** Same-named definitions of these kinds merge without loss when they are word for word the same. */
const MERGEABLE = new Set<DefinitionNode['kind']>([
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
]);

interface Name {
  readonly label: string;
  readonly text: string | undefined;
}

function* namesOf(document: DocumentNode): Generator<Name> {
  for (const node of document.definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
        if (ROOTS.has(node.name.value)) {
          for (const field of node.fields ?? []) {
            if (!['_entities', '_service'].includes(field.name.value))
              yield { label: `${node.name.value}.${field.name.value}`, text: undefined };
          }
          break;
        }
        yield { label: node.name.value, text: undefined };
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.UNION_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        yield { label: node.name.value, text: MERGEABLE.has(node.kind) ? print(node) : undefined };
        break;
      default:
    }
  }
}

/** One problem for every name that two of the given subgraphs both define. Scalars are shared on purpose. */
export function nameCollisions(indexed: ReadonlyMap<string, DocumentNode>): CompositionProblem[] {
  const owners = new Map<string, { subgraph: string; text: string | undefined }>();
  const problems: CompositionProblem[] = [];
  for (const [subgraph, document] of indexed) {
    const own = new Set<string>();
    for (const { label, text } of namesOf(document)) {
      if (own.has(label)) continue;
      own.add(label);
      const owner = owners.get(label);
      if (!owner) {
        owners.set(label, { subgraph, text });
        continue;
      }
      if (text !== undefined && text === owner.text) continue;
      problems.push({
        code: 'NAME_TAKEN',
        message: `"${label}" is defined by the indexed subgraphs "${owner.subgraph}" and "${subgraph}"`,
        fix: `rename it in one of them, or deploy "${subgraph}" under an alias, which prefixes all its names`,
        subgraphs: [owner.subgraph, subgraph],
      });
    }
  }
  return problems;
}
