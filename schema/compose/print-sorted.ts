// Prints SDL so that its text changes only when its meaning does: definitions in the order of their names.
import { type DefinitionNode, type DocumentNode, Kind, print } from 'graphql';

const ORDER: Partial<Record<DefinitionNode['kind'], number>> = {
  [Kind.SCHEMA_DEFINITION]: 0,
  [Kind.SCHEMA_EXTENSION]: 0,
  [Kind.DIRECTIVE_DEFINITION]: 1,
};

const nameOf = (node: DefinitionNode) => ('name' in node ? (node.name?.value ?? '') : '');

/** Schema first, then directive definitions, then types by name. The order of fields and arguments is kept. */
export function printSorted(document: DocumentNode): string {
  const definitions = [...document.definitions].sort((a, b) => {
    const byKind = (ORDER[a.kind] ?? 2) - (ORDER[b.kind] ?? 2);
    if (byKind !== 0) return byKind;
    const [left, right] = [nameOf(a), nameOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return `${print({ ...document, definitions })}\n`;
}
