// A deployment's part of the supergraph: Federation v2 SDL with entities keyed by id, and names that merge with nobody else's.
import { buildASTSchema, parse } from 'graphql';
import type { Aggregation, EntityField, EntityInterface, EntitySchema, EntityType } from '#indexer/model.ts';
import { type Face, type FaceNames, rootFields, sourceTypes } from './face.ts';
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
import { aggregationDefinitions, supergraphDefinitions } from './shared-definitions.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

/** What a gateway calls besides the root fields; not part of the published SDL. */
const federationDefinitions = (entities: readonly string[]): string => `
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
scalar _Any
union _Entity = ${entities.join(' | ')}
type _Service { sdl: String! }`;

export interface SupergraphFaceOptions {
  /** `houseNames(subgraph)` or `aliasNames(alias)` */
  readonly names: FaceNames;
  /** How the deployment is called in descriptions. */
  readonly title: string;
}

/** The supergraph's face of a deployment. */
export function supergraphFace(schema: EntitySchema, options: SupergraphFaceOptions): Face {
  const { names } = options;
  const { shared, rootTypes } = partsOf(schema, options);
  const federated = '_entities(representations: [_Any!]!): [_Entity]!\n_service: _Service!';
  const entities = [...schema.entities.keys()].map(names.type);
  const built = buildASTSchema(
    parse(`${federationDefinitions(entities)}\n${shared}\n${rootTypes(federated)}`, { noLocation: true }),
    { assumeValid: true, assumeValidSDL: true },
  );
  attachScalars(built);
  return {
    kind: 'supergraph',
    names,
    schema: built,
    sdl: supergraphSdl(schema, options),
    roots: rootFields(schema, names, 'supergraph'),
    sourceTypes: sourceTypes(schema, names),
  };
}

/** The face's SDL alone, for composition: a tenth of the work of the face. */
export function supergraphSdl(schema: EntitySchema, options: SupergraphFaceOptions): string {
  const { shared, rootTypes } = partsOf(schema, options);
  return `${LINK}\n\n${shared}\n${rootTypes('')}\n`;
}

interface Parts {
  readonly shared: string;
  /** `extra`: further fields of Query. */
  readonly rootTypes: (extra: string) => string;
}

function partsOf(schema: EntitySchema, options: SupergraphFaceOptions): Parts {
  const { names } = options;
  const wording = wordingOf(schema, options);
  const roots = rootFieldLines(schema, wording);
  const shared = [
    typeDefinitions(schema, wording),
    enumDefinitions(schema, names, (name, value) =>
      value === undefined ? `Values of ${phrase(name)}.` : `${capitalised(phrase(value.toLowerCase()))}.`,
    ),
    metaDefinitions(names, options.title),
    supergraphDefinitions,
    ...(schema.aggregations.size > 0 ? [aggregationDefinitions] : []),
    collectionInputs(schema, wording),
  ].join('\n\n');
  const rootTypes = (extra: string): string => `
"Indexed data of ${options.title}."
type Query {
${roots}
${metaFieldLine(wording)}
${extra}
}

"Live queries on ${options.title}: the arguments of Query, the newest answer after every block that changes it."
type Subscription {
${roots}
}`;
  return { shared, rootTypes };
}

function metaDefinitions(names: FaceNames, title: string): string {
  return `"How far ${title} is indexed."
type ${names.metaType} {
  "The block that the answer was read at."
  block: ${names.blockType}!
  "Content id of the deployment."
  deployment: String!
  "True when indexing has skipped over an error at or before that block."
  hasIndexingErrors: Boolean!
}

"A block of the chain that ${title} indexes."
type ${names.blockType} {
  "Hash of the block; null when a block was asked for by number."
  hash: Bytes
  "Height of the block."
  number: Int!
  "Seconds since the Unix epoch, as the chain has them."
  timestamp: Int
  "Hash of the block before."
  parentHash: Bytes
}`;
}

function wordingOf(
  schema: EntitySchema,
  { names, title }: { readonly names: FaceNames; readonly title: string },
): SchemaWording {
  const typeName = (field: EntityField): string =>
    field.name === 'id'
      ? 'ID'
      : field.reference !== undefined || field.isEnum
        ? names.type(field.typeName)
        : field.typeName;
  return {
    names,
    fieldType: (field) => listMarks(field, typeName(field)),
    filterScalar: ({ field, scalar }) =>
      field.name === 'id' ? 'ID' : field.isEnum ? names.type(scalar) : scalar,
    typeDirectives: () => ' @key(fields: "id")',
    describeType: (type) => type.description ?? describeType(type, title),
    describeField: (owner, field) => field.description ?? describeField(owner, field),
    describeMade: (kind, type) =>
      kind === 'filter'
        ? `Conditions on ${phrase(type)} rows; those of one object must all hold.`
        : `What ${phrase(type)} rows can be ordered by; ties are ordered by id.`,
    describeRoot: (kind, type) =>
      kind === 'meta'
        ? `How far ${title} is indexed.`
        : kind === 'one'
          ? `The ${phrase(type)} with this id, or null.`
          : kind === 'fulltext'
            ? `Rows that match \`text\`, words joined by & | <-> and !, the least relevant first: ${phrase(type)}.`
            : kind === 'aggregation'
              ? `${capitalised(phrase(type))} of each ended interval, the latest first; with the current one on request.`
              : `${capitalised(phrase(type))} rows, at most 1000 at a time; by id unless ordered otherwise.${listHint(schema, type)}`,
  };
}

const listHint = (schema: EntitySchema, type: string): string => {
  const description = (schema.entities.get(type) ?? schema.interfaces.get(type))?.description;
  return description === undefined ? '' : ` ${description}`;
};

function describeType(type: EntityType | EntityInterface | Aggregation, title: string): string {
  if ('aggregates' in type)
    return `${capitalised(phrase(type.name))}: ${phrase(type.source)} rows by ${type.intervals.join(' and ')}, as indexed by ${title}.`;
  return 'implementers' in type
    ? `What ${type.implementers.map(phrase).join(', ')} have in common.`
    : `${capitalised(phrase(type.name))}, as indexed by ${title}.`;
}

function describeField(owner: string, field: EntityField): string {
  if (field.name === 'id') return `Identifier of the ${phrase(owner)}.`;
  if (field.derivedFrom !== undefined) {
    return `The ${phrase(field.typeName)} ${field.isList ? 'rows' : 'row'} whose ${phrase(field.derivedFrom)} is this ${phrase(owner)}.`;
  }
  return `${capitalised(phrase(field.name))} of the ${phrase(owner)}.`;
}

/** `createdAtBlock` → `created at block`. */
function phrase(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}/.test(word) ? word : word.toLowerCase()))
    .join(' ')
    .trim();
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
