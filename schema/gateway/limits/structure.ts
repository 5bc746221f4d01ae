// Limits that need only the document: depth, aliases, directives, root fields. Checked before validation, whose cost
// grows with the square of repeated fields.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { GatewayLimits } from '../gateway-options.ts';
import { refuse } from './refuse.ts';

/** What a document holds, fragments expanded. */
export interface Structure {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Whether `__schema` or `__type` is asked for. */
  readonly introspects: boolean;
}

const NOTHING: Structure = { depth: 0, aliases: 0, directives: 0, rootFields: 0, introspects: false };

/** Measures all operations of a document together. Fragments are measured once each, so nesting them costs nothing. */
export function structureOf(document: DocumentNode): Structure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const measured = new Map<string, Structure>();

  const ofFragment = (name: string): Structure => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING); // a fragment inside itself adds nothing here; validation refuses it
    const node = fragments.get(name);
    const structure = node ? ofSelections(node.selectionSet) : NOTHING;
    measured.set(name, structure);
    return structure;
  };

  const ofSelections = (set: SelectionSetNode): Structure => {
    let [depth, aliases, directives, rootFields, introspects] = [0, 0, 0, 0, false];
    for (const selection of set.selections) {
      directives += selection.directives?.length ?? 0;
      let inner: Structure = NOTHING;
      if (selection.kind === Kind.FRAGMENT_SPREAD) inner = ofFragment(selection.name.value);
      else if (selection.selectionSet) inner = ofSelections(selection.selectionSet);
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        rootFields += 1;
        if (selection.alias) aliases += 1;
        const meta = name === '__schema' || name === '__type';
        introspects ||= meta || inner.introspects;
        depth = Math.max(depth, meta ? 1 : inner.depth + 1);
      } else {
        rootFields += inner.rootFields;
        introspects ||= inner.introspects;
        depth = Math.max(depth, inner.depth);
      }
      aliases += inner.aliases;
      directives += inner.directives;
    }
    return { depth, aliases, directives, rootFields, introspects };
  };

  let total = NOTHING;
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const own = ofSelections(node.selectionSet);
    total = {
      depth: Math.max(total.depth, own.depth),
      aliases: total.aliases + own.aliases,
      directives: total.directives + own.directives + (node.directives?.length ?? 0),
      rootFields: Math.max(total.rootFields, own.rootFields),
      introspects: total.introspects || own.introspects,
    };
  }
  return total;
}

/** The first limit that the structure exceeds, as the error to answer with. */
export function structureError(structure: Structure, limits: GatewayLimits): GraphQLError | undefined {
  if (structure.aliases > limits.maxAliases)
    return refuse('maxAliases', `${structure.aliases} aliases`, limits.maxAliases, 'split it into several');
  if (structure.depth > limits.maxDepth)
    return refuse('maxDepth', `${structure.depth} levels`, limits.maxDepth, 'ask for fewer nested objects');
  if (structure.rootFields > limits.maxRootFields)
    return refuse('maxRootFields', `${structure.rootFields} root fields`, limits.maxRootFields, 'split it');
  if (structure.directives > limits.maxDirectives)
    return refuse('maxDirectives', `${structure.directives} directives`, limits.maxDirectives, 'use fewer');
  return undefined;
}
