// The parts of an API schema that follow from the entity types: object types, filters, orderings and root fields, as SDL text.
import { Kind, parse } from 'graphql';
import type { Aggregation, EntityField, EntityInterface, EntitySchema, EntityType } from '#indexer/model.ts';
import { type FaceNames, queryableTypes } from './face.ts';
import {
  aggregationFilterArguments,
  aggregationOrderFields,
  type FilterArgument,
  filterArguments,
  orderByValues,
} from './filter-operators.ts';
import { blockArgument, changeBlockArgument, subgraphErrorArgument } from './shared-definitions.ts';

/** How one face words what the other does not. All texts are SDL. */
export interface SchemaWording {
  readonly names: FaceNames;
  /** Type of a field, with list and non-null marks. */
  fieldType(field: EntityField): string;
  /** Scalar of a filter argument. */
  filterScalar(argument: Extract<FilterArgument, { kind: 'operator' }>): string;
  /** Directives after a type's name. */
  typeDirectives(entity: EntityType): string;
  describeType(type: EntityType | EntityInterface | Aggregation): string | undefined;
  describeField(owner: string, field: EntityField): string | undefined;
  /** Description of a type that is made, such as a filter. */
  describeMade(kind: 'filter' | 'orderBy', type: string): string | undefined;
  /** `type` of a full-text search is its name. */
  describeRoot(kind: 'one' | 'many' | 'aggregation' | 'fulltext' | 'meta', type: string): string | undefined;
}

/** A description as it stands in SDL, or nothing. */
export function described(text: string | undefined): string {
  // JSON's escapes are GraphQL's, so a quoted string holds any text without the indentation rules of block strings.
  return text === undefined ? '' : `${JSON.stringify(text)}\n`;
}

/** `[T!]!` and so on, as the deployment's schema has it. */
export function listMarks(field: EntityField, typeName: string): string {
  const inner = field.isList ? `[${typeName}${field.itemNonNull ? '!' : ''}]` : typeName;
  return inner + (field.nonNull ? '!' : '');
}

const collectionArguments = (type: string, names: FaceNames): string => {
  const name = names.type(type);
  return `skip: Int = 0, first: Int = 100, orderBy: ${name}_orderBy, orderDirection: OrderDirection, where: ${name}_filter`;
};

const aggregationArguments = (type: string, names: FaceNames): string => {
  const name = names.type(type);
  return `skip: Int = 0, first: Int = 100, interval: Aggregation_interval!, orderBy: ${name}_orderBy, orderDirection: OrderDirection, current: Aggregation_current, where: ${name}_filter`;
};

/** Object types, interfaces and enums, with the arguments that lists of entities take. */
export function typeDefinitions(schema: EntitySchema, wording: SchemaWording): string {
  const { names } = wording;
  const fieldsOf = (owner: string, fields: readonly EntityField[]): string =>
    fields
      .map((field) => {
        const args =
          field.isList && field.reference !== undefined
            ? `(${(schema.aggregations.has(field.reference) ? aggregationArguments : collectionArguments)(field.reference, names)})`
            : '';
        return `${described(wording.describeField(owner, field))}${field.name}${args}: ${wording.fieldType(field)}`;
      })
      .join('\n');
  const objects = [...schema.entities.values()].map((entity) => {
    const interfaces =
      entity.interfaces.length > 0 ? ` implements ${entity.interfaces.map(names.type).join(' & ')}` : '';
    return `${described(wording.describeType(entity))}type ${names.type(entity.name)}${interfaces}${wording.typeDirectives(entity)} {\n${fieldsOf(entity.name, entity.fields)}\n}`;
  });
  const interfaces = [...schema.interfaces.values()].map(
    (type) =>
      `${described(wording.describeType(type))}interface ${names.type(type.name)} {\n${fieldsOf(type.name, type.fields)}\n}`,
  );
  const aggregations = [...schema.aggregations.values()].map(
    (type) =>
      `${described(wording.describeType(type))}type ${names.type(type.name)} {\n${fieldsOf(type.name, type.fields)}\n}`,
  );
  return [...objects, ...interfaces, ...aggregations].join('\n\n');
}

