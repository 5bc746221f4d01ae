// Documents as graph-node reads them. It does not validate them by the specification: what it does not know is left out of arguments and
// directives, what has no selection is left out of answers, and what is left has errors of its own. Queries that run there run here.
import {
  type ArgumentNode,
  type ConstValueNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  typeFromAST,
  type ValueNode,
  visit,
} from 'graphql';
import { QueryError } from './errors.ts';

/** A document of one operation with only what graph-node sees of it, or its errors. */
export type ReadDocument = { readonly document: DocumentNode } | { readonly errors: readonly QueryError[] };

/** Reads a document with one operation; with several the caller has to choose first. */
export function readAsGraphNode(schema: GraphQLSchema, document: DocumentNode): ReadDocument {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    return { errors: [new QueryError('NOT_SUPPORTED', 'Operation name required')] };
  if (operation.operation === 'mutation')
    return { errors: [new QueryError('NOT_SUPPORTED', 'Not supported: Mutations are not supported')] };
  const root = operation.operation === 'subscription' ? schema.getSubscriptionType() : schema.getQueryType();
  if (!root)
    return { errors: [new QueryError('NOT_SUPPORTED', 'Not supported: Subscriptions are not supported')] };
  return new Reader(schema, document, operation).read(root);
}

class Reader {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #declared: ReadonlySet<string>;
  readonly #used = new Map<string, FragmentDefinitionNode>();
  /** Of fields that do not exist; all of them are told. */
  readonly #unknown: QueryError[] = [];

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
    this.#declared = new Set(
      (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    );
  }

  read(root: GraphQLCompositeType): ReadDocument {
    const { selectionSet } = this.#operation;
    const cycle = this.#cycle(selectionSet, new Set());
    if (cycle !== undefined)
      return { errors: [new QueryError('INVALID_QUERY', `query has fragment cycle including \`${cycle}\``)] };
    this.#checkFields(root.name, root, selectionSet);
    if (this.#unknown.length > 0) return { errors: this.#unknown };
    try {
      const kept = this.#selections(root, selectionSet);
      const operation = { ...this.#operation, directives: [], selectionSet: kept };
      return { document: this.#withoutUnusedVariables(operation) };
    } catch (error) {
      if (error instanceof InvalidArguments) return { errors: error.errors };
      throw error;
    }
  }

  #withoutUnusedVariables(operation: OperationDefinitionNode): DocumentNode {
    const fragments = [...this.#used.values()];
    const used = new Set<string>();
    for (const node of [operation.selectionSet, ...fragments])
      visit(node, {
        Variable(variable) {
          used.add(variable.name.value);
        },
      });
    const variableDefinitions = (operation.variableDefinitions ?? []).filter(
      ({ variable, type }) =>
        // One without a value is an error even where nothing uses it.
        used.has(variable.name.value) || type.kind === Kind.NON_NULL_TYPE,
    );
    return { kind: Kind.DOCUMENT, definitions: [{ ...operation, variableDefinitions }, ...fragments] };
  }

  /** A fragment that contains itself, by name. */
  #cycle(set: SelectionSetNode, within: ReadonlySet<string>): string | undefined {
    for (const node of set.selections) {
      let found: string | undefined;
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const name = node.name.value;
        const fragment = this.#fragments.get(name);
        if (fragment === undefined) continue;
        if (within.has(name)) return name;
        found = this.#cycle(fragment.selectionSet, new Set([...within, name]));
      } else if (node.selectionSet) found = this.#cycle(node.selectionSet, within);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  // -------------------------------------------------------------- fields that do not exist

  #checkFields(typeName: string, type: GraphQLCompositeType, set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const name = node.name.value;
        if (name === '__typename') continue;
        const field = this.#field(type, name);
        if (field === undefined) {
          const message = `Type \`${typeName}\` has no field \`${name}\``;
          this.#unknown.push(new QueryError('INVALID_QUERY', message, { nodes: node }));
          continue;
        }
        const below = getNamedType(field.type);
        if (isCompositeType(below) && node.selectionSet)
          this.#checkFields(below.name, below, node.selectionSet);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : undefined;
      if (node.kind === Kind.FRAGMENT_SPREAD && fragment === undefined) {
        this.#unknown.push(new QueryError('INVALID_QUERY', `fragment \`${node.name.value}\` is not defined`));
        continue;
      }
      const condition =
        fragment?.typeCondition ?? (node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition : undefined);
      const inside =
        fragment?.selectionSet ?? (node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : undefined);
      const named = condition ? this.#schema.getType(condition.name.value) : type;
      if (!isCompositeType(named))
        this.#unknown.push(
          new QueryError('INVALID_QUERY', `Failed to resolve named type \`${condition?.name.value ?? ''}\``),
        );
      else if (inside) this.#checkFields(condition ? named.name : typeName, named, inside);
    }
  }

  #field(type: GraphQLCompositeType, name: string) {
    if (type === this.#schema.getQueryType()) {
      if (name === '__schema') return SchemaMetaFieldDef;
      if (name === '__type') return TypeMetaFieldDef;
    }
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  // -------------------------------------------------------------- what is left of a selection

  #selections(type: GraphQLCompositeType, set: SelectionSetNode): SelectionSetNode {
    const selections: SelectionNode[] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const kept = this.#keptField(type, node);
        if (kept) selections.push(kept);
        continue;
      }
      const directives = this.#directives(node.directives);
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const named = node.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : type;
        const inside = isCompositeType(named)
          ? this.#selections(named, node.selectionSet)
          : node.selectionSet;
        if (inside.selections.length > 0) selections.push({ ...node, directives, selectionSet: inside });
      } else if (this.#usedFragment(node.name.value)) selections.push({ ...node, directives });
    }
    return { ...set, selections };
  }

  /** Whether anything is left of a fragment. */
  #usedFragment(name: string): boolean {
    const known = this.#used.get(name);
    if (known) return true;
    const fragment = this.#fragments.get(name);
    const type = fragment && this.#schema.getType(fragment.typeCondition.name.value);
    if (fragment === undefined || !isCompositeType(type)) return false;
    const selectionSet = this.#selections(type, fragment.selectionSet);
    if (selectionSet.selections.length === 0) return false;
    this.#used.set(name, { ...fragment, directives: [], selectionSet });
    return true;
  }

  #keptField(type: GraphQLCompositeType, node: FieldNode): FieldNode | undefined {
    const name = node.name.value;
    const directives = this.#directives(node.directives);
    if (name === '__typename') return { ...node, arguments: [], directives, selectionSet: undefined };
    const field = this.#field(type, name);
    if (field === undefined) return undefined;
    const kept = { ...node, directives, arguments: this.#arguments(field.args, node.arguments ?? []) };
    const below = getNamedType(field.type);
    if (isLeafType(below)) return { ...kept, selectionSet: undefined };
    if (!isCompositeType(below) || !node.selectionSet) return undefined;
    const selectionSet = this.#selections(below, node.selectionSet);
    return selectionSet.selections.length === 0 ? undefined : { ...kept, selectionSet };
  }

  /** `skip` and `include` alone mean anything; without a condition they apply, and what is no boolean is false. */
  #directives(directives: readonly DirectiveNode[] | undefined): DirectiveNode[] {
    return (directives ?? []).flatMap((node): DirectiveNode[] => {
      const name = node.name.value;
      if (name !== 'skip' && name !== 'include') return [];
      const given = node.arguments?.find((argument) => argument.name.value === 'if');
      const value = given?.value;
      const declared = value?.kind === Kind.VARIABLE && this.#declared.has(value.name.value);
      const condition: ValueNode =
        declared || value?.kind === Kind.BOOLEAN ? value : { kind: Kind.BOOLEAN, value: given === undefined };
      const argument: ArgumentNode = {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'if' },
        value: condition,
      };
      return [{ ...node, arguments: [argument] }];
    });
  }

  // -------------------------------------------------------------- arguments

  #arguments(definitions: readonly GraphQLArgument[], given: readonly ArgumentNode[]): ArgumentNode[] {
    const errors: QueryError[] = [];
    const kept: ArgumentNode[] = [];
    for (const definition of definitions) {
      const node = given.find((argument) => argument.name.value === definition.name);
      if (node === undefined) {
        if (isNonNullType(definition.type) && definition.defaultValue === undefined)
          errors.push(
            new QueryError(
              'INVALID_ARGUMENT',
              `No value provided for required argument: \`${definition.name}\``,
            ),
          );
        continue;
      }
      const value = this.#value(node.value);
      const wrong = offending(definition.type, value);
      if (wrong !== undefined) errors.push(invalidArgument(definition.name, wrong));
      else if (lacksField(definition.type, value))
        errors.push(new QueryError('BAD_ARGUMENT', 'Filter must by an object'));
      else kept.push({ ...node, value: coerced(definition.type, value) });
    }
    if (errors.length > 0) throw new InvalidArguments(errors);
    return kept;
  }

  /** Variables that the operation does not declare are null. */
  #value(node: ValueNode): ValueNode {
    return visit(node, {
      Variable: (variable) =>
        this.#declared.has(variable.name.value) ? undefined : { kind: Kind.NULL as const },
    });
  }
}

