// Reads `@aggregation` types under graph-node's rules: which timeseries they are made from, by which intervals and dimensions, and how.
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type {
  Aggregate,
  AggregateFunction,
  Aggregation,
  AggregationInterval,
  EntityField,
  EntityType,
  ScalarKind,
} from '#indexer/model.ts';
import { ExpressionError, fieldsOf, parseExpression } from './aggregate-expression.ts';

export const INTERVALS: readonly AggregationInterval[] = ['hour', 'day'];
const AGGREGATE_FUNCTIONS: readonly AggregateFunction[] = ['sum', 'count', 'min', 'max', 'first', 'last'];

/** Numbers that fit into others: a value of a kind may be aggregated into those that stand behind it. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  Int: ['Int', 'Int8', 'BigInt', 'BigDecimal'],
  Int8: ['Int8', 'BigInt', 'BigDecimal'],
  BigInt: ['BigInt', 'BigDecimal'],
  BigDecimal: ['BigDecimal'],
};

export interface AggregationInput {
  readonly definition: ObjectTypeDefinitionNode;
  /** The type's fields, read as those of any type. */
  readonly fields: readonly EntityField[];
  readonly entities: ReadonlyMap<string, EntityType>;
  problem(node: { readonly loc?: ObjectTypeDefinitionNode['loc'] }, message: string): void;
}

export const findDirective = (
  node: { readonly directives?: readonly ConstDirectiveNode[] },
  name: string,
): ConstDirectiveNode | undefined => node.directives?.find((found) => found.name.value === name);

