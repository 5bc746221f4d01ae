// From a validated operation to what must be read: a tree of entity types, columns and links, fragments and directives resolved.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { EntityField } from '#indexer/model.ts';
import { aggregatedTypeName, type Column, type Layout, type Table, tableFor } from '#indexer/store/layout.ts';
import { QueryError } from './errors.ts';
import type { Face, RootField } from './face.ts';

/** One key of an object in the answer. */
export type FieldPlan =
  | { readonly kind: 'typename'; readonly key: string }
  | { readonly kind: 'column'; readonly key: string; readonly column: Column; readonly slot: number }
  | { readonly kind: 'child'; readonly key: string; readonly child: ChildPlan };

/** What is selected of rows of one entity type. */
export interface ObjectPlan {
  readonly table: Table;
  /** The type's name in the face. */
  readonly typename: string;
  /** In the order of the answer. */
  readonly fields: readonly FieldPlan[];
  /** Columns to fetch; a field's `slot` is a place in this list. */
  readonly columns: readonly Column[];
  readonly children: readonly ChildPlan[];
}

/** What is selected of an entity type, or of each implementer of an interface. */
export interface TargetPlan {
  /** Entity type or interface, as the deployment's schema names it. */
  readonly type: string;
  /** Of an aggregation, the rows of its first interval: which one is read, the field's arguments say (`atInterval`). */
  readonly objects: readonly ObjectPlan[];
}

/** A field that leads to other entities. */
export interface ChildPlan {
  readonly key: string;
  readonly field: EntityField;
  readonly node: FieldNode;
  /** `derived`: the other side holds our id. `reference`, `references`: we hold its id or ids, in column `slot`. */
  readonly link: 'derived' | 'reference' | 'references';
  /** Slot of the column that links: our id, or the reference. */
  readonly slot: number;
  readonly target: TargetPlan;
}

/** A root field of the operation. */
export interface RootPlan {
  readonly key: string;
  /** The first field of this key; all of them have the same arguments. */
  readonly node: FieldNode;
  readonly nodes: readonly FieldNode[];
  readonly root: RootField | { readonly kind: 'typename' | 'introspection' };
  /** Of `one`, `many` and `entities`; the latter's has every entity type. */
  readonly target?: TargetPlan;
  /** Of `meta`, `logs` and `service`. */
  readonly fields?: readonly SimpleField[];
}

/** A field of an object that is no entity. */
export interface SimpleField {
  readonly key: string;
  readonly name: string;
  readonly fields: readonly SimpleField[];
}

export interface PlanInput {
  readonly face: Face;
  readonly layout: Layout;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced variables; the plan depends on those of @skip and @include only. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The root fields of an operation, with everything below them. */
export function planOperation(input: PlanInput): RootPlan[] {
  return new Planner(input).roots();
}

class Planner {
  readonly #face: Face;
  readonly #layout: Layout;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;

