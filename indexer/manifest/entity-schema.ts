// Reads a deployment's schema.graphql into the entity types that mapping, store and query work with, under graph-node's rules.
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  GraphQLError,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';
import type {
  Aggregation,
  EntityField,
  EntityInterface,
  EntitySchema,
  EntityType,
  FulltextSearch,
  ScalarKind,
} from '#indexer/model.ts';
import { rootFieldNames } from '../query/inflector.ts';
import { findDirective as directive, readAggregation } from './aggregations.ts';
import { FULLTEXT_HOLDER, readFulltext } from './fulltext.ts';
import { ProblemList } from './problems.ts';
import { toSnakeCase } from './snake-case.ts';
import { atLeast } from './spec-version.ts';

const SCALARS: ReadonlySet<string> = new Set<ScalarKind>([
  'ID',
  'String',
  'Int',
  'Int8',
  'Timestamp',
  'BigInt',
  'BigDecimal',
  'Boolean',
  'Bytes',
]);
/** Type names that graph-node keeps for itself. */
const RESERVED_TYPES: ReadonlySet<string> = new Set([
  ...SCALARS,
  'Query',
  'Subscription',
  '_Meta_',
  '_Block_',
]);

interface TypeRef {
  readonly name: string;
  readonly nonNull: boolean;
  readonly isList: boolean;
  readonly itemNonNull: boolean;
  readonly nested: boolean;
}

