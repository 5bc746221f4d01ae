// searchNetworks: full text with ranking, typing mistakes forgiven, facets, and pages that stay stable while the index grows.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { normaliseTag } from './profile.ts';
import {
  editDistance,
  fold,
  queryTerms,
  swaps,
  type TermMatch,
  toleratedEdits,
  toTsquery,
} from './search-text.ts';

export type Visibility = 'PUBLIC' | 'PRIVATE';

export interface SearchRequest {
  readonly query?: string | null;
  /** Networks must have all of them. */
  readonly tags?: readonly string[] | null;
  /** Public when absent: what is indexed is public, but a private network does not ask to be listed. */
  readonly visibility?: Visibility | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface SearchHit {
  readonly networkId: string;
  readonly score: number;
  readonly cursor: string;
}

export interface SearchPage {
  readonly totalCount: number;
  readonly hits: readonly SearchHit[];
  readonly hasNextPage: boolean;
  readonly facets: SearchFacets;
}

export interface SearchFacets {
  readonly tags: readonly { readonly value: string; readonly count: number }[];
  /** Counted without the visibility filter: what the other choice would show. */
  readonly visibility: readonly { readonly value: Visibility; readonly count: number }[];
}

const defaultFirst = 20;
export const maxFirst = 100;
const maxQueryLength = 200;
const facetTags = 20;
/** Tags are counted exactly up to this many matches; beyond, over a sample of about as many, scaled up. */
const defaultFacetSample = 4_000;
/** Candidates for a correction; the closest few are kept. */
const candidates = 40;
const corrections = 4;

/** A name that is the query, or starts with it, comes before any sum of weights (which is below 1). */
const nameBonus = { equal: 2, prefix: 1 } as const;

interface Prepared {
  readonly deployment: string;
  /** tsquery notation; null when the query has no words: everything matches. */
  readonly tsquery: string | null;
  readonly folded: string;
  readonly tags: readonly string[];
  readonly isPublic: boolean;
  readonly limit: number;
  readonly after: Position | null;
}

interface HitRow {
  readonly id: string;
  readonly token: string;
  readonly score: number;
}

interface TagCount {
  readonly value: string;
  readonly count: number;
}

interface Found {
  readonly hits: readonly HitRow[];
  readonly tags: readonly TagCount[];
  readonly counts: Readonly<Record<Visibility, number>>;
}

const nothing: SearchPage = {
  totalCount: 0,
  hits: [],
  hasNextPage: false,
  facets: { tags: [], visibility: [] },
};

export class NetworkSearch {
  readonly #pool: pg.Pool;
  readonly #facetSample: number;

  constructor(pool: pg.Pool, options: { readonly facetSample?: number } = {}) {
    this.#pool = pool;
    this.#facetSample = options.facetSample ?? defaultFacetSample;
  }

  /**
   * One page, and counts over everything that matches. Pages join without gap or repetition for entries that do not
   * change meanwhile: a cursor names a place in the order (score, then newest first), not a number of rows.
   * @throws AiosError BAD_USER_INPUT for a page size or cursor that cannot be.
   */
  async search(request: SearchRequest): Promise<SearchPage> {
    const first = request.first ?? defaultFirst;
    if (!Number.isInteger(first) || first < 0 || first > maxFirst) {
      throw new AiosError('BAD_USER_INPUT', `first must be between 0 and ${maxFirst}, not ${first}.`);
    }
    const prepared = await this.#prepare(request, first + 1);
    if (!prepared) return nothing;
    const { hits, tags, counts } = await this.#find(prepared);
    return {
      totalCount: counts[prepared.isPublic ? 'PUBLIC' : 'PRIVATE'],
      hits: hits.slice(0, first).map(({ id, token, score }) => ({
        networkId: id,
        score,
        cursor: encodeCursor({ score, token }),
      })),
      hasNextPage: hits.length > first,
      facets: {
        tags,
        visibility: (['PUBLIC', 'PRIVATE'] as const).map((value) => ({ value, count: counts[value] })),
      },
    };
  }

