// Documents are validated once, and their plans kept, for as long as the caller keeps the document.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  validate,
  visit,
} from 'graphql';
import type { Layout } from '#indexer/store/layout.ts';
import { QueryError } from './errors.ts';
import type { Face } from './face.ts';
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
    let known = this.#known.get(document);
    if (known === undefined) {
      known = this.#read(document);
      this.#known.set(document, known);
    }
    if (known.errors.length > 0) return { errors: known.errors };
    const operation = pick(known.operations, operationName);
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
    // graph-node gives no hints; neither do we, as they would also disclose names that a gateway hides.
    const errors = validate(this.#face.schema, document, undefined, { hideSuggestions: true });
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: Operation[] = [];
    const deciding = decidingVariables(document);
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      else if (definition.kind === Kind.OPERATION_DEFINITION) {
        operations.push({ node: definition, deciding, plans: new Map() });
      }
    }
    return { errors, operations, fragments };
  }
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