/** What is wrong with the values of an operation's variables; the first that does not fit ends the reading. */
export function variableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): QueryError[] {
  const errors: QueryError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const at = { nodes: definition };
    const type = typeFromAST(schema, definition.type as NamedTypeNode);
    if (!type || !isInputType(type)) {
      errors.push(new QueryError('INVALID_QUERY', `Variable \`${name}\` must have an input type`, at));
      continue;
    }
    const value = variables[name];
    if (value === undefined) {
      if (definition.defaultValue === undefined && isNonNullType(type))
        errors.push(
          new QueryError('INVALID_QUERY', `No value provided for required variable \`${name}\``, at),
        );
      continue;
    }
    const wrong = offending(type, literalOf(value));
    if (wrong !== undefined)
      return [
        new QueryError(
          'INVALID_QUERY',
          `Invalid value provided for argument \`${name}\`: ${shown(wrong)}`,
          at,
        ),
      ];
  }
  return errors;
}

/** JSON as a literal. */
function literalOf(value: unknown): ValueNode {
  if (value === null || value === undefined) return { kind: Kind.NULL };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  if (typeof value === 'number')
    return { kind: Number.isInteger(value) ? Kind.INT : Kind.FLOAT, value: String(value) };
  if (Array.isArray(value)) return { kind: Kind.LIST, values: value.map(literalOf) as ConstValueNode[] };
  return {
    kind: Kind.OBJECT,
    fields: Object.entries(value).map(([name, item]) => ({
      kind: Kind.OBJECT_FIELD,
      name: { kind: Kind.NAME, value: name },
      value: literalOf(item) as ConstValueNode,
    })),
  };
}

