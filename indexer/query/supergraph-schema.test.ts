import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import {
  type GraphQLNamedType,
  type GraphQLUnionType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { aliasNames, aliasPrefix, houseNames } from './face.ts';
import { supergraphFace } from './supergraph-schema.ts';
import { gallerySchema } from './testing/gallery.ts';

const schemaOf = (subgraph: string) =>
  parseEntitySchema(readFileSync(join(packageRoot, 'subgraphs', subgraph, 'schema.graphql'), 'utf8'));

/** A timeseries with an aggregation, and a full-text search. */
const seriesSchema = `
type _Schema_ @fulltext(name: "pointSearch", language: en, algorithm: rank, include: [{ entity: "Point", fields: [{ name: "label" }] }])
type Place @entity(immutable: false) { id: Bytes! stats: [PlaceStats!]! @derivedFrom(field: "place") }
type Point @entity(timeseries: true) { id: Int8! timestamp: Timestamp! place: Place! label: String! value: BigDecimal! }
type PlaceStats @aggregation(intervals: ["hour", "day"], source: "Point") {
  id: Int8! timestamp: Timestamp! place: Place! sum: BigDecimal! @aggregate(fn: "sum", arg: "value")
}`;

const house = ['directory', 'market', 'erc20'].map((title) => ({
  title,
  face: supergraphFace(schemaOf(title), { names: houseNames(title), title }),
}));
const users = ['gallery', 'gallery-2'].map((title) => ({
  title,
  face: supergraphFace(parseEntitySchema(gallerySchema), { names: aliasNames(title), title }),
}));

const series = ['series', 'series-2'].map((title) => ({
  title,
  face: supergraphFace(parseEntitySchema(seriesSchema), { names: aliasNames(title), title }),
}));
users.push(...series);

describe('the supergraph face', () => {
  test('aggregations and searches are prefixed; an aggregation is no entity of the federation', () => {
    const sdl = series[0]?.face.sdl ?? '';
    expect(sdl).toContain('type Series_Point @key(fields: "id")');
    expect(sdl).toContain('type Series_PlaceStats {');
    expect(sdl).toContain(
      'series_placeStats_collection(skip: Int = 0, first: Int = 100, interval: Aggregation_interval!',
    );
    expect(sdl).toContain('series_pointSearch(text: String!');
    const entities = series[0]?.face.schema.getType('_Entity');
    expect(String((entities as GraphQLUnionType | undefined)?.getTypes())).toBe('Series_Place,Series_Point');
  });

  test('house and user subgraphs compose, the same user subgraph twice under two aliases', () => {
    const composed = composeServices(
      [...house, ...users].map(({ title, face }) => ({
        name: title,
        url: 'http://127.0.0.1:1/',
        typeDefs: parse(face.sdl),
      })),
    );
    expect(composed.errors ?? []).toEqual([]);
    for (const field of [
      'networks(',
      'directoryMeta(',
      'gallery_users(',
      'gallery2_meta(',
      'gallery2_things(',
      'series_placeStats_collection(',
      'series2_pointSearch(',
    ]) {
      expect(composed.publicSdl).toContain(field);
    }
  });

  test('no name but shared scalars, enums and inputs belongs to two deployments', () => {
    const shared = new Set([
      'Query',
      'Subscription',
      'Block_height',
      'BlockChangedFilter',
      'OrderDirection',
      'Aggregation_interval',
      'Aggregation_current',
      '_SubgraphErrorPolicy_',
      '_Any',
      '_Entity',
      '_Service',
    ]);
    const seen = new Map<string, string>();
    for (const { title, face } of [...house, ...users]) {
      const names = Object.values(face.schema.getTypeMap())
        .filter(
          (type) =>
            !isSpecifiedScalarType(type) &&
            !type.name.startsWith('__') &&
            !/^(Big|Bytes|Int8|Time)/.test(type.name),
        )
        .map(({ name }) => name)
        .filter((name) => !shared.has(name));
      const roots = Object.keys(face.schema.getQueryType()?.getFields() ?? {}).filter(
        (name) => name !== '_entities' && name !== '_service',
      );
      for (const name of [...names, ...roots]) {
        expect(`${name} of ${seen.get(name) ?? title}`).toBe(`${name} of ${title}`);
        seen.set(name, title);
      }
    }
  });

  test('every type and field is described, and ids are ID', () => {
    const isComposite = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type);
    for (const { face } of [...house, ...users]) {
      const missing: string[] = [];
      for (const type of Object.values(face.schema.getTypeMap())) {
        if (type.name.startsWith('_') && type.name !== '_SubgraphErrorPolicy_') continue;
        if (!type.description && !isSpecifiedScalarType(type)) missing.push(type.name);
        if (!isComposite(type)) continue;
        for (const field of Object.values(type.getFields())) {
          if (!field.description && !field.name.startsWith('_')) missing.push(`${type.name}.${field.name}`);
          if (field.name === 'id') expect(String(field.type)).toBe('ID!');
        }
      }
      expect(missing).toEqual([]);
    }
  });

  test('aliases become prefixes that are GraphQL names', () => {
    expect(aliasPrefix('erc20-mainnet')).toEqual({ field: 'erc20Mainnet', type: 'Erc20Mainnet' });
    expect(aliasPrefix('Uniswap')).toEqual({ field: 'uniswap', type: 'Uniswap' });
    expect(aliasPrefix('2nd.try')).toEqual({ field: 's2ndTry', type: 'S2ndTry' });
  });
});