export const argumentOf = (node: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  node.arguments?.find((argument) => argument.name.value === name)?.value;

/** The aggregation that a type declares; what is wrong with it is reported as problems. */
export function readAggregation(input: AggregationInput): Aggregation {
  return new AggregationReader(input).read();
}

class AggregationReader {
  readonly #definition: ObjectTypeDefinitionNode;
  readonly #fields: readonly EntityField[];
  readonly #entities: ReadonlyMap<string, EntityType>;
  readonly #problem: AggregationInput['problem'];
  readonly #name: string;

  constructor({ definition, fields, entities, problem }: AggregationInput) {
    this.#definition = definition;
    this.#fields = fields;
    this.#entities = entities;
    this.#problem = problem;
    this.#name = definition.name.value;
  }

  read(): Aggregation {
    const definition = this.#definition;
    const name = this.#name;
    const marker = findDirective(definition, 'aggregation') as ConstDirectiveNode;
    if ((definition.interfaces?.length ?? 0) > 0)
      this.#problem(definition, `aggregation ${name} cannot implement interfaces: remove them`);
    const source = this.#source(marker);
    const dimensions: string[] = [];
    const aggregates: Aggregate[] = [];
    for (const node of definition.fields ?? []) {
      const field = this.#fields.find((candidate) => candidate.name === node.name.value);
      if (field === undefined) continue;
      if (field.derivedFrom !== undefined) {
        this.#problem(
          node,
          `aggregation ${name} cannot have the derived field ${field.name}: remove @derivedFrom`,
        );
        continue;
      }
      if (field.name === 'id' || field.name === 'timestamp') continue;
      const aggregate = findDirective(node, 'aggregate');
      if (aggregate === undefined) {
        if (this.#isDimension(node, field, source)) dimensions.push(field.name);
      } else {
        const read = this.#aggregate(node, field, aggregate, source);
        if (read) aggregates.push(read);
      }
    }
    this.#checkOwnFields();
    if (!(definition.fields ?? []).some((node) => findDirective(node, 'aggregate'))) {
      this.#problem(
        definition,
        `aggregation ${name} has no @aggregate field: add one, such as count: Int8! @aggregate(fn: "count")`,
      );
    }
    return {
      name,
      ...(definition.description && { description: definition.description.value }),
      intervals: this.#intervals(marker),
      source: source?.name ?? '',
      fields: this.#fields,
      dimensions,
      aggregates,
    };
  }

  #checkOwnFields(): void {
    const definition = this.#definition;
    const nodeOf = (name: string) => definition.fields?.find((node) => node.name.value === name);
    const id = this.#fields.find((field) => field.name === 'id');
    if (id === undefined || id.kind !== 'Int8' || !id.nonNull) {
      this.#problem(
        nodeOf('id') ?? definition,
        `aggregation ${this.#name} must have id: Int8!, the type of its source's id`,
      );
    }
    const timestamp = this.#fields.find((field) => field.name === 'timestamp');
    if (timestamp?.typeName !== 'Timestamp' || timestamp.isList) {
      this.#problem(
        nodeOf('timestamp') ?? definition,
        `aggregation ${this.#name} needs a field timestamp: Timestamp!`,
      );
    }
  }

  #source(marker: ConstDirectiveNode): EntityType | undefined {
    const name = this.#name;
    const value = argumentOf(marker, 'source');
    if (value?.kind !== Kind.STRING) {
      this.#problem(
        marker,
        `aggregation ${name}: write @aggregation(intervals: [...], source: "name of a timeseries")`,
      );
      return undefined;
    }
    const source = this.#entities.get(value.value);
    if (source === undefined) {
      this.#problem(
        marker,
        `aggregation ${name}: there is no timeseries ${value.value}: define it, or correct the source`,
      );
      return undefined;
    }
    if (source.timeseries) return source;
    this.#problem(
      marker,
      `aggregation ${name}: its source ${source.name} is not a timeseries: give it @entity(timeseries: true)`,
    );
    return undefined;
  }

  #intervals(marker: ConstDirectiveNode): AggregationInterval[] {
    const value = argumentOf(marker, 'intervals');
    if (
      value?.kind !== Kind.LIST ||
      value.values.length === 0 ||
      value.values.some((item) => item.kind !== Kind.STRING)
    ) {
      this.#problem(
        marker,
        `aggregation ${this.#name} needs a list of intervals: write intervals: ["hour", "day"] or one of them`,
      );
      return [];
    }
    const names = value.values.map((item) => (item.kind === Kind.STRING ? item.value : ''));
    for (const one of names) {
      if (!INTERVALS.some((interval) => interval === one))
        this.#problem(
          marker,
          `aggregation ${this.#name}: the interval ${one} is not supported: use "hour" or "day"`,
        );
    }
    return INTERVALS.filter((interval) => names.includes(interval));
  }

  #isDimension(node: FieldDefinitionNode, field: EntityField, source: EntityType | undefined): boolean {
    if (source === undefined) return false;
    const original = source.fields.find((candidate) => candidate.name === field.name);
    if (original === undefined || original.derivedFrom !== undefined) {
      this.#problem(
        node,
        `${this.#name}.${field.name} is a dimension, but ${source.name} stores no field ${field.name}: add it there, or add @aggregate here`,
      );
      return false;
    }
    if (original.typeName !== field.typeName || original.isList !== field.isList) {
      this.#problem(
        node,
        `${this.#name}.${field.name} has the type ${field.typeName}, but in the source ${source.name} it is ${original.typeName}: use the same`,
      );
      return false;
    }
    return true;
  }

  #aggregate(
    node: FieldDefinitionNode,
    field: EntityField,
    marker: ConstDirectiveNode,
    source: EntityType | undefined,
  ): Aggregate | null {
    const where = `${this.#name}.${field.name}`;
    const fnValue = argumentOf(marker, 'fn');
    const fnName = fnValue?.kind === Kind.STRING || fnValue?.kind === Kind.ENUM ? fnValue.value : undefined;
    const fn = AGGREGATE_FUNCTIONS.find((known) => known === fnName);
    if (fn === undefined) {
      this.#problem(
        node,
        `${where}: ${fnName === undefined ? '@aggregate needs a function' : `the function ${fnName} is unknown`}: write fn: "${AGGREGATE_FUNCTIONS.join('", "')}"`,
      );
      return null;
    }
    const typeFits = this.#checkType(node, field, fn);
    const cumulative = argumentOf(marker, 'cumulative');
    if (cumulative !== undefined && cumulative.kind !== Kind.BOOLEAN) {
      this.#problem(node, `${where}: cumulative must be true or false`);
      return null;
    }
    const made = { field: field.name, fn, cumulative: cumulative?.value ?? false };
    const arg = argumentOf(marker, 'arg');
    if (arg === undefined && fn === 'count') return { ...made, arg: null };
    if (arg?.kind !== Kind.STRING) {
      this.#problem(
        node,
        `${where}: ${fn} needs an argument: write arg: "a field of the source, or an expression over them"`,
      );
      return null;
    }
    if (source === undefined || !typeFits) return null;
    try {
      const expression = parseExpression(arg.value);
      this.#checkFields(field, fn, fieldsOf(expression), source);
      return { ...made, arg: fn === 'count' ? null : expression };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#problem(node, `${where}: in arg "${arg.value}", ${error.message}`);
      return null;
    }
  }

  #checkType(node: FieldDefinitionNode, field: EntityField, fn: AggregateFunction): boolean {
    const where = `${this.#name}.${field.name}`;
    const oneOfMany = fn === 'first' || fn === 'last';
    if (!field.isList && !field.isEnum) {
      if (field.reference !== undefined ? oneOfMany && this.#entities.has(field.reference) : isNumber(field))
        return true;
      if (oneOfMany && (field.kind === 'Bytes' || field.kind === 'String' || field.kind === 'ID'))
        return true;
    }
    this.#problem(
      node,
      oneOfMany
        ? `${where}: ${fn} keeps numbers, Bytes, String and references to entities: use one of those types`
        : `${where}: ${fn} makes numbers: use Int, Int8, BigInt or BigDecimal as its type`,
    );
    return false;
  }

  /** @throws ExpressionError for a field that the source lacks, or that cannot become a value of the aggregate's type */
  #checkFields(
    field: EntityField,
    fn: AggregateFunction,
    names: readonly string[],
    source: EntityType,
  ): void {
    for (const name of names) {
      const original = source.fields.find((candidate) => candidate.name === name);
      if (original === undefined || original.derivedFrom !== undefined)
        throw new ExpressionError(
          `${source.name} stores no field ${name}: add it there, or correct the argument`,
        );
      if ((fn === 'first' || fn === 'last') && !isNumber(original)) {
        const same =
          original.reference === undefined
            ? original.kind === field.kind && field.reference === undefined
            : original.typeName === field.typeName;
        if (same && !original.isList && !original.isEnum) continue;
        throw new ExpressionError(
          `${name} is of type ${original.typeName}, but ${field.name} of type ${field.typeName}: use the same`,
        );
      }
      if (!isNumber(original))
        throw new ExpressionError(
          `${name} is no number in ${source.name}: use Int, Int8, BigInt or BigDecimal fields`,
        );
      if (!WIDER[original.kind]?.includes(field.kind))
        throw new ExpressionError(
          `${name} is of type ${original.kind}, which is wider than ${field.kind}: give ${field.name} the type ${original.kind}`,
        );
    }
  }
}

const NUMBERS: ReadonlySet<ScalarKind> = new Set(['Int', 'Int8', 'BigInt', 'BigDecimal']);

function isNumber(field: EntityField): boolean {
  return field.reference === undefined && !field.isEnum && !field.isList && NUMBERS.has(field.kind);
}
