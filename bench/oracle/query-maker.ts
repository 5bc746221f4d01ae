// Random queries that graph-node accepts, made from a subgraph's introspection and the values it holds: selections with aliases,
// fragments and directives, every filter operator of every field, orderings, paging, blocks and variables.
import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Coverage } from './coverage.ts';
import { type Argument, EnumWord, printArguments, type Query, Variable } from './query-parts.ts';
import type { Random } from './random.ts';
import type { ValuePools } from './value-pools.ts';

/** What of the chain queries may name. */
export interface ChainView {
  readonly first: number;
  readonly head: number;
  /** Hashes of blocks that the deployment remembers, by number: graph-node knows more of them. */
  readonly hashes: ReadonlyMap<number, string>;
}

type Composite = GraphQLObjectType & { readonly name: string };

const PAGING = new Set(['and', 'or', '_change_block']);
const ORDERED = new Set(['', 'not', 'gt', 'lt', 'gte', 'lte']);

/** A list's or the meta fields of a query root are told by their arguments. */
type WithArguments = { readonly args: readonly { readonly name: string }[] };
const hasArgument = (field: WithArguments, name: string) =>
  field.args.some((argument) => argument.name === name);

function isList(type: unknown): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type);
}

export class QueryMaker {
  readonly #schema: GraphQLSchema;
  readonly #pools: ValuePools;
  readonly #chain: ChainView;
  readonly #random: Random;
  readonly #coverage: Coverage;
  #variables: Variable[] = [];
  #fragments: string[] = [];
  /** True below a root that names a block: graph-node's current bucket is then that of the head, ours that of the block. */
  #past = false;

  constructor(options: {
    readonly schema: GraphQLSchema;
    readonly pools: ValuePools;
    readonly chain: ChainView;
    readonly random: Random;
    readonly coverage: Coverage;
  }) {
    this.#schema = options.schema;
    this.#pools = options.pools;
    this.#chain = options.chain;
    this.#random = options.random;
    this.#coverage = options.coverage;
  }

