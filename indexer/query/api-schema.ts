// graph-node's face of a deployment: the API schema derived from the entity types, the same in introspection as graph-node's.
import {
  buildASTSchema,
  type GraphQLNamedType,
  GraphQLScalarType,
  GraphQLSchema,
  isInterfaceType,
  isScalarType,
  parse,
} from 'graphql';
import type { EntitySchema } from '#indexer/model.ts';
import { type Face, graphNodeNames, rootFields, sourceTypes } from './face.ts';
import { attachScalars } from './scalars.ts';
import {
  collectionInputs,
  enumDefinitions,
  listMarks,
  metaFieldLine,
  rootFieldLines,
  type SchemaWording,
  typeDefinitions,
} from './schema-parts.ts';
import { graphNodeDefinitions, logsField } from './shared-definitions.ts';

/** graph-node adds nothing to what the deployment's author wrote. */
const wording: SchemaWording = {
  names: graphNodeNames,
  fieldType: (field) => listMarks(field, field.typeName),
  filterScalar: (argument) => argument.scalar,
  typeDirectives: () => '',
  describeType: (type) => type.description,
  describeField: (_owner, field) => field.description,
  describeMade: () => undefined,
  describeRoot: (kind, type) =>
    kind === 'meta'
      ? 'Access to subgraph metadata'
      : kind === 'aggregation'
        ? `Collection of aggregated \`${type}\` values`
        : undefined,
};

/**
 * The face at `/subgraphs/name/X`.
 *
 * @param options.subscriptions adds a Subscription root with the fields of Query. graph-node dropped its own, so that without it
 *   introspection is graph-node's to the letter.
 */
export function graphNodeFace(
  schema: EntitySchema,
  options: { readonly subscriptions?: boolean } = {},
): Face {
  const roots = `${rootFieldLines(schema, wording)}\n${metaFieldLine(wording)}\n${logsField}`;
  const sdl = [
    typeDefinitions(schema, wording),
    enumDefinitions(schema, graphNodeNames, () => undefined),
    graphNodeDefinitions,
    collectionInputs(schema, wording),
    `type Query {\n${roots}\n}`,
    options.subscriptions ? `type Subscription {\n${roots}\n}` : '',
  ].join('\n\n');
  const built = buildASTSchema(parse(sdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });
  attachScalars(built);
  return {
    kind: 'graph-node',
    names: graphNodeNames,
    schema: new GraphNodeSchema(built),
    sdl,
    roots: rootFields(schema, graphNodeNames, 'graph-node'),
    sourceTypes: sourceTypes(schema, graphNodeNames),
  };
}

/** What graph-node says of the scalars that GraphQL itself defines. */
const BUILT_IN_DESCRIPTIONS: Readonly<Record<string, string | null>> = {
  Boolean: null,
  ID: null,
  Int: '4 bytes signed integer',
  Float: null,
  String: null,
};

/** A type as graph-node's introspection has it: its own words on built-in scalars, no interfaces of interfaces. */
function asListed(type: GraphQLNamedType): GraphQLNamedType {
  const description = BUILT_IN_DESCRIPTIONS[type.name];
  if (description !== undefined && isScalarType(type)) {
    return new GraphQLScalarType({ ...type.toConfig(), description });
  }
  if (!isInterfaceType(type)) return type;
  return Object.create(type, { getInterfaces: { value: () => null } }) as GraphQLNamedType;
}

/** Only five directives are declared; the rest of graphql-js's own stay unmentioned. */
const DIRECTIVES = ['skip', 'include', 'entity', 'subgraphId', 'derivedFrom'];

/**
 * A schema that introspects as graph-node's does: types in the order of their names, without those of introspection itself,
 * and with its words for the built-in scalars. Validation and execution see the ordinary schema.
 */
class GraphNodeSchema extends GraphQLSchema {
  readonly #listed: Record<string, GraphQLNamedType>;

  constructor(built: GraphQLSchema) {
    const config = built.toConfig();
    const declared = new Map(config.directives.map((directive) => [directive.name, directive] as const));
    for (const name of ['skip', 'include']) {
      const directive = declared.get(name);
      if (directive) {
        directive.description = undefined;
        for (const argument of directive.args) argument.description = undefined;
      }
    }
    super({
      ...config,
      directives: DIRECTIVES.flatMap((name) => declared.get(name) ?? []),
      assumeValid: true,
    });
    const listed: Record<string, GraphQLNamedType> = {};
    for (const [name, type] of Object.entries(super.getTypeMap()).sort(([a], [b]) => (a < b ? -1 : 1))) {
      Object.defineProperty(listed, name, {
        value: asListed(type),
        // Validation looks types up by name, introspection lists them: the latter sees what can be enumerated.
        enumerable: !name.startsWith('__'),
      });
    }
    this.#listed = listed;
  }

  /** Called by introspection and validation; the constructor of the base class calls it before there is a list. */
  override getTypeMap(): Record<string, GraphQLNamedType> {
    return #listed in this ? this.#listed : super.getTypeMap();
  }

  override getType(name: string): GraphQLNamedType | undefined {
    return super.getTypeMap()[name];
  }
}