  constructor({ face, layout, operation, fragments, variables }: PlanInput) {
    this.#face = face;
    this.#layout = layout;
    this.#operation = operation;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  roots(): RootPlan[] {
    // Conditions on a root type can only name the root type itself: validation has seen to it.
    const groups = this.#collect([this.#operation.selectionSet], () => true);
    return [...groups].map(([key, nodes]) => this.#root(key, nodes));
  }

  #root(key: string, nodes: readonly [FieldNode, ...FieldNode[]]): RootPlan {
    const [node] = nodes;
    const name = node.name.value;
    if (name === '__typename') return { key, node, nodes, root: { kind: 'typename' } };
    const root = this.#face.roots.get(name);
    if (root === undefined) return { key, node, nodes, root: { kind: 'introspection' } };
    const sets = selectionSets(nodes);
    switch (root.kind) {
      case 'one':
      case 'many':
      case 'aggregation':
      case 'fulltext':
        return { key, node, nodes, root, target: this.#target(root.type, sets) };
      case 'entities':
        return {
          key,
          node,
          nodes,
          root,
          target: {
            type: '_Entity',
            objects: [...this.#layout.tables.values()]
              .filter((table) => table.rollup === undefined)
              .map((table) => this.#object(table, sets)),
          },
        };
      default:
        return { key, node, nodes, root, fields: this.#simple(sets) };
    }
  }

  #target(type: string, sets: readonly SelectionSetNode[]): TargetPlan {
    const { interfaces, aggregations } = this.#layout.schema;
    const interval = aggregations.get(type)?.intervals[0];
    const types = interfaces.get(type)?.implementers ?? [
      interval === undefined ? type : aggregatedTypeName(type, interval),
    ];
    return { type, objects: types.map((name) => this.#object(tableFor(this.#layout, name), sets)) };
  }

  #object(table: Table, sets: readonly SelectionSetNode[]): ObjectPlan {
    const { entity } = table;
    const name = table.rollup?.aggregation.name ?? entity.name;
    const columns: Column[] = [];
    const slotOf = (column: Column): number => {
      const known = columns.indexOf(column);
      return known >= 0 ? known : columns.push(column) - 1;
    };
    const fields: FieldPlan[] = [];
    const children: ChildPlan[] = [];
    const applies = (condition: string): boolean => {
      const source = this.#face.sourceTypes.get(condition);
      if (condition === '_Entity') return true;
      return source === name || (source !== undefined && entity.interfaces.includes(source));
    };
    for (const [key, nodes] of this.#collect(sets, applies)) {
      const fieldName = nodes[0].name.value;
      if (fieldName === '__typename') {
        fields.push({ kind: 'typename', key });
        continue;
      }
      const field = entity.fields.find((candidate) => candidate.name === fieldName);
      if (field === undefined) continue;
      const column = table.byField.get(fieldName);
      if (field.reference === undefined) {
        if (column) fields.push({ kind: 'column', key, column, slot: slotOf(column) });
        continue;
      }
      if (!field.isList && this.#layout.schema.aggregations.has(field.reference)) {
        throw new QueryError(
          'NOT_SUPPORTED',
          `${name}.${fieldName} is one ${field.reference}, but there is one for every interval: make it a list in the schema`,
          { nodes: nodes[0] },
        );
      }
      const child: ChildPlan = {
        key,
        field,
        node: nodes[0],
        link: column === undefined ? 'derived' : field.isList ? 'references' : 'reference',
        slot: slotOf(column ?? table.id),
        target: this.#target(field.reference, selectionSets(nodes)),
      };
      children.push(child);
      fields.push({ kind: 'child', key, child });
    }
    return { table, typename: this.#face.names.type(name), fields, columns, children };
  }

  #simple(sets: readonly SelectionSetNode[]): SimpleField[] {
    return [...this.#collect(sets, () => true)].map(([key, nodes]) => ({
      key,
      name: nodes[0].name.value,
      fields: this.#simple(selectionSets(nodes)),
    }));
  }

  /** Fields by response key, in order of first appearance, as CollectFields of the GraphQL specification. */
  #collect(
    sets: readonly SelectionSetNode[],
    applies: (condition: string) => boolean,
  ): Map<string, [FieldNode, ...FieldNode[]]> {
    const groups = new Map<string, [FieldNode, ...FieldNode[]]>();
    const visited = new Set<string>();
    const visit = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (!this.#included(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          const group = groups.get(key);
          if (group) group.push(selection);
          else groups.set(key, [selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          const condition = selection.typeCondition?.name.value;
          if (condition === undefined || applies(condition)) visit(selection.selectionSet);
        } else {
          const name = selection.name.value;
          const fragment = this.#fragments.get(name);
          if (visited.has(name) || fragment === undefined) continue;
          visited.add(name);
          if (applies(fragment.typeCondition.name.value)) visit(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) visit(set);
    return groups;
  }

  #included(node: Parameters<typeof getDirectiveValues>[1]): boolean {
    if (node.directives === undefined || node.directives.length === 0) return true;
    if (getDirectiveValues(GraphQLSkipDirective, node, this.#variables)?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, this.#variables)?.if !== false;
  }
}

function selectionSets(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap((node) => node.selectionSet ?? []);
}