function readType(type: TypeNode): TypeRef {
  const nonNull = type.kind === Kind.NON_NULL_TYPE;
  const outer = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  if (outer.kind === Kind.NAMED_TYPE) {
    return { name: outer.name.value, nonNull, isList: false, itemNonNull: false, nested: false };
  }
  const item = readType(outer.type);
  return { name: item.name, nonNull, isList: true, itemNonNull: item.nonNull, nested: item.isList };
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const lineOf = (node: { readonly loc?: DefinitionNode['loc'] }): number => node.loc?.startToken.line ?? 1;

/** One reading of one document; collects every problem before it throws. */
class SchemaReader {
  readonly #sdl: string;
  readonly #specVersion: string;
  readonly #problems: ProblemList;
  readonly #objects = new Map<string, ObjectTypeDefinitionNode>();
  readonly #interfaces = new Map<string, InterfaceTypeDefinitionNode>();
  readonly #enums = new Map<string, EnumTypeDefinitionNode>();
  readonly #aggregations = new Map<string, ObjectTypeDefinitionNode>();
  #fulltextHolder: ObjectTypeDefinitionNode | undefined;

  constructor(sdl: string, document: DocumentNode, specVersion: string, problems: ProblemList) {
    this.#sdl = sdl;
    this.#specVersion = specVersion;
    this.#problems = problems;
    for (const definition of document.definitions) this.#collect(definition);
  }

  #problem(node: { readonly loc?: DefinitionNode['loc'] }, message: string): void {
    this.#problems.add(lineOf(node), message);
  }

  #collect(definition: DefinitionNode): void {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        if (definition.name.value === FULLTEXT_HOLDER) {
          this.#fulltextHolder = definition;
        } else if (directive(definition, 'aggregation') && !directive(definition, 'entity')) {
          this.#define(this.#aggregations, definition);
        } else this.#define(this.#objects, definition);
        return;
      case Kind.INTERFACE_TYPE_DEFINITION:
        this.#define(this.#interfaces, definition);
        return;
      case Kind.ENUM_TYPE_DEFINITION:
        this.#define(this.#enums, definition);
        return;
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.DIRECTIVE_DEFINITION:
        // Editors want these declared; they say nothing about entities.
        return;
      default:
        this.#problem(definition, `${definition.kind} has no meaning in an entity schema: remove it`);
    }
  }

  #define<T extends Composite | EnumTypeDefinitionNode>(into: Map<string, T>, definition: T): void {
    const name = definition.name.value;
    if (RESERVED_TYPES.has(name) || /_(filter|orderBy)$/.test(name)) {
      this.#problem(definition, `the type name ${name} is reserved: rename the type`);
    }
    if ([this.#objects, this.#interfaces, this.#enums, this.#aggregations].some((known) => known.has(name))) {
      this.#problem(definition, `type ${name} is defined twice: remove or rename one of them`);
    }
    into.set(name, definition);
  }

  read(): EntitySchema {
    const entities = new Map<string, EntityType>();
    const tables = new Map<string, string>();
    for (const definition of this.#objects.values()) {
      const entity = this.#entity(definition);
      if (entity === null) continue;
      const other = tables.get(entity.table);
      if (other !== undefined) {
        this.#problem(
          definition,
          `types ${other} and ${entity.name} share the table name ${entity.table}: rename one`,
        );
      }
      tables.set(entity.table, entity.name);
      entities.set(entity.name, entity);
    }
    const aggregations = this.#readAggregations(entities, tables);
    const interfaces = new Map<string, EntityInterface>();
    for (const definition of this.#interfaces.values()) {
      interfaces.set(definition.name.value, this.#interface(definition));
    }
    for (const definition of this.#objects.values()) this.#checkInterfaces(definition);
    for (const entity of entities.values()) this.#checkDerived(entity);
    const fulltext = this.#readFulltext(entities, aggregations, interfaces);
    this.#problems.throwIfAny();
    const enums = new Map(
      [...this.#enums].map(([name, node]) => [
        name,
        {
          values: (node.values ?? []).map((value) => value.name.value),
          ...(node.description && { description: node.description.value }),
        },
      ]),
    );
    return { sdl: this.#sdl, entities, aggregations, fulltext, interfaces, enums };
  }

  #readAggregations(
    entities: ReadonlyMap<string, EntityType>,
    tables: Map<string, string>,
  ): Map<string, Aggregation> {
    const aggregations = new Map<string, Aggregation>();
    for (const definition of this.#aggregations.values()) {
      const name = definition.name.value;
      if (!atLeast(this.#specVersion, '1.1.0')) {
        this.#problem(definition, `aggregation ${name} needs specVersion 1.1.0 or later in subgraph.yaml`);
      }
      const aggregation = readAggregation({
        definition,
        fields: this.#fields(definition),
        entities,
        problem: (node, message) => this.#problem(node, message),
      });
      aggregations.set(name, aggregation);
      for (const interval of aggregation.intervals) {
        const table = toSnakeCase(`${name}_${interval}`);
        const other = tables.get(table);
        if (other !== undefined || entities.has(`${name}_${interval}`)) {
          this.#problem(
            definition,
            `the table ${table} of aggregation ${name} is that of ${other ?? `${name}_${interval}`}, too: rename one`,
          );
        }
        tables.set(table, name);
      }
    }
    return aggregations;
  }

  #readFulltext(
    entities: ReadonlyMap<string, EntityType>,
    aggregations: ReadonlyMap<string, Aggregation>,
    interfaces: ReadonlyMap<string, EntityInterface>,
  ): FulltextSearch[] {
    if (this.#fulltextHolder === undefined) return [];
    const types = [...entities.keys(), ...aggregations.keys(), ...interfaces.keys()];
    const roots = types.flatMap((type) => Object.values(rootFieldNames(type)));
    return readFulltext({
      definition: this.#fulltextHolder,
      entities,
      rootFields: new Set([...roots, '_meta', '_logs']),
      problem: (node, message) => this.#problem(node, message),
    });
  }

  #entity(definition: ObjectTypeDefinitionNode): EntityType | null {
    const name = definition.name.value;
    const marker = directive(definition, 'entity');
    if (marker === undefined) {
      this.#problem(
        definition,
        `type ${name} is not an entity: add @entity(immutable: true or false) after its name`,
      );
      return null;
    }
    const timeseries = this.#flag(name, marker, 'timeseries') ?? false;
    const immutable = this.#flag(name, marker, 'immutable') ?? timeseries;
    const skipDuplicates = this.#flag(name, marker, 'skipDuplicates') ?? false;
    if (skipDuplicates && !immutable) {
      this.#problem(
        marker,
        `type ${name} has skipDuplicates: true but is not immutable: add immutable: true, or remove the argument`,
      );
    }
    if (timeseries && !immutable) {
      this.#problem(marker, `timeseries ${name} cannot be mutable: remove immutable: false`);
    }
    if (timeseries && !atLeast(this.#specVersion, '1.1.0')) {
      this.#problem(marker, `timeseries ${name} needs specVersion 1.1.0 or later in subgraph.yaml`);
    }
    const fields = this.#fields(definition);
    const idKind = this.#idKind(definition, timeseries);
    if (timeseries) {
      const timestamp = fields.find((field) => field.name === 'timestamp');
      if (timestamp?.typeName !== 'Timestamp') {
        this.#problem(definition, `timeseries ${name} needs a field timestamp: Timestamp!`);
      }
    }
    return {
      name,
      ...(definition.description && { description: definition.description.value }),
      immutable,
      ...(skipDuplicates && { skipDuplicates }),
      timeseries,
      idKind,
      interfaces: (definition.interfaces ?? []).map((node) => node.name.value),
      fields,
      table: toSnakeCase(name),
    };
  }

  #flag(type: string, marker: ConstDirectiveNode, name: string): boolean | undefined {
    const value = marker.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value === undefined) return undefined;
    if (value.kind === Kind.BOOLEAN) return value.value;
    this.#problem(marker, `type ${type}: the ${name} argument of @entity must be true or false`);
    return undefined;
  }

  #idKind(definition: Composite, timeseries: boolean): EntityType['idKind'] {
    const name = definition.name.value;
    const id = definition.fields?.find((field) => field.name.value === 'id');
    if (id === undefined) {
      this.#problem(definition, `type ${name} has no id: add a field id: Bytes! (or ID!, String!, Int8!)`);
      return 'String';
    }
    const type = readType(id.type);
    const kind = type.name === 'ID' ? 'String' : type.name;
    if (type.isList || !type.nonNull || (kind !== 'String' && kind !== 'Bytes' && kind !== 'Int8')) {
      this.#problem(id, `type ${name}: the id must be one of ID!, String!, Bytes! or Int8!`);
      return 'String';
    }
    if (timeseries && kind !== 'Int8') this.#problem(id, `timeseries ${name} must have id: Int8!`);
    if (kind === 'Int8' && !atLeast(this.#specVersion, '1.1.0')) {
      this.#problem(id, `type ${name}: an Int8 id needs specVersion 1.1.0 or later in subgraph.yaml`);
    }
    return kind;
  }

  /** The id kind of what a field refers to, without reporting its problems a second time. */
  #referredIdKind(name: string): EntityType['idKind'] {
    const target =
      this.#objects.get(name) ??
      this.#aggregations.get(name) ??
      [...this.#objects.values()].find((node) =>
        (node.interfaces ?? []).some((implemented) => implemented.name.value === name),
      );
    const id = target?.fields?.find((field) => field.name.value === 'id');
    const kind = id === undefined ? 'String' : readType(id.type).name;
    return kind === 'Bytes' || kind === 'Int8' ? kind : 'String';
  }

  #fields(definition: Composite): EntityField[] {
    const columns = new Map<string, string>();
    const fields: EntityField[] = [];
    for (const node of definition.fields ?? []) {
      const field = this.#field(definition.name.value, node);
      if (field === null) continue;
      fields.push(field);
      if (field.derivedFrom !== undefined) continue;
      const column = toSnakeCase(field.name);
      const other = columns.get(column);
      if (other !== undefined) {
        this.#problem(
          node,
          `${definition.name.value}.${field.name} and .${other} share the column name ${column}: rename one`,
        );
      }
      columns.set(column, field.name);
    }
    return fields;
  }

  #field(owner: string, node: FieldDefinitionNode): EntityField | null {
    const name = node.name.value;
    const where = `${owner}.${name}`;
    const type = readType(node.type);
    if (name.startsWith('__'))
      this.#problem(node, `${where}: names beginning with __ are reserved: rename the field`);
    if (type.nested) {
      this.#problem(node, `${where}: a list of lists cannot be stored: use an entity for the inner list`);
      return null;
    }
    const isEnum = this.#enums.has(type.name);
    const isReference = [this.#objects, this.#interfaces, this.#aggregations].some((known) =>
      known.has(type.name),
    );
    if (!SCALARS.has(type.name) && !isEnum && !isReference) {
      this.#problem(
        node,
        `${where}: type ${type.name} is not defined: define it, or use a scalar (${[...SCALARS].join(', ')})`,
      );
      return null;
    }
    const derivedFrom = this.#derivedFrom(where, node);
    const kind: ScalarKind = isEnum
      ? 'String'
      : isReference
        ? this.#referredIdKind(type.name)
        : (type.name as ScalarKind);
    return {
      name,
      ...(node.description && { description: node.description.value }),
      kind,
      typeName: type.name,
      isList: type.isList,
      nonNull: type.nonNull,
      itemNonNull: type.itemNonNull,
      isEnum,
      ...(isReference && { reference: type.name }),
      ...(derivedFrom !== undefined && { derivedFrom }),
    };
  }

  #derivedFrom(where: string, node: FieldDefinitionNode): string | undefined {
    const marker = directive(node, 'derivedFrom');
    if (marker === undefined) return undefined;
    const value = marker.arguments?.find((argument) => argument.name.value === 'field')?.value;
    if (value?.kind === Kind.STRING) return value.value;
    this.#problem(node, `${where}: write @derivedFrom(field: "name of the field that points back")`);
    return undefined;
  }

  #interface(definition: InterfaceTypeDefinitionNode): EntityInterface {
    const name = definition.name.value;
    const implementers = [...this.#objects.values()].filter((node) =>
      (node.interfaces ?? []).some((implemented) => implemented.name.value === name),
    );
    const idKinds = new Set(implementers.map((node) => this.#referredIdKind(node.name.value)));
    if (idKinds.size > 1) {
      this.#problem(
        definition,
        `the types that implement ${name} have different id types (${[...idKinds].join(', ')}): use one`,
      );
    }
    return {
      name,
      ...(definition.description && { description: definition.description.value }),
      fields: this.#fields(definition),
      implementers: implementers.map((node) => node.name.value),
    };
  }

  #checkInterfaces(definition: ObjectTypeDefinitionNode): void {
    const printed = (field: FieldDefinitionNode): string =>
      this.#sdl.slice(field.type.loc?.start, field.type.loc?.end).replace(/\s+/g, '');
    for (const implemented of definition.interfaces ?? []) {
      const target = this.#interfaces.get(implemented.name.value);
      if (target === undefined) {
        this.#problem(
          implemented,
          `interface ${implemented.name.value} is not defined: define it or remove it`,
        );
        continue;
      }
      const missing = (target.fields ?? []).filter(
        (wanted) =>
          !definition.fields?.some(
            (field) =>
              field.name.value === wanted.name.value &&
              // Implementers may narrow nothing but the id, whose type they choose.
              (wanted.name.value === 'id' || printed(field) === printed(wanted)),
          ),
      );
      if (missing.length > 0) {
        const list = missing.map((field) => `${field.name.value}: ${printed(field)}`).join(', ');
        this.#problem(
          definition,
          `type ${definition.name.value} does not satisfy interface ${target.name.value}: add ${list}`,
        );
      }
    }
  }

  #checkDerived(entity: EntityType): void {
    const node = this.#objects.get(entity.name);
    for (const field of entity.fields) {
      if (field.derivedFrom === undefined) continue;
      const at = node?.fields?.find((candidate) => candidate.name.value === field.name) ?? { loc: node?.loc };
      const where = `${entity.name}.${field.name}`;
      if (field.reference === undefined) {
        this.#problem(
          at,
          `${where}: @derivedFrom needs an entity or interface as its type, not ${field.typeName}`,
        );
        continue;
      }
      const target =
        this.#objects.get(field.reference) ??
        this.#interfaces.get(field.reference) ??
        this.#aggregations.get(field.reference);
      const back = target?.fields?.find((candidate) => candidate.name.value === field.derivedFrom);
      if (back === undefined) {
        this.#problem(
          at,
          `${where}: @derivedFrom names ${field.derivedFrom}, which ${field.reference} does not have`,
        );
        continue;
      }
      if (directive(back, 'derivedFrom')) {
        this.#problem(
          at,
          `${where}: @derivedFrom names ${field.reference}.${field.derivedFrom}, which is itself derived: name a stored field`,
        );
      }
      const pointsTo = readType(back.type).name;
      // Deriving from another type's id is allowed: the two ids are compared when queried.
      const matches =
        pointsTo === entity.name || entity.interfaces.includes(pointsTo) || field.derivedFrom === 'id';
      if (!matches) {
        this.#problem(
          at,
          `${where}: ${field.reference}.${field.derivedFrom} is of type ${pointsTo}, it must be ${entity.name} or an interface of it`,
        );
      }
    }
  }
}

/**
 * Parses and validates a `schema.graphql`.
 *
 * @param options.file shown in errors
 * @param options.specVersion of the manifest: Int8 ids and timeseries need 1.1.0
 * @throws AiosError `SCHEMA_INVALID` naming file and line of every problem and what to do
 */
export function parseEntitySchema(
  sdl: string,
  options: { readonly file?: string; readonly specVersion?: string } = {},
): EntitySchema {
  const problems = new ProblemList('SCHEMA_INVALID', options.file ?? 'schema.graphql');
  let document: DocumentNode;
  try {
    document = parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    problems.add(error.locations?.[0]?.line ?? 1, `${error.message}: correct the GraphQL syntax`);
    return problems.throwAlways();
  }
  return new SchemaReader(sdl, document, options.specVersion ?? '1.4.0', problems).read();
}
