// Composes subgraphs into the supergraph, and says in plain words what to change when they do not fit together.
import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, Kind, parse } from 'graphql';
import { messageOf } from '#node/platform/errors.ts';
import { fixFor } from './fixes.ts';
import { inProcessUrl } from './in-process-url.ts';
import { nameCollisions } from './name-collisions.ts';
import { printSorted } from './print-sorted.ts';

/** One subgraph to compose. */
export interface SubgraphDefinition {
  readonly name: string;
  readonly sdl: string;
  /** Where it is served. Absent when it runs inside the gateway's process. */
  readonly url?: string;
  /** True for deployments of the indexer: their names must be unique among each other ("Names never merge"). */
  readonly indexed?: boolean;
}

/** One reason why the subgraphs do not compose. */
export interface CompositionProblem {
  /** Stable code: the composition specification's, or `SDL_SYNTAX`, `SUBGRAPH_NAME`, `NAME_TAKEN`. */
  readonly code: string;
  readonly message: string;
  /** What to change, and where. */
  readonly fix: string;
  /** The subgraphs to look at; empty when composition does not say. */
  readonly subgraphs: readonly string[];
}

export type CompositionResult =
  | { readonly ok: true; readonly supergraphSdl: string }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

const SUBGRAPH_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Names become enum values of join__Graph, upper-cased and with `-` as `_`: two that meet there would be one subgraph. */
const graphEnumValue = (name: string) => name.replaceAll('-', '_').toUpperCase();

function nameProblems(subgraphs: readonly SubgraphDefinition[]): CompositionProblem[] {
  const seen = new Map<string, string>();
  return subgraphs.flatMap(({ name }): CompositionProblem[] => {
    if (!SUBGRAPH_NAME.test(name)) {
      return [
        {
          code: 'SUBGRAPH_NAME',
          message: `"${name}" cannot name a subgraph`,
          fix: 'use a letter followed by at most 62 letters, digits, "-" or "_"',
          subgraphs: [name],
        },
      ];
    }
    const other = seen.get(graphEnumValue(name));
    seen.set(graphEnumValue(name), name);
    if (other === undefined) return [];
    return [
      {
        code: 'SUBGRAPH_NAME',
        message: `the subgraphs "${other}" and "${name}" have the same name in the supergraph (${graphEnumValue(name)})`,
        fix: 'rename one of them',
        subgraphs: [other, name],
      },
    ];
  });
}

/** Which subgraphs a composition message is about: it quotes them. */
function mentioned(message: string, subgraphs: readonly SubgraphDefinition[]): string[] {
  return subgraphs
    .map(({ name }) => name)
    .filter((name) => message.includes(`"${name}"`) || message.includes(`[${name}]`));
}

/**
 * Composes by Apollo Federation v2. Pure: the same subgraphs, in any order, give the same text, sorted by name.
 * Never throws for what is in the subgraphs; every problem is reported at once, each with its fix.
 */
export function composeSupergraph(definitions: readonly SubgraphDefinition[]): CompositionResult {
  const subgraphs = [...definitions].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const problems = nameProblems(subgraphs);
  const parsed = new Map<string, DocumentNode>();
  for (const { name, sdl } of subgraphs) {
    try {
      parsed.set(name, parse(sdl, { noLocation: true }));
    } catch (error) {
      problems.push({
        code: 'SDL_SYNTAX',
        message: `the SDL of "${name}" does not parse: ${messageOf(error)}`,
        fix: `correct the schema of the subgraph "${name}"`,
        subgraphs: [name],
      });
    }
  }
  if (problems.length > 0) return { ok: false, problems };

  const indexed = subgraphs.filter((subgraph) => subgraph.indexed);
  problems.push(
    ...nameCollisions(new Map(indexed.map(({ name }) => [name, parsed.get(name) ?? emptyDocument]))),
  );
  if (problems.length > 0) return { ok: false, problems };

  const result = composeServices(
    subgraphs.map(({ name, url }) => ({
      name,
      url: url ?? inProcessUrl(name),
      typeDefs: parsed.get(name) ?? emptyDocument,
    })),
  );
  if (result.supergraphSdl === undefined) {
    return {
      ok: false,
      problems: (result.errors ?? []).map((error) => {
        const code = String(error.extensions?.code ?? 'COMPOSITION_ERROR');
        return {
          code,
          message: error.message,
          fix: fixFor(code),
          subgraphs: mentioned(error.message, subgraphs),
        };
      }),
    };
  }
  return { ok: true, supergraphSdl: printSorted(parse(result.supergraphSdl, { noLocation: true })) };
}

const emptyDocument: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
