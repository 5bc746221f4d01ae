// Reads the `@fulltext` directives of the type `_Schema_` under graph-node's rules.
import { type ConstDirectiveNode, type ConstValueNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';
import type { EntityType, FulltextSearch } from '#indexer/model.ts';
import { argumentOf } from './aggregations.ts';
import { toSnakeCase } from './snake-case.ts';

/** The type that carries the directives. */
export const FULLTEXT_HOLDER = '_Schema_';

/** Languages by the name that directives use, and the text search configuration of PostgreSQL that stands behind it. */
const LANGUAGES: Readonly<Record<string, string>> = {
  simple: 'simple',
  da: 'danish',
  nl: 'dutch',
  en: 'english',
  fi: 'finnish',
  fr: 'french',
  de: 'german',
  hu: 'hungarian',
  it: 'italian',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  es: 'spanish',
  sv: 'swedish',
  tr: 'turkish',
};

export interface FulltextInput {
  readonly definition: ObjectTypeDefinitionNode;
  readonly entities: ReadonlyMap<string, EntityType>;
  /** Root fields that the schema makes anyway. */
  readonly rootFields: ReadonlySet<string>;
  problem(node: { readonly loc?: ObjectTypeDefinitionNode['loc'] }, message: string): void;
}

/** The searches that `_Schema_` declares; what is wrong with them is reported as problems. */
export function readFulltext({ definition, entities, rootFields, problem }: FulltextInput): FulltextSearch[] {
  if ((definition.fields?.length ?? 0) > 0)
    problem(definition, 'the type _Schema_ only carries @fulltext directives: remove its fields');
  const searches: FulltextSearch[] = [];
  for (const directive of definition.directives ?? []) {
    if (directive.name.value !== 'fulltext') {
      problem(
        directive,
        `the type _Schema_ only carries @fulltext directives: remove @${directive.name.value}`,
      );
      continue;
    }
    const name = argumentOf(directive, 'name');
    if (name?.kind !== Kind.STRING || !/^[_A-Za-z][_0-9A-Za-z]*$/.test(name.value)) {
      problem(directive, '@fulltext needs a name: write name: "nameOfTheRootField"');
      continue;
    }
    const taken = [...entities.values()].some((entity) =>
      entity.fields.some((field) => toSnakeCase(field.name) === toSnakeCase(name.value)),
    );
    if (taken || rootFields.has(name.value))
      problem(
        directive,
        `@fulltext ${name.value}: a field of that name exists already: give the search another`,
      );
    if (searches.some((search) => search.name === name.value))
      problem(directive, `@fulltext ${name.value} is declared twice: give one of them another name`);
    const language = enumOf(directive, 'language');
    const configuration = Object.hasOwn(LANGUAGES, language ?? '') ? LANGUAGES[language ?? ''] : undefined;
    if (configuration === undefined)
      problem(
        directive,
        `@fulltext ${name.value}: ${language === undefined ? 'there is no language' : `the language ${language} is unknown`}: use one of ${Object.keys(LANGUAGES).join(', ')}`,
      );
    const algorithm = enumOf(directive, 'algorithm');
    if (algorithm !== 'rank' && algorithm !== 'proximityRank')
      problem(
        directive,
        `@fulltext ${name.value}: ${algorithm === undefined ? 'there is no algorithm' : `the algorithm ${algorithm} is unknown`}: use rank or proximityRank`,
      );
    const included = includedFields(directive, name.value, entities, (message) =>
      problem(directive, message),
    );
    if (!included || configuration === undefined) continue;
    searches.push({
      name: name.value,
      language: configuration,
      algorithm: algorithm === 'proximityRank' ? 'proximityRank' : 'rank',
      ...included,
    });
  }
  return searches;
}

function enumOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.ENUM ? value.value : undefined;
}

function includedFields(
  directive: ConstDirectiveNode,
  name: string,
  entities: ReadonlyMap<string, EntityType>,
  problem: (message: string) => void,
): { readonly entity: string; readonly fields: readonly string[] } | undefined {
  const shape = 'write include: [{ entity: "Type", fields: [{ name: "field" }] }]';
  const include = argumentOf(directive, 'include');
  if (include?.kind !== Kind.LIST || include.values.length === 0) {
    problem(`@fulltext ${name} includes nothing: ${shape}`);
    return undefined;
  }
  const found: { entity: string; fields: string[] }[] = [];
  for (const value of include.values) {
    const typeName = memberOf(value, 'entity');
    const list = memberOf(value, 'fields');
    if (typeName?.kind !== Kind.STRING || list?.kind !== Kind.LIST || list.values.length === 0) {
      problem(`@fulltext ${name}: an item of include is not understood: ${shape}`);
      return undefined;
    }
    const entity = entities.get(typeName.value);
    if (entity === undefined) {
      problem(
        `@fulltext ${name}: there is no entity type ${typeName.value}: define it, or correct the include`,
      );
      return undefined;
    }
    const fields: string[] = [];
    for (const item of list.values) {
      const fieldName = memberOf(item, 'name');
      if (fieldName?.kind !== Kind.STRING) {
        problem(`@fulltext ${name}: a field without a name: ${shape}`);
        return undefined;
      }
      const field = entity.fields.find((candidate) => candidate.name === fieldName.value);
      const isText = field?.typeName === 'String' || field?.typeName === 'ID';
      if (!isText || field.isList) {
        problem(
          `@fulltext ${name}: ${entity.name}.${fieldName.value} is not a String field: include String fields only`,
        );
        return undefined;
      }
      if (!fields.includes(field.name)) fields.push(field.name);
    }
    found.push({ entity: entity.name, fields });
  }
  // The root field answers with one type; graph-node takes the first as well.
  return found[0];
}

function memberOf(value: ConstValueNode, name: string): ConstValueNode | undefined {
  return value.kind === Kind.OBJECT
    ? value.fields.find((field) => field.name.value === name)?.value
    : undefined;
}