class InvalidArguments extends Error {
  readonly errors: readonly QueryError[];

  constructor(errors: readonly QueryError[]) {
    super('invalid arguments');
    this.errors = errors;
  }
}

/** A value that its argument does not take, shown as graph-node shows it. */
export function invalidArgument(name: string, value: ValueNode): QueryError {
  return new QueryError(
    'INVALID_ARGUMENT',
    `Invalid value provided for argument \`${name}\`: ${shown(value)}`,
  );
}

/** The part of a value that cannot be coerced to a type; objects are blamed as a whole. */
function offending(type: GraphQLInputType, value: ValueNode): ValueNode | undefined {
  if (value.kind === Kind.VARIABLE) return undefined;
  if (isNonNullType(type)) return value.kind === Kind.NULL ? value : offending(type.ofType, value);
  if (value.kind === Kind.NULL) return undefined;
  if (isListType(type)) {
    if (value.kind !== Kind.LIST) return value;
    for (const item of value.values) {
      const wrong = offending(type.ofType, item);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (isEnumType(type)) {
    const named = value.kind === Kind.ENUM || value.kind === Kind.STRING;
    return named && type.getValue(value.value) ? undefined : value;
  }
  if (isInputObjectType(type)) {
    if (value.kind !== Kind.OBJECT) return value;
    const fields = type.getFields();
    const fits = value.fields.every((field) => {
      const definition = fields[field.name.value];
      return definition !== undefined && offending(definition.type, field.value) === undefined;
    });
    return fits ? undefined : value;
  }
  return isScalarValue(getNamedType(type).name, value) ? undefined : value;
}

/** An input object without a field that it must have: `_change_block: {}`, at any depth. */
function lacksField(type: GraphQLInputType, value: ValueNode): boolean {
  const named = getNamedType(type);
  if (value.kind === Kind.LIST) return value.values.some((item) => lacksField(named, item));
  if (value.kind !== Kind.OBJECT || !isInputObjectType(named)) return false;
  const definitions = named.getFields();
  const given = new Set(value.fields.map(({ name }) => name.value));
  return (
    Object.values(definitions).some((field) => isRequiredInputField(field) && !given.has(field.name)) ||
    value.fields.some((field) => {
      const definition = definitions[field.name.value];
      return definition !== undefined && lacksField(definition.type, field.value);
    })
  );
}

const MAX_INT = 2 ** 31;

function isScalarValue(scalar: string, value: ValueNode): boolean {
  const text = value.kind === Kind.STRING;
  const integer = value.kind === Kind.INT;
  switch (scalar) {
    case 'Boolean':
      return value.kind === Kind.BOOLEAN;
    case 'Int':
      return integer && Number(value.value) >= -MAX_INT && Number(value.value) < MAX_INT;
    case 'BigDecimal':
      return text || integer || value.kind === Kind.FLOAT;
    case 'Timestamp':
      return text && /^-?\d+$/.test(value.value);
    case 'ID':
    case 'BigInt':
    case 'Int8':
      return text || integer;
    default:
      return text;
  }
}

/** The same value in the form that the specification wants: words of enums are not text. */
function coerced(type: GraphQLInputType, value: ValueNode): ValueNode {
  if (isNonNullType(type)) return coerced(type.ofType, value);
  if (isListType(type))
    return value.kind === Kind.LIST
      ? { ...value, values: value.values.map((item) => coerced(type.ofType, item)) }
      : value;
  if (isEnumType(type) && value.kind === Kind.STRING) return { kind: Kind.ENUM, value: value.value };
  if (isInputObjectType(type) && value.kind === Kind.OBJECT) {
    const definitions = type.getFields();
    return {
      ...value,
      fields: value.fields.map((field) => {
        const definition = definitions[field.name.value];
        return definition ? { ...field, value: coerced(definition.type, field.value) } : field;
      }),
    };
  }
  return value;
}

/** A value as Rust's debug format has it. */
function shown(value: ValueNode): string {
  switch (value.kind) {
    case Kind.INT:
      return `Int(Number(${value.value}))`;
    case Kind.FLOAT: {
      const number = Number(value.value);
      return `Float(${Number.isInteger(number) ? `${number}.0` : number})`;
    }
    case Kind.STRING:
      return `String(${JSON.stringify(value.value)})`;
    case Kind.BOOLEAN:
      return `Boolean(${value.value})`;
    case Kind.NULL:
      return 'Null';
    case Kind.ENUM:
      return `Enum(${JSON.stringify(value.value)})`;
    case Kind.LIST:
      return `List([${value.values.map(shown).join(', ')}])`;
    case Kind.OBJECT: {
      const fields = value.fields
        .map((field) => [field.name.value, shown(field.value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return `Object({${fields.map(([name, text]) => `${JSON.stringify(name)}: ${text}`).join(', ')}})`;
    }
    default:
      return `Variable(${JSON.stringify(value.name.value)})`;
  }
}