  async #prepare(request: SearchRequest, limit: number): Promise<Prepared | null> {
    const after = request.after ? decodeCursor(request.after) : null;
    const query = (request.query ?? '').slice(0, maxQueryLength);
    const terms = queryTerms(query);
    const { rows } = await this.#pool.query<{ deployment: string }>({
      name: 'search-deployment',
      text: 'select deployment from networks.projections where active',
    });
    const deployment = rows[0]?.deployment;
    if (deployment === undefined) return null;
    return {
      deployment,
      tsquery:
        terms.length === 0 ? null : toTsquery(await Promise.all(terms.map((term) => this.#match(term)))),
      folded: fold(query).trim(),
      tags: [...new Set((request.tags ?? []).map(normaliseTag).filter((tag) => tag !== ''))],
      isPublic: request.visibility !== 'PRIVATE',
      limit,
      after,
    };
  }

  /** A term that begins no known word is replaced by the known words closest to it. */
  async #match(term: string): Promise<TermMatch> {
    const { rows } = await this.#pool.query<{ known: boolean }>({
      name: 'search-known-word',
      text: `select exists (select from networks.words where word like $1 || '%') as known`,
      values: [term],
    });
    const limit = toleratedEdits(term);
    if (rows[0]?.known || limit === 0) return { term, corrections: [] };
    const similar = await this.#pool.query<{ word: string }>({
      name: 'search-similar-words',
      text: `select word from networks.words where word % $1 or word = any($3)
              order by word = any($3) desc, similarity(word, $1) desc, word limit $2`,
      // Two letters swapped leave a short word with hardly a trigram in common, so those are looked up themselves.
      values: [term, candidates, swaps(term)],
    });
    const close = similar.rows
      .map(({ word }) => ({ word, edits: editDistance(term, word, limit) }))
      .filter(({ edits }) => edits <= limit)
      .sort((a, b) => a.edits - b.edits);
    return { term, corrections: close.slice(0, corrections).map(({ word }) => word) };
  }

  async #find(search: Prepared): Promise<Found> {
    if (search.tsquery !== null || search.tags.length > 1) return this.#matching(search);
    const [tag] = search.tags;
    if (tag === undefined) return this.#everything(search);
    const counts = await this.#countedTag(search, tag);
    const total = counts[search.isPublic ? 'PUBLIC' : 'PRIVATE'];
    return total > this.#facetSample ? this.#commonTag(search, tag, counts) : this.#matching(search);
  }

  async #countedTag(search: Prepared, tag: string): Promise<Found['counts']> {
    const { rows } = await this.#pool.query<{ is_public: boolean; count: string }>({
      name: 'search-counted-tag',
      text: 'select is_public, count from networks.facets where deployment = $1 and tag = $2',
      values: [search.deployment, tag],
    });
    const counts = { PUBLIC: 0, PRIVATE: 0 };
    for (const row of rows) counts[row.is_public ? 'PUBLIC' : 'PRIVATE'] = Number(row.count);
    return counts;
  }

  /** A tag that many have: newest first by index, which soon meets enough of them; counts from the kept table. */
  async #commonTag(search: Prepared, tag: string, counts: Found['counts']): Promise<Found> {
    const scale = counts[search.isPublic ? 'PUBLIC' : 'PRIVATE'] / this.#facetSample;
    const [hits, tags] = await Promise.all([
      this.#pool.query<HitRow>({
        name: 'search-newest-tagged',
        // Compared by array position, not by @>, so that the planner walks the index in order instead of sorting all.
        text: `select network_id as id, token_id::text as token, 0::float8 as score from networks.search
                where deployment = $1 and is_public = $2 and $5 = any (tags)
                  and ($3::numeric is null or token_id < $3)
                order by token_id desc limit $4`,
        values: [search.deployment, search.isPublic, search.after?.token ?? null, search.limit, tag],
      }),
      this.#pool.query<{ value: string; count: string }>({
        name: 'search-tags-of-tagged',
        text: `select value, count(*) as count from (
                 select tags from networks.search where deployment = $1 and is_public = $2 and $3 = any (tags)
                  order by token_id desc limit $4) newest, unnest(tags) value
                group by value order by count(*) desc, value limit $5`,
        values: [search.deployment, search.isPublic, tag, this.#facetSample, facetTags],
      }),
    ]);
    return {
      hits: hits.rows,
      tags: tags.rows.map(({ value, count }) => ({ value, count: Math.round(Number(count) * scale) })),
      counts,
    };
  }

  /** Without words or tags: newest first by index, counts from the table that a trigger keeps. */
  async #everything(search: Prepared): Promise<Found> {
    const [hits, counted] = await Promise.all([
      this.#pool.query<HitRow>({
        name: 'search-newest',
        text: `select network_id as id, token_id::text as token, 0::float8 as score from networks.search
                where deployment = $1 and is_public = $2 and ($3::numeric is null or token_id < $3)
                order by token_id desc limit $4`,
        values: [search.deployment, search.isPublic, search.after?.token ?? null, search.limit],
      }),
      this.#pool.query<{ is_public: boolean; tag: string; count: string }>({
        name: 'search-counted',
        text: `(select is_public, tag, count from networks.facets where deployment = $1 and tag = '')
               union all
               (select is_public, tag, count from networks.facets
                 where deployment = $1 and is_public = $2 and tag <> '' and count > 0
                 order by count desc, tag limit $3)`,
        values: [search.deployment, search.isPublic, facetTags],
      }),
    ]);
    const counts = { PUBLIC: 0, PRIVATE: 0 };
    const tags: TagCount[] = [];
    for (const { is_public, tag, count } of counted.rows) {
      if (tag === '') counts[is_public ? 'PUBLIC' : 'PRIVATE'] = Number(count);
      else tags.push({ value: tag, count: Number(count) });
    }
    return { hits: hits.rows, tags, counts };
  }

  /** With words or tags: the matches are read once, and everything is told from them. */
  async #matching(search: Prepared): Promise<Found> {
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const conditions = [`deployment = ${bind(search.deployment)}`];
    let score = '0::float8';
    if (search.tsquery !== null) {
      const tsquery = `${bind(search.tsquery)}::tsquery`;
      conditions.push(`document @@ ${tsquery}`);
      score = `ts_rank('{0.1,0.2,0.5,1}', document, ${tsquery}, 1)::float8
        + case when folded_name = ${bind(search.folded)} then ${nameBonus.equal}
               when folded_name like ${bind(escapeLike(search.folded))} || '%' then ${nameBonus.prefix} else 0 end`;
    }
    if (search.tags.length > 0) conditions.push(`tags @> ${bind(search.tags)}::text[]`);
    const isPublic = bind(search.isPublic);
    const after = `${bind(search.after?.score ?? null)}::float8`;
    const token = `${bind(search.after?.token ?? null)}::numeric`;
    const { rows } = await this.#pool.query<{
      hits: readonly HitRow[] | null;
      tags: readonly TagCount[] | null;
      public: number;
      private: number;
    }>(
      `with matches as materialized (
         select network_id, token_id, is_public, tags, case when is_public = ${isPublic} then ${score} end as score
           from networks.search where ${conditions.join(' and ')}
       ), totals as materialized (
         select count(*) filter (where is_public) as public, count(*) filter (where not is_public) as private,
                ceil(count(*) filter (where is_public = ${isPublic}) / ${this.#facetSample}::float8)::int as step from matches
       )
       select public, private,
              (select json_agg(hit) from (
                 select network_id as id, token_id::text as token, score from matches
                  where is_public = ${isPublic} and (${after} is null or (score, token_id) < (${after}, ${token}))
                  order by score desc, token_id desc limit ${bind(search.limit)}) hit) as hits,
              (select json_agg(tag) from (
                 select value, count(*) * step as count from matches, unnest(tags) value
                  where is_public = ${isPublic} and token_id % greatest(step, 1) = 0
                  group by value order by count(*) desc, value limit ${facetTags}) tag) as tags
         from totals`,
      values,
    );
    const row = rows[0];
    return {
      hits: row?.hits ?? [],
      tags: row?.tags ?? [],
      counts: { PUBLIC: Number(row?.public ?? 0), PRIVATE: Number(row?.private ?? 0) },
    };
  }
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

interface Position {
  readonly score: number;
  readonly token: string;
}

function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.score, position.token])).toString('base64url');
}

function decodeCursor(cursor: string): Position {
  try {
    const [score, token] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (
      typeof score === 'number' &&
      Number.isFinite(score) &&
      typeof token === 'string' &&
      /^\d{1,78}$/.test(token)
    ) {
      return { score, token };
    }
  } catch {
    // Falls through to the one error below.
  }
  throw new AiosError(
    'BAD_USER_INPUT',
    'after is not a cursor of searchNetworks. Leave it out to start again.',
  );
}