/** The enums of the deployment, with the descriptions of their values. */
export function enumDefinitions(
  schema: EntitySchema,
  names: FaceNames,
  fallback: (name: string, value?: string) => string | undefined,
): string {
  const descriptions = new Map<string, string>();
  for (const definition of parse(schema.sdl).definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    for (const value of definition.values ?? []) {
      if (value.description)
        descriptions.set(`${definition.name.value}.${value.name.value}`, value.description.value);
    }
  }
  return [...schema.enums]
    .map(([name, { values, description }]) => {
      const lines = values.map(
        (value) => described(descriptions.get(`${name}.${value}`) ?? fallback(name, value)) + value,
      );
      return `${described(description ?? fallback(name))}enum ${names.type(name)} {\n${lines.join('\n')}\n}`;
    })
    .join('\n\n');
}

/** `T_orderBy` and `T_filter` of every entity type, interface and aggregation. */
export function collectionInputs(schema: EntitySchema, wording: SchemaWording): string {
  const { names } = wording;
  const types = [
    ...[...schema.entities.values(), ...schema.interfaces.values()].map(({ name, fields }) => ({
      name,
      fields,
      filters: fields.flatMap((field) => filterArguments(field)),
    })),
    ...[...schema.aggregations.values()].map((aggregation) => ({
      name: aggregation.name,
      fields: aggregationOrderFields(aggregation),
      filters: aggregationFilterArguments(aggregation),
    })),
  ];
  return types
    .map((type) => {
      const name = names.type(type.name);
      const filters = type.filters
        .map((argument) => {
          if (argument.kind === 'child') return `${argument.name}: ${names.type(argument.type)}_filter`;
          const scalar = wording.filterScalar(argument);
          return `${argument.name}: ${argument.isList ? `[${scalar}!]` : scalar}`;
        })
        .join('\n');
      return `${described(wording.describeMade('orderBy', type.name))}enum ${name}_orderBy {\n${orderByValues(schema, type.fields).join('\n')}\n}

${described(wording.describeMade('filter', type.name))}input ${name}_filter {
${filters}
${changeBlockArgument}
and: [${name}_filter]
or: [${name}_filter]
}`;
    })
    .join('\n\n');
}

/** The root fields of each type, of aggregations and of full-text searches, as lines of a root type. */
export function rootFieldLines(schema: EntitySchema, wording: SchemaWording): string {
  const { names } = wording;
  const entities = queryableTypes(schema).map((type) => {
    const name = names.type(type);
    return `${described(wording.describeRoot('one', type))}${names.singular(type)}(id: ID!, ${blockArgument}, ${subgraphErrorArgument}): ${name}
${described(wording.describeRoot('many', type))}${names.plural(type)}(${collectionArguments(type, names)}, ${blockArgument}, ${subgraphErrorArgument}): [${name}!]!`;
  });
  const aggregations = [...schema.aggregations.keys()].map(
    (type) =>
      `${described(wording.describeRoot('aggregation', type))}${names.plural(type)}(${aggregationArguments(type, names)}, ${blockArgument}, ${subgraphErrorArgument}): [${names.type(type)}!]!`,
  );
  const searches = schema.fulltext.map(
    ({ name, entity }) =>
      `${described(wording.describeRoot('fulltext', name))}${names.search(name)}(text: String!, first: Int = 100, skip: Int = 0, ${blockArgument}, where: ${names.type(entity)}_filter, ${subgraphErrorArgument}): [${names.type(entity)}!]!`,
  );
  return [...entities, ...aggregations, ...searches].join('\n');
}

/** The `_meta` field under its name. */
export function metaFieldLine(wording: SchemaWording): string {
  const { names } = wording;
  return `${described(wording.describeRoot('meta', ''))}${names.metaField}(block: Block_height): ${names.metaType}`;
}
