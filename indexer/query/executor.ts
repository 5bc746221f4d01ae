// The query API of one deployment as a subgraph executor: documents in, answers out, one SQL statement a level in between.
import {
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  getArgumentValues,
  Kind,
} from 'graphql';
import type pg from 'pg';
import { textTypes } from '#indexer/store/codec.ts';
import type { Layout } from '#indexer/store/layout.ts';
import { messageOf } from '#node/platform/errors.ts';
import type { OperationContext, SubgraphExecutor, SubgraphRequest } from '#node/platform/operation.ts';
import { AnswerCache } from './answer-cache.ts';
import { DocumentCache, type PreparedOperation } from './document.ts';
import { indexingError, invalidSearch, QueryError } from './errors.ts';
import type { Face } from './face.ts';
import { answersInOne, jsonListStatement, jsonOneStatement, LEFT_TO_LEVELS } from './json-statement.ts';
import type { RootPlan } from './plan.ts';
import { BlockResolver, guardError, guardSql, HeadMoved, type ReadBlock, standingOf } from './read-block.ts';
import {
  type Answer,
  EntityReader,
  type GuardedStatement,
  type Row,
  type RunStatement,
} from './read-entities.ts';
import { readLogs, requireLogsAlone } from './read-logs.ts';
import { defaultFilterLimits } from './sql-filter.ts';
import type { LevelContext, QueryLimits } from './sql-level.ts';
import { parameterText, SqlValues, singleId } from './sql-values.ts';
import { statementName } from './statement-names.ts';
import { readMeta } from './status.ts';
import { type CommitFeed, liveAnswers } from './subscribe.ts';

export interface QueryExecutorOptions {
  readonly pool: pg.Pool;
  /** Content id of the deployment, `Qm…`. */
  readonly deployment: string;
  readonly layout: Layout;
  readonly face: Face;
  readonly limits?: Partial<QueryLimits>;
  /** Tells of commits; without it subscriptions are refused, and no answer is kept. */
  readonly commits?: CommitFeed;
  /** Bytes of answers kept until a commit touches what they have read; 0 keeps none. */
  readonly maxCachedBytes?: number;
}

/** graph-node's bounds, and The Graph network's on `skip`. */
export const defaultQueryLimits: QueryLimits = { ...defaultFilterLimits, maxFirst: 1000, maxSkip: 5000 };

/**
 * The executor of one deployment in one face. Reads at the operation's read point; a `block` argument binds its own field only.
 * An answer whose block left the chain meanwhile is the error BLOCK_REORGED, which is worth a retry with a new read point.
 */
export function createQueryExecutor(options: QueryExecutorOptions): TextExecutor {
  return new QueryExecutor(options);
}

/** An executor that can also answer with the text of a response, where nobody needs the objects. */
export interface TextExecutor extends SubgraphExecutor {
  /** `{"data":…}` as it goes to the client, or what `execute` answers when there is more to say than data. */
  executeText(request: SubgraphRequest): Promise<string | ExecutionResult | AsyncIterable<ExecutionResult>>;
}

type Statement = Pick<GuardedStatement, 'text' | 'values'>;

/** A root field's answer: made here, or the JSON text that PostgreSQL made. */
type RootAnswer = { readonly value: unknown } | { readonly json: string };

interface Answers {
  readonly answers: readonly RootAnswer[];
  readonly errors: readonly GraphQLError[];
  /** Root fields that read a block at which indexing errors show. */
  readonly wrong: ReadonlySet<RootPlan>;
}

/** Keys of an answer that tell of the deployment rather than of its data. */
const KEPT_WITH_ERRORS: ReadonlySet<string> = new Set(['_meta', '_logs', '__schema', '__type']);

class QueryExecutor implements TextExecutor {
  readonly #options: QueryExecutorOptions;
  readonly #limits: QueryLimits;
  readonly #documents: DocumentCache;
  readonly #answers: AnswerCache | undefined;
  /** Statements that run now, by text and values. */
  readonly #running = new Map<string, Promise<readonly Row[]>>();

