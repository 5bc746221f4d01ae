// What of a supergraph can be worked out without serving it: plain data, so that a worker thread can do it and hand it over.
import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { buildASTSchema, parse, printSchema } from 'graphql';
import { readSupergraph, type SupergraphFacts } from './supergraph-facts.ts';

export interface CompiledSupergraph {
  readonly supergraphSdl: string;
  readonly facts: SupergraphFacts;
  /** The API schema (what clients see) in pieces of whole definitions, each parsed in a few milliseconds. */
  readonly apiPieces: readonly string[];
}

/** Characters of one piece: a parser reads some 10 MB a second. */
const PIECE_LENGTH = 16_384;

/**
 * Takes a composed supergraph apart. Costs about 700 CPU ms a megabyte: not for a thread that serves.
 * @throws GraphQLError when the text is no schema
 */
export function compileSupergraph(supergraphSdl: string): CompiledSupergraph {
  const document = parse(supergraphSdl, { noLocation: true });
  const supergraph = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  return {
    supergraphSdl,
    facts: readSupergraph(document),
    apiPieces: pieces(printSchema(filterInternalFieldsAndTypes(supergraph))),
  };
}

function pieces(sdl: string): string[] {
  const found: string[] = [];
  let from = 0;
  let to = 0;
  for (const { loc } of parse(sdl).definitions) {
    if (!loc) continue;
    if (loc.end - from > PIECE_LENGTH && to > from) {
      found.push(sdl.slice(from, to));
      from = to;
    }
    to = loc.end;
  }
  if (to > from) found.push(sdl.slice(from, to));
  return found;
}