  make(): Query {
    const random = this.#random;
    this.#variables = [];
    this.#fragments = [];
    const count = random.chance(0.15) ? 2 : 1;
    const roots = Array.from({ length: count }, (_, index) => this.#root(count > 1 ? `r${index}: ` : ''));
    if (count > 1) this.#coverage.shape('several roots');
    if (random.chance(0.1)) roots.push('__typename');
    const declared = this.#variables.map(({ name, type }) => `$${name}: ${type}`);
    const head =
      declared.length > 0 ? `query Made(${declared.join(', ')}) ` : random.chance(0.2) ? 'query ' : '';
    if (declared.length > 0) this.#coverage.shape('variables');
    return {
      text: [`${head}{ ${roots.join(' ')} }`, ...this.#fragments].join(' '),
      ...(declared.length > 0 && {
        variables: Object.fromEntries(
          this.#variables.map(({ name, value }) => [name, JSON.parse(JSON.stringify(value)) as unknown]),
        ),
      }),
    };
  }

  #root(alias: string): string {
    const random = this.#random;
    const fields = Object.values(this.#schema.getQueryType()?.getFields() ?? {});
    if (random.chance(0.04)) {
      this.#coverage.shape('_meta');
      const at = this.#block();
      return `${alias}_meta${at === undefined ? '' : printArguments({ block: at })} { block { ${random.some(['number', 'hash', 'timestamp', 'parentHash'], 1).join(' ')} } ${random.some(['hasIndexingErrors', 'deployment', '__typename'], 0).join(' ')} }`;
    }
    const lists = fields.filter((field) => hasArgument(field, 'where'));
    const singles = fields.filter((field) => hasArgument(field, 'id') && !hasArgument(field, 'where'));
    const single = random.chance(0.12);
    const field = random.pick(single ? singles : lists);
    const type = getNamedType(field.type) as Composite;
    const values: Record<string, Argument> = {};
    if (single) {
      this.#coverage.shape('one by id');
      values.id = this.#pools.pick(type.name, 'id', random) ?? 'nothing';
      if (random.chance(0.15)) values.id = type.name.length % 2 ? '0xff' : '0x00ff';
    } else {
      this.#coverage.shape('list');
      Object.assign(values, this.#listArguments(type, true, field));
    }
    // Which block a bucket belongs to depends on which blocks without events graph-node has looked at.
    const block = random.chance(0.3) && !hasArgument(field, 'interval') ? this.#block() : undefined;
    if (block !== undefined) values.block = block;
    this.#past = block !== undefined;
    if (random.chance(0.08)) {
      this.#coverage.shape('subgraphError');
      values.subgraphError = new EnumWord(random.pick(['allow', 'deny']));
    }
    return `${alias}${field.name}${printArguments(values)} ${this.#selection(type, 2)}`;
  }

  #block(): Argument | undefined {
    const { first, head, hashes } = this.#chain;
    const random = this.#random;
    const number = first + random.below(head - first + 1);
    const kind = random.pick(['number', 'number', 'hash', 'number_gte']);
    this.#coverage.shape(`block by ${kind}`);
    if (kind === 'hash') return { hash: random.pick([...hashes.values()]) };
    return { [kind]: number };
  }

  #listArguments(type: Composite, root: boolean, field: WithArguments): Record<string, Argument> {
    const random = this.#random;
    const values: Record<string, Argument> = {};
    const aggregated = hasArgument(field, 'interval');
    if (aggregated) {
      this.#coverage.shape('aggregation');
      values.interval = new EnumWord(type.name === 'SideStats' ? 'day' : random.pick(['hour', 'day']));
    }
    if (hasArgument(field, 'text')) {
      this.#coverage.shape('full-text search');
      values.text = this.#maybeVariable('t', 'String!', searchText(random));
    }
    if (random.chance(0.5)) values.first = this.#maybeVariable('n', 'Int', 1 + random.below(12));
    if (random.chance(0.25)) values.skip = random.below(4);
    if (random.chance(0.5) && hasArgument(field, 'orderBy')) {
      const order = random.pick(this.#orderings(type, root));
      this.#coverage.shape(order.includes('__') ? 'ordered by a child’s field' : 'ordered');
      this.#coverage.orderType(this.#typeOfPath(type, order));
      values.orderBy = new EnumWord(order);
      if (random.chance(0.7)) values.orderDirection = new EnumWord(random.pick(['asc', 'desc']));
    }
    // graph-node cannot order the current bucket by a child's field.
    if (
      aggregated &&
      !(this.#past && !root) &&
      random.chance(0.5) &&
      !printArguments(values).includes('__')
    ) {
      const current = random.pick(['include', 'include', 'exclude']);
      this.#coverage.shape(`current: ${current}`);
      values.current = new EnumWord(current);
    }
    const filter = this.#schema.getType(`${type.name}_filter`);
    if (random.chance(0.65) && isInputObjectType(filter)) {
      const where = this.#where(filter, type, root ? 2 : 1, aggregated);
      if (Object.keys(where).length > 0) values.where = this.#maybeVariable('w', filter.name, where);
    }
    return values;
  }

  #maybeVariable(prefix: string, type: string, value: Argument): Argument {
    if (!this.#random.chance(0.12)) return value;
    const variable = new Variable(`${prefix}${this.#variables.length}`, type, value);
    this.#variables.push(variable);
    return variable;
  }

  /** Fields that graph-node can order by: scalars, and at the root those of references. */
  #orderings(type: Composite, root: boolean): string[] {
    const scalars = (of: Composite) =>
      Object.values(of.getFields()).filter(
        (field) =>
          isLeafType(getNamedType(field.type)) &&
          !isList(field.type) &&
          !isEnumType(getNamedType(field.type)),
      );
    const own = scalars(type).map(({ name }) => name);
    if (!root) return own;
    const below = Object.values(type.getFields()).flatMap((field) => {
      const child = getNamedType(field.type);
      if (!isObjectType(child) || isList(field.type)) return [];
      // graph-node leaves the order among equal children open, which their ids would show.
      return scalars(child)
        .filter(({ name }) => name !== 'id')
        .map(({ name }) => `${field.name}__${name}`);
    });
    return [...own, ...own, ...below];
  }

  #typeOfPath(type: Composite, path: string): string {
    const [first = '', second] = path.split('__');
    const field = type.getFields()[first];
    const named = field && (getNamedType(field.type) as Composite);
    if (second === undefined) return named?.name ?? '';
    const below = named?.getFields()[second];
    return below ? getNamedType(below.type).name : '';
  }

  // -------------------------------------------------------------- filters

  #where(
    filter: GraphQLInputObjectType,
    type: Composite,
    depth: number,
    aggregated = false,
  ): Record<string, Argument> {
    const random = this.#random;
    const nested = depth > 1 && random.chance(0.25);
    if (nested) {
      const word = random.pick(['and', 'or']);
      this.#coverage.operator(word);
      const parts = Array.from({ length: 1 + random.below(3) }, () =>
        this.#where(filter, type, depth - 1, aggregated),
      );
      return { [word]: parts.filter((part) => Object.keys(part).length > 0) };
    }
    const conditions: Record<string, Argument> = {};
    const fields = Object.values(filter.getFields()).filter(({ name }) => !PAGING.has(name));
    for (let count = 1 + random.below(2); count > 0; count--) {
      const field = random.pick(fields);
      const made = this.#condition(field, type, depth);
      if (made !== undefined) conditions[field.name] = made;
    }
    if (depth > 1 && !aggregated && random.chance(0.06)) {
      this.#coverage.operator('_change_block');
      conditions._change_block = { number_gte: random.below(this.#chain.head + 2) };
    }
    return conditions;
  }

  /** The field of the entity that a condition is about, and the operator. */
  #target(name: string, type: Composite): { readonly field: string; readonly operator: string } | undefined {
    const fields = Object.keys(type.getFields())
      .filter((field) => name === field || name.startsWith(`${field}_`))
      .sort((a, b) => b.length - a.length);
    const [field] = fields;
    return field === undefined ? undefined : { field, operator: name.slice(field.length + 1) };
  }

  #condition(input: GraphQLInputField, type: Composite, depth: number): Argument | undefined {
    const random = this.#random;
    const target = this.#target(input.name, type);
    const field = target && type.getFields()[target.field];
    if (target === undefined || field === undefined) return undefined;
    const named = getNamedType(field.type);
    if (isInputObjectType(getNamedType(input.type))) {
      // One level of children is what graph-node takes.
      if (!isObjectType(named) || depth < 1 || hasArgument(field, 'interval')) return undefined;
      const below = this.#childWhere(getNamedType(input.type) as GraphQLInputObjectType, named);
      if (Object.keys(below).length === 0) return undefined;
      this.#coverage.operator('child_');
      return below;
    }
    if (!isLeafType(named) && kindOf(named) === 'Bytes' && TEXT_ONLY.test(target.operator)) return undefined;
    this.#coverage.operator(target.operator === '' ? '=' : target.operator);
    this.#coverage.type(
      `${isList(field.type) ? '[' : ''}${isLeafType(named) ? named.name : 'reference'}${isList(field.type) ? ']' : ''}`,
    );
    const nullable = target.operator === '' || target.operator === 'not';
    if (nullable && !isNonNullType(field.type) && random.chance(0.15)) return null;
    const one = () => this.#value(named, type, target.field, target.operator);
    if (!isList(input.type)) return one();
    return Array.from({ length: random.below(4) }, one);
  }

  #childWhere(filter: GraphQLInputObjectType, type: Composite): Record<string, Argument> {
    const conditions: Record<string, Argument> = {};
    const fields = Object.values(filter.getFields()).filter(
      ({ name, type: of }) => !PAGING.has(name) && !isInputObjectType(getNamedType(of)),
    );
    for (let count = 1 + this.#random.below(2); count > 0; count--) {
      const field = this.#random.pick(fields);
      const made = this.#condition(field, type, 0);
      if (made !== undefined) conditions[field.name] = made;
    }
    return conditions;
  }

  #value(named: GraphQLNamedType, type: Composite, field: string, operator: string): Argument {
    const random = this.#random;
    if (isEnumType(named)) return new EnumWord(random.pick(named.getValues()).name);
    const known = isLeafType(named)
      ? this.#pools.pick(type.name, field, random)
      : this.#pools.pick(named.name, 'id', random);
    const kind = kindOf(named);
    if (kind === 'Boolean') return known ?? true;
    if (kind === 'Int') return (typeof known === 'number' ? known : 0) + random.below(3) - 1;
    const text = known === undefined ? fallback(kind) : String(known);
    if (ORDERED.has(operator) || operator === 'in' || operator === 'not_in')
      return random.chance(0.9) ? text : fallback(kind);
    // A part of a number is no number.
    if (kind !== 'Bytes' && kind !== 'String' && kind !== 'ID') return text;
    // Parts of what is there; patterns are part of the language.
    if (kind === 'Bytes') {
      const bytes = Math.max(0, (text.length - 2) / 2);
      const from = random.below(bytes + 1);
      return `0x${text.slice(2 + from * 2, 2 + (from + 1 + random.below(3)) * 2)}`;
    }
    const from = operator.includes('ends')
      ? Math.max(0, text.length - 3)
      : random.below(Math.max(1, text.length - 1));
    const start = operator.includes('starts') ? 0 : from;
    const part = text.slice(start, start + 1 + random.below(4));
    return operator.includes('nocase') && random.chance(0.5) ? part.toUpperCase() : part;
  }

  // -------------------------------------------------------------- selections

  #selection(type: GraphQLNamedType, depth: number): string {
    const random = this.#random;
    if (!isObjectType(type) && !isInterfaceType(type)) return '';
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const parts = random.some(leaves, 1, 6).map((field) => {
      const alias = random.chance(0.1) ? `a_${field.name}: ` : '';
      const directive = this.#directive();
      return `${alias}${field.name}${directive}`;
    });
    // Without this nothing tells rows apart. And of a selection that directives leave nothing of, graph-node knows no answer.
    if (random.chance(0.8) && !parts.includes('id')) parts.unshift('id');
    else if (parts.every((part) => part.includes(' @'))) parts.unshift('id');
    if (random.chance(0.1)) parts.push('__typename');
    if (depth > 0) {
      const below = fields.filter((field) => !isLeafType(getNamedType(field.type)));
      for (const field of random.some(below, 0, 2)) {
        const child = getNamedType(field.type) as Composite;
        this.#coverage.shape(isList(field.type) ? 'list of children' : 'reference');
        const values = isList(field.type) ? this.#listArguments(child, false, field) : {};
        parts.push(`${field.name}${printArguments(values)} ${this.#selection(child, depth - 1)}`);
      }
    }
    if (isInterfaceType(type)) {
      for (const object of this.#schema.getImplementations(type).objects) {
        if (!random.chance(0.5)) continue;
        this.#coverage.shape('interface');
        const own = Object.values(object.getFields()).filter(
          (field) => isLeafType(getNamedType(field.type)) && !isList(field.type),
        );
        const picked = random.pick(own);
        parts.push(`... on ${object.name} { ${object.name.toLowerCase()}_${picked.name}: ${picked.name} }`);
      }
    }
    return `{ ${this.#fragmented(type.name, parts)} }`;
  }

  #directive(): string {
    if (!this.#random.chance(0.05)) return '';
    this.#coverage.shape('directive');
    const word = this.#random.pick(['include', 'skip']);
    const condition = this.#random.chance(0.5);
    if (this.#random.chance(0.5)) return ` @${word}(if: ${condition})`;
    const variable = new Variable(`c${this.#variables.length}`, 'Boolean!', condition);
    this.#variables.push(variable);
    return ` @${word}(if: $${variable.name})`;
  }

  /** Some of a selection behind a fragment. */
  #fragmented(type: string, parts: readonly string[]): string {
    const random = this.#random;
    if (parts.length < 2 || !random.chance(0.2)) return parts.join(' ');
    const at = 1 + random.below(parts.length - 1);
    const inside = parts.slice(at).join(' ');
    if (random.chance(0.5)) {
      this.#coverage.shape('inline fragment');
      return `${parts.slice(0, at).join(' ')} ... on ${type} { ${inside} }`;
    }
    this.#coverage.shape('named fragment');
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type} { ${inside} }`);
    return `${parts.slice(0, at).join(' ')} ...${name}`;
  }
}

/** The scalar a field is filtered by: a reference's is that of its id. */
function kindOf(named: GraphQLNamedType): string {
  if (isLeafType(named)) return named.name;
  const id = isObjectType(named) || isInterfaceType(named) ? named.getFields().id : undefined;
  return id ? getNamedType(id.type).name : 'String';
}

/** What graph-node offers for references to entities with ids of bytes, and fails to put into SQL. */
const TEXT_ONLY = /nocase|starts_with|ends_with/;

/** A query that graph-node's PostgreSQL can read, over words of which some occur. */
function searchText(random: Random): string {
  const word = () =>
    random.pick(['run', 'running', 'forest', 'traded', 'lazy', 'fox', 'foxes', 'the', 'nothing']);
  switch (random.below(6)) {
    case 0:
      return `${word()} & ${word()}`;
    case 1:
      return `${word()} | ${word()}`;
    case 2:
      return `${word()} <-> ${word()}`;
    case 3:
      return `${word().slice(0, 3)}:*`;
    case 4:
      return `(${word()} | ${word()}) & !${word()}`;
    default:
      return word();
  }
}

function fallback(kind: string): string {
  switch (kind) {
    case 'Bytes':
      return '0x00';
    case 'BigInt':
    case 'Int8':
    case 'Timestamp':
      return '1000';
    case 'BigDecimal':
      return '0.5';
    default:
      return 'a';
  }
}
