// Cost of an operation: how many objects it may return, list sizes multiplied down the tree.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { GatewayLimits } from '../gateway-options.ts';
import { refuse } from './refuse.ts';

/** Arguments that say how long a list gets. */
const SLICING = ['first', 'last', 'limit'] as const;
/** What a sliced list is taken for when its argument has neither value nor default (graph-node's default page). */
const DEFAULT_PAGE = 100;
/** What a list is taken for that cannot be sliced. */
const UNSLICED = 10;

type Variables = Readonly<Record<string, unknown>> | undefined;

/** One selected object field, ready to be weighed with the variables of a request. */
interface Weight {
  readonly field: string;
  /** Length of the list, or 1. */
  readonly size: number | { readonly variable: string; readonly fallback: number };
  readonly children: readonly (Weight | Fragment)[];
}

/** A named fragment's weights: shared by all its spreads, so that nested fragments are not expanded. */
interface Fragment {
  readonly name: string;
  readonly children: readonly (Weight | Fragment)[];
}

export interface Cost {
  readonly cost: number;
  /** The longest list asked for, and by which field. */
  readonly largestList: number;
  readonly largestField: string;
}

/** Weighs one operation with the variables of a request. */
export type CostFunction = (variables: Variables) => Cost;

function fieldsOf(type: GraphQLNamedType | undefined): Record<string, GraphQLField<unknown, unknown>> {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
}

/** Prepares the weighing of an operation; the result belongs to (schema, document, operationName) and can be kept. */
export function costFunction(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): CostFunction {
  const operation = getOperationAST(document, operationName);
  if (!operation) return () => ({ cost: 0, largestList: 0, largestField: '' });
  const definitions = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) definitions.set(node.name.value, node);
  }
  const defaults = new Map<string, ValueNode>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue) defaults.set(variable.name.value, defaultValue);
  }

  const sizeOf = (
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    sliced: boolean,
  ): Weight['size'] => {
    const isList = isListType(getNullableType(field.type));
    const argument = SLICING.find((name) => field.args.some((arg) => arg.name === name));
    if (!argument) return isList && !sliced ? UNSLICED : 1;
    const declared = Number(field.args.find((arg) => arg.name === argument)?.defaultValue ?? DEFAULT_PAGE);
    const given = node.arguments?.find(({ name }) => SLICING.includes(name.value as 'first'))?.value;
    if (!given) return declared;
    if (given.kind === Kind.INT) return Number(given.value);
    if (given.kind !== Kind.VARIABLE) return declared;
    const preset = defaults.get(given.name.value);
    const fallback = preset ? Number(valueFromASTUntyped(preset)) : declared;
    return { variable: given.name.value, fallback };
  };

  const fragments = new Map<string, { name: string; children: (Weight | Fragment)[] }>();
  const ofSelections = (
    set: SelectionSetNode,
    type: GraphQLNamedType | undefined,
    sliced: boolean,
  ): (Weight | Fragment)[] => {
    const weights: (Weight | Fragment)[] = [];
    const fields = fieldsOf(type);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const definition = definitions.get(name);
        if (!definition) continue;
        let fragment = fragments.get(name);
        if (!fragment) {
          fragment = { name, children: [] };
          fragments.set(name, fragment);
          const on = schema.getType(definition.typeCondition.name.value);
          fragment.children.push(...ofSelections(definition.selectionSet, on, sliced));
        }
        weights.push(fragment);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type;
        weights.push(...ofSelections(selection.selectionSet, on, sliced));
      } else {
        const field = fields[selection.name.value];
        if (!field || !selection.selectionSet) continue;
        const named = getNamedType(field.type);
        if (!isCompositeType(named)) continue;
        const size = sizeOf(selection, field, sliced);
        // In a connection the page size stands on the field and the list one level below: count it once.
        const slicedHere = size !== 1 && !isListType(getNullableType(field.type));
        weights.push({
          field: `${type?.name ?? ''}.${field.name}`,
          size,
          children: ofSelections(selection.selectionSet, named, slicedHere),
        });
      }
    }
    return weights;
  };

  const roots = ofSelections(
    operation.selectionSet,
    schema.getRootType(operation.operation) ?? undefined,
    false,
  );

  return (variables) => {
    let [largestList, largestField] = [0, ''];
    const unit = new Map<string, number>();
    const weigh = (nodes: readonly (Weight | Fragment)[]): number => {
      let sum = 0;
      for (const node of nodes) {
        if ('name' in node) {
          let known = unit.get(node.name);
          if (known === undefined) {
            unit.set(node.name, 0);
            known = weigh(node.children);
            unit.set(node.name, known);
          }
          sum += known;
          continue;
        }
        let size: number;
        if (typeof node.size === 'number') size = node.size;
        else {
          const given = variables?.[node.size.variable];
          size = given === undefined || given === null ? node.size.fallback : Number(given);
        }
        if (!(size >= 0)) size = 0; // negative or no number at all: the subgraph refuses it
        if (size > largestList) [largestList, largestField] = [size, node.field];
        sum += size * (1 + weigh(node.children));
      }
      return sum;
    };
    const cost = weigh(roots);
    return { cost, largestList, largestField };
  };
}

/** The limit that the cost exceeds, as the error to answer with. */
export function costError(cost: Cost, limits: GatewayLimits): GraphQLError | undefined {
  if (cost.largestList > limits.maxListSize) {
    return refuse(
      'maxListSize',
      `a list of ${cost.largestList} (${cost.largestField})`,
      limits.maxListSize,
      'page through it',
    );
  }
  if (cost.cost > limits.maxCost) {
    return refuse(
      'maxCost',
      `a cost of ${cost.cost} (objects it may return)`,
      limits.maxCost,
      'ask for shorter lists (first:) or fewer nested ones',
    );
  }
  return undefined;
}