  constructor(options: QueryExecutorOptions) {
    this.#options = options;
    // graph-node bounds what is skipped by nothing but its integers; time limits are what holds here, too.
    const limits = options.face.kind === 'graph-node' ? { maxSkip: 2 ** 32 - 1 } : {};
    this.#limits = { ...defaultQueryLimits, ...limits, ...options.limits };
    this.#documents = new DocumentCache(options.face, options.layout);
    const { commits, deployment, maxCachedBytes } = options;
    if (commits && maxCachedBytes !== 0) this.#answers = new AnswerCache(deployment, commits, maxCachedBytes);
  }

  execute(request: SubgraphRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    return this.#execute(request, (prepared) => this.#run(prepared, request.context));
  }

  executeText(request: SubgraphRequest): Promise<string | ExecutionResult | AsyncIterable<ExecutionResult>> {
    return this.#execute<string>(request, async (prepared) => {
      const answered = await this.#read(prepared, request.context);
      if (answered.errors.length > 0 || answered.wrong.size > 0) return this.#result(prepared, answered);
      const members = prepared.roots.map(({ key }, index) => {
        const answer = answered.answers[index] as RootAnswer;
        return `${JSON.stringify(key)}:${'json' in answer ? answer.json : JSON.stringify(answer.value ?? null)}`;
      });
      return `{"data":{${members.join(',')}}}`;
    });
  }

  async #execute<Text = never>(
    request: SubgraphRequest,
    run: (prepared: PreparedOperation) => Promise<ExecutionResult | Text>,
  ): Promise<Text | ExecutionResult | AsyncIterable<ExecutionResult>> {
    try {
      const prepared = this.#documents.prepare(
        request.document,
        request.variables ?? {},
        request.operationName,
      );
      if ('errors' in prepared) return { errors: prepared.errors };
      if (prepared.operation.operation !== 'subscription') return await run(prepared);
      const { commits, deployment } = this.#options;
      if (commits === undefined) {
        throw new QueryError('NOT_SUPPORTED', 'Not supported: Subscriptions are not supported');
      }
      return liveAnswers(commits, deployment, request.context, (context) => this.#answer(prepared, context));
    } catch (error) {
      return failed(error);
    }
  }

  async #answer(prepared: PreparedOperation, context: OperationContext): Promise<ExecutionResult> {
    try {
      return await this.#run(prepared, context);
    } catch (error) {
      return failed(error);
    }
  }

  async #run(prepared: PreparedOperation, context: OperationContext): Promise<ExecutionResult> {
    return this.#result(prepared, await this.#read(prepared, context));
  }

  async #read(prepared: PreparedOperation, context: OperationContext): Promise<Answers> {
    const { deployment, pool } = this.#options;
    requireLogsAlone(prepared.roots, ({ node }) =>
      JSON.stringify(this.#arguments(prepared, node).block ?? null),
    );
    const blocks = new BlockResolver(pool, deployment, context.readPoint);
    const touched = new Set<string>();
    const errors: GraphQLError[] = [];
    const wrong = new Set<RootPlan>();
    const answers = await Promise.all(
      prepared.roots.map((root) => this.#root(root, prepared, context, blocks, touched, errors, wrong)),
    );
    for (const type of touched) context.reads.addEntity(deployment, type);
    return { answers, errors, wrong };
  }

  #result(prepared: PreparedOperation, { answers, errors, wrong }: Answers): ExecutionResult {
    const { face } = this.#options;
    // graph-node answers whole or not at all; a gateway can use what there is.
    if (errors.length > 0 && face.kind === 'graph-node') return { errors };
    const data: Answer = {};
    prepared.roots.forEach((root, index) => {
      const answer = answers[index] as RootAnswer;
      data[root.key] = 'json' in answer ? JSON.parse(answer.json) : answer.value;
    });
    // The supergraph serves what there is; its meta field tells of errors.
    if (wrong.size > 0 && face.kind === 'graph-node') return this.#withIndexingErrors(prepared, wrong, data);
    return errors.length > 0 ? { data, errors } : { data };
  }

  /**
   * As graph-node answers where indexing went wrong: an error for each block that is read, and with `subgraphError: deny` (of any
   * field at that block) nothing but what is known of the deployment itself.
   */
  #withIndexingErrors(
    prepared: PreparedOperation,
    wrong: ReadonlySet<RootPlan>,
    data: Answer,
  ): ExecutionResult {
    // Neighbours that read the same block are one group.
    const groups: { readonly block: string; readonly roots: RootPlan[]; allowed: boolean }[] = [];
    for (const root of prepared.roots) {
      const args = this.#arguments(prepared, root.node);
      const block = JSON.stringify(args.block ?? null);
      // What cannot say "allow" (`_meta`) does not allow.
      const allowed = args.subgraphError === 'allow';
      const last = groups.at(-1);
      if (last?.block === block) {
        last.roots.push(root);
        last.allowed &&= allowed;
      } else groups.push({ block, roots: [root], allowed });
    }
    const errors: GraphQLError[] = [];
    for (const { roots, allowed } of groups) {
      if (!roots.some((root) => wrong.has(root))) continue;
      errors.push(indexingError());
      if (!allowed) for (const { key } of roots) if (!KEPT_WITH_ERRORS.has(key)) delete data[key];
    }
    return Object.keys(data).length > 0 ? { data, errors } : { errors };
  }

  async #root(
    plan: RootPlan,
    prepared: PreparedOperation,
    context: OperationContext,
    blocks: BlockResolver,
    touched: Set<string>,
    errors: GraphQLError[],
    wrong: Set<RootPlan>,
  ): Promise<RootAnswer> {
    const { face, pool, deployment } = this.#options;
    switch (plan.root.kind) {
      case 'typename':
        return { value: prepared.operation.operation === 'subscription' ? 'Subscription' : 'Query' };
      case 'introspection':
        return { value: await this.#introspect(plan, prepared) };
      case 'service':
        return {
          value: Object.fromEntries(
            (plan.fields ?? []).map(({ key, name }) => [key, name === 'sdl' ? face.sdl : '_Service']),
          ),
        };
    }
    const args = this.#arguments(prepared, plan.node);
    if (plan.root.kind === 'logs') {
      touched.add('*');
      context.signal.throwIfAborted();
      // Not shared with one that already runs: that may not see the commit for which this is asked.
      const query = (statement: Statement) => this.#query(statement);
      return { value: await readLogs(query, deployment, args, plan.fields ?? []) };
    }
    const block = await blocks.resolve(args.block);
    if (plan.root.kind === 'meta') {
      touched.add('*');
      if (block.number !== block.guard.number || args.block) await blocks.requireKept(block);
      return { value: await readMeta(pool, face, deployment, block, plan.fields ?? []) };
    }
    const place =
      args.block === undefined || args.block === null
        ? this.#answers?.place(plan, prepared.variables, block.guard)
        : undefined;
    const kept = place && this.#answers?.get(place);
    if (kept) {
      for (const type of kept.types) touched.add(type);
      return kept;
    }
    const { answer, read } = await this.#readRoot(plan, args, block, prepared, context, () =>
      wrong.add(plan),
    );
    errors.push(...read.errors);
    for (const type of read.touched) touched.add(type);
    if (place && read.errors.length === 0 && !wrong.has(plan)) {
      const json = () => ('json' in answer ? answer.json : JSON.stringify(answer.value ?? null));
      this.#answers?.put(place, json, [...read.touched]);
    }
    return answer;
  }

  /** Reads a root field's entities, at first as of the newest block where it is likely to be that. */
  async #readRoot(
    plan: RootPlan,
    args: Answer,
    block: ReadBlock,
    prepared: PreparedOperation,
    context: OperationContext,
    onWrong: () => void,
  ): Promise<{
    readonly answer: RootAnswer;
    readonly read: { readonly touched: ReadonlySet<string>; readonly errors: readonly GraphQLError[] };
  }> {
    const { layout } = this.#options;
    const at = async (block: ReadBlock) => {
      const guard = guardSql(this.#options.deployment, block);
      const touched = new Set<string>();
      const level: LevelContext = {
        ...{ layout, limits: this.#limits, guard, touched },
        ...{ block: block.number, current: block.newest ?? false },
      };
      const run: RunStatement = (statement) => this.#guarded(statement, guard, block, context, onWrong);
      const json = await this.#inOne(plan, args, level, prepared, run);
      if (json !== undefined) return { answer: { json }, read: { touched, errors: [] } };
      const { face } = this.#options;
      const reader = new EntityReader({ level, face, variables: prepared.variables, run });
      const value = await this.#entities(plan, args, reader);
      return { answer: { value }, read: { touched, errors: reader.errors } };
    };
    const asked = (args.block ?? {}) as { readonly hash?: unknown };
    if (block.number === block.guard.number && asked.hash === undefined) {
      try {
        return await at({ ...block, newest: true });
      } catch (error) {
        if (!(error instanceof HeadMoved)) throw error;
      }
    }
    return at(block);
  }

  /** The JSON of a root field by one statement, where one can. */
  async #inOne(
    { root, target }: RootPlan,
    args: Answer,
    level: LevelContext,
    { variables }: PreparedOperation,
    run: RunStatement,
  ): Promise<string | undefined> {
    if (target === undefined || (root.kind !== 'one' && root.kind !== 'many')) return undefined;
    if (!answersInOne(target)) return undefined;
    const context = { ...level, face: this.#options.face, variables };
    try {
      const [row] = await run(
        root.kind === 'many'
          ? jsonListStatement(context, target, args)
          : jsonOneStatement(context, target, args.id),
      );
      return row?.[1] ?? 'null';
    } catch (error) {
      if (LEFT_TO_LEVELS.has((error as { code?: unknown }).code)) return undefined;
      throw error;
    }
  }

  /** Runs a statement and acts on what its guard found. @throws QueryError when the block is no longer there to be read */
  async #guarded(
    statement: GuardedStatement,
    guard: (values: SqlValues) => string,
    block: ReadBlock,
    context: OperationContext,
    onWrong: () => void,
  ): Promise<readonly Row[]> {
    context.signal.throwIfAborted();
    const rows = await this.#queryOnce(statement);
    const [first] = rows;
    const standing = standingOf(first ? first[statement.guardAt] : await this.#askGuard(guard));
    if (standing === 'gone') {
      if (block.newest) throw new HeadMoved();
      throw await guardError(this.#options.pool, this.#options.deployment, block);
    }
    if (standing === 'wrong') onWrong();
    return rows;
  }

  async #entities(plan: RootPlan, args: Answer, reader: EntityReader): Promise<unknown> {
    const { target, node } = plan;
    if (target === undefined) return null;
    if (plan.root.kind === 'many' || plan.root.kind === 'aggregation') return reader.many(target, node, args);
    if (plan.root.kind === 'fulltext') return reader.search(target, plan.root.search, node, args);
    if (plan.root.kind === 'entities') return this.#representations(plan, args, reader);
    const column = target.objects[0]?.table.id;
    if (column === undefined) return null;
    const found = await reader.byId(target, node, [singleId(column, args.id)]);
    return [...found.values()][0] ?? null;
  }

  /** `_entities`: one statement for all representations of a type. */
  async #representations(plan: RootPlan, args: Answer, reader: EntityReader): Promise<unknown[]> {
    const { face } = this.#options;
    const wanted = args.representations as readonly {
      readonly __typename?: unknown;
      readonly id?: unknown;
    }[];
    const answers: unknown[] = wanted.map(() => null);
    await Promise.all(
      (plan.target?.objects ?? []).map(async (object) => {
        const places = new Map<string, number[]>();
        wanted.forEach(({ __typename: typename, id }, place) => {
          if (typename !== object.typename || id === undefined || id === null) return;
          const text = idText(object.table.id, id);
          if (text === undefined) return;
          const known = places.get(text);
          if (known) known.push(place);
          else places.set(text, [place]);
        });
        if (places.size === 0) return;
        const source = face.sourceTypes.get(object.typename) ?? object.table.entity.name;
        const found = await reader.byId({ type: source, objects: [object] }, plan.node, [...places.keys()]);
        for (const [id, answer] of found) for (const place of places.get(id) ?? []) answers[place] = answer;
      }),
    );
    return answers;
  }

  /**
   * Runs a statement, or waits for the same one that already runs. What stands at a block does not change, and the
   * statement says whether the block does: so it does not matter who asked first. Many listeners resolve one event at once.
   */
  #queryOnce(statement: GuardedStatement): Promise<readonly Row[]> {
    const key = `${statement.text}\n${JSON.stringify(statement.values)}`;
    let rows = this.#running.get(key);
    if (!rows) {
      rows = this.#query(statement).finally(() => this.#running.delete(key));
      this.#running.set(key, rows);
    }
    return rows;
  }

  async #query(statement: Statement): Promise<readonly Row[]> {
    const { rows } = await this.#options.pool.query<Row>({
      name: statementName(statement.text),
      text: statement.text,
      values: statement.values,
      rowMode: 'array',
      types: textTypes,
    } as pg.QueryArrayConfig);
    return rows;
  }

  /** Asked apart where a statement found no rows to carry the answer. */
  async #askGuard(guard: (values: SqlValues) => string): Promise<string | null> {
    const values = new SqlValues();
    const [row] = await this.#query({ text: guard(values), values: values.values });
    return row ? (row[0] ?? null) : 'f';
  }

  #arguments(prepared: PreparedOperation, node: FieldNode): Answer {
    const { schema } = this.#options.face;
    const root =
      prepared.operation.operation === 'subscription' ? schema.getSubscriptionType() : schema.getQueryType();
    const field = root?.getFields()[node.name.value] as GraphQLField<unknown, unknown> | undefined;
    return field === undefined ? {} : getArgumentValues(field, node, prepared.variables);
  }

  /** `__schema` and `__type` are graphql-js's own. */
  async #introspect(plan: RootPlan, prepared: PreparedOperation): Promise<unknown> {
    const { operation, fragments, variables } = prepared;
    const result = await execute({
      schema: this.#options.face.schema,
      document: {
        kind: Kind.DOCUMENT,
        definitions: [
          {
            ...operation,
            selectionSet: { kind: Kind.SELECTION_SET, selections: plan.nodes },
          },
          ...fragments.values(),
        ],
      },
      variableValues: variables,
    });
    if (result.errors?.[0]) throw result.errors[0];
    return result.data?.[plan.key];
  }
}

function idText(column: Parameters<typeof parameterText>[0], id: unknown): string | undefined {
  try {
    return parameterText(column, id);
  } catch {
    // What is no id of this type names no entity; a gateway's other representations are not to blame.
    return undefined;
  }
}

/** PostgreSQL's class 22 is about values (a pattern that ends in its escape character): the caller's doing. */
function failed(error: unknown): ExecutionResult {
  if (error instanceof GraphQLError) return { errors: [error] };
  const { code } = error as { code?: unknown };
  if (/^(syntax error|no operand) in tsquery/.test(messageOf(error)))
    return { errors: [invalidSearch(messageOf(error))] };
  if (typeof code === 'string' && code.startsWith('22')) {
    return { errors: [new QueryError('BAD_ARGUMENT', `Store error: ${messageOf(error)}`)] };
  }
  throw error;
}
