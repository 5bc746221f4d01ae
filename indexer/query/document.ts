// Documents are validated once, and their plans kept, for as long as the caller keeps the document.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  getVariableValues,
  Kind,
  KnownTypeNamesRule,
  NoUnusedVariablesRule,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  VariablesAreInputTypesRule,
  VariablesInAllowedPositionRule,
  validate,
  visit,
} from 'graphql';
import type { Layout } from '#indexer/store/layout.ts';
import { QueryError } from './errors.ts';
import type { Face } from './face.ts';
import { readAsGraphNode, variableErrors } from './graph-node-document.ts';
import { planOperation, type RootPlan } from './plan.ts';

/** An operation ready to run. */
export interface PreparedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly roots: readonly RootPlan[];
}

/** What is known of one operation of a document. */
interface Operation {
  readonly node: OperationDefinitionNode;
  /** Variables that decide @skip and @include: the plan depends on their values, and on no others. */
  readonly deciding: readonly string[];
  readonly plans: Map<string, readonly RootPlan[]>;
}

interface KnownDocument {
  readonly errors: readonly GraphQLError[];
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Plans kept for one operation: more than a few combinations of @skip and @include are not worth remembering. */
const MAX_PLANS = 16;

/** Validates and plans the documents of one face of one deployment. */
export class DocumentCache {
  readonly #face: Face;
  readonly #layout: Layout;
  readonly #known = new WeakMap<DocumentNode, KnownDocument>();

  constructor(face: Face, layout: Layout) {
    this.#face = face;
    this.#layout = layout;
  }

  /**
   * The operation to run with its variables coerced and its plan, or why it cannot run.
   * @throws QueryError NOT_SUPPORTED for mutations and for a document with several operations and no name
   */
  prepare(
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    operationName?: string,
  ): PreparedOperation | { readonly errors: readonly GraphQLError[] } {
    if (this.#face.kind === 'graph-node' && !operationName && operationsOf(document) > 1)
      throw new QueryError('NOT_SUPPORTED', 'Operation name required');
    let known = this.#known.get(document);
    if (known === undefined) {
      known = this.#read(document);
      this.#known.set(document, known);
    }
    if (known.errors.length > 0) return { errors: known.errors };
    const operation = pick(known.operations, operationName);
    if (this.#face.kind === 'graph-node') {
      const errors = variableErrors(this.#face.schema, operation.node, variables);
      if (errors.length > 0) return { errors };
    }
    const coerced = getVariableValues(this.#face.schema, operation.node.variableDefinitions ?? [], variables);
    if (coerced.errors) return { errors: coerced.errors };
    return {
      operation: operation.node,
      fragments: known.fragments,
      variables: coerced.coerced,
      roots: this.#plan(operation, known.fragments, coerced.coerced),
    };
  }

  #plan(
    { node, deciding, plans }: Operation,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Readonly<Record<string, unknown>>,
  ): readonly RootPlan[] {
    const key = deciding.map((name) => (variables[name] === true ? '1' : '0')).join('');
    const kept = plans.get(key);
    if (kept) return kept;
    const plan = planOperation({
      face: this.#face,
      layout: this.#layout,
      operation: node,
      fragments,
      variables,
    });
    if (plans.size < MAX_PLANS) plans.set(key, plan);
    return plan;
  }

  #read(document: DocumentNode): KnownDocument {
    const { schema } = this.#face;
    let read = document;
    // A document with several operations is chosen from by name, which graph-node cannot do.
    if (this.#face.kind === 'graph-node' && operationsOf(document) < 2) {
      const found = readAsGraphNode(schema, document);
      if ('errors' in found) return { errors: found.errors, operations: [], fragments: new Map() };
      read = found.document;
    }
    // graph-node gives no hints; neither do we, as they would also disclose names that a gateway hides.
    const rules = read === document ? undefined : RULES_LEFT;
    const errors = validate(schema, read, rules, { hideSuggestions: true });
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: Operation[] = [];
    const deciding = decidingVariables(read);
    for (const definition of read.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      else if (definition.kind === Kind.OPERATION_DEFINITION) {
        operations.push({ node: definition, deciding, plans: new Map() });
      }
    }
    return { errors, operations, fragments };
  }
}

const SEEN_TO: ReadonlySet<ValidationRule> = new Set([
  ValuesOfCorrectTypeRule,
  VariablesInAllowedPositionRule,
  NoUnusedVariablesRule,
  KnownTypeNamesRule,
  VariablesAreInputTypesRule,
  // The first of several fields under one key counts.
  OverlappingFieldsCanBeMergedRule,
]);

/** What the specification demands beyond what graph-node's reading has seen to: values are coerced there, variables anywhere. */
const RULES_LEFT = specifiedRules.filter((rule) => !SEEN_TO.has(rule));

function operationsOf(document: DocumentNode): number {
  return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
}

function pick(operations: readonly Operation[], name: string | undefined): Operation {
  const found =
    name === undefined || name === ''
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find(({ node }) => node.name?.value === name);
  if (found === undefined) {
    throw new QueryError(
      'NOT_SUPPORTED',
      name ? `Operation name not found \`${name}\`` : 'Operation name required',
    );
  }
  if (found.node.operation === 'mutation') {
    throw new QueryError('NOT_SUPPORTED', 'Not supported: Mutations are not supported');
  }
  return found;
}

function decidingVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
      for (const { value } of directive.arguments ?? []) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names];
}
