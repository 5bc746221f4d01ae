// Agents as callers of other protocols see them: everything is asked of the supergraph as the caller, so that access, limits and the state of
// things are those of GraphQL, wherever the services run.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type DocumentNode, type ExecutionResult, parse } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import { ReadPoint, ReadSet, type SubgraphExecutor, type Viewer } from '#node/platform/operation.ts';
import type { RunEvent } from '../runs/run-events.ts';
import type { Json } from '../runtime/runtime.ts';

/** Who asks, for how long. */
export interface Caller {
  /** Null: anybody, who sees what is public. */
  readonly viewer: Viewer | null;
  readonly ip: string;
  readonly signal: AbortSignal;
}

/** A deployment with what its listing and its manifest say. */
export interface CallableAgent {
  readonly deploymentId: string;
  readonly active: boolean;
  readonly network: { readonly id: string; readonly name: string | null };
  readonly environment: string | null;
  readonly listing: {
    readonly name: string | null;
    readonly description: string | null;
    readonly publisher: string | null;
    readonly site: string | null;
    readonly tags: readonly string[];
  } | null;
  readonly version: number;
  readonly cid: string;
  readonly manifest: AgentManifest;
}

/** What a stored manifest says that a caller needs to know; it was checked when it was deployed. */
export interface AgentManifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly input?: JsonObject;
  readonly output?: JsonObject;
  readonly capabilities?: { readonly [grant: string]: JsonObject | undefined };
  readonly price?: { readonly token: string; readonly amount: string };
  readonly health?: { readonly input: Json };
}

export type JsonObject = { readonly [key: string]: Json };

export interface AgentPage {
  readonly agents: readonly CallableAgent[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

export type RunState = 'QUEUED' | 'RUNNING' | 'WAITING' | 'COMPLETED' | 'FAILED' | 'KILLED';

/** A run as its caller sees it. */
export interface CalledRun {
  readonly id: string;
  readonly deploymentId: string;
  readonly status: RunState;
  readonly input: Json;
  readonly output: Json;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly digest: string | null;
  readonly gas: string;
  readonly cost: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  /** The approval it waits for; null also where steps were not asked for. */
  readonly question: OpenQuestion | null;
}

/** What a run asks of a person. */
export interface OpenQuestion {
  readonly step: number;
  readonly question: string;
  readonly details: Json;
}

export const hasEnded = ({ status }: Pick<CalledRun, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'KILLED';

/** Asked again this often, without anything new in between, before a stream of events counts as broken. */
const maxSilentTries = 6;
const retryMs = 200;

const deploymentFields = `id status network { id name } environment { name } version { number cid manifest }
  agent { id metadata { name description publisher site tags } }`;
const runFields =
  'id status input output error { code message } digest gas cost createdAt finishedAt deployment { id }';

const documents = {
  list: parse(`query ($first: Int!, $after: String, $runnable: Boolean) {
    agentDeployments(first: $first, after: $after, runnable: $runnable) {
      edges { node { ${deploymentFields} } } pageInfo { hasNextPage endCursor } } }`),
  one: parse(`query ($id: ID!) { agentDeployment(id: $id) { ${deploymentFields} } }`),
  start: parse(
    'mutation ($input: RunAgentInput!) { runAgent(input: $input) { run { id } error { code message } } }',
  ),
  cancel: parse(
    'mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { id } error { code message } } }',
  ),
  run: parse(`query ($id: ID!) { run(id: $id) { ${runFields} steps { step capability status args } } }`),
  approve: parse(
    'mutation ($input: ApproveStepInput!) { approveStep(input: $input) { run { id } error { code message } } }',
  ),
  runs: parse(`query ($id: ID!, $first: Int!, $after: String) {
    agentDeployment(id: $id) { runs(first: $first, after: $after) { edges { node { ${runFields} } } pageInfo { hasNextPage endCursor } } } }`),
  events: parse(
    'subscription ($run: ID!, $after: String) { runEvents(run: $run, after: $after) { cursor kind data } }',
  ),
};

export class SupergraphAgents {
  readonly #executor: SubgraphExecutor;

  constructor(executor: SubgraphExecutor) {
    this.#executor = executor;
  }

  /** Active deployments, newest first; `runnable`: those that the caller may run. */
  async list(
    caller: Caller,
    page: { readonly first: number; readonly after?: string; readonly runnable: boolean },
  ): Promise<AgentPage> {
    const data = await this.#ask<{ agentDeployments: Connection<DeploymentNode> }>(
      caller,
      documents.list,
      page,
    );
    const { edges, pageInfo } = data.agentDeployments;
    return {
      agents: edges.flatMap(({ node }) => callable(node) ?? []),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    };
  }

  async agent(caller: Caller, deploymentId: string): Promise<CallableAgent | null> {
    const data = await this.#ask<{ agentDeployment: DeploymentNode | null }>(caller, documents.one, {
      id: deploymentId,
    });
    return data.agentDeployment ? callable(data.agentDeployment) : null;
  }

  /** Starts a run. @returns its id @throws AiosError as `runAgent` refuses it */
  async start(caller: Caller, deploymentId: string, input: Json): Promise<string> {
    const { runAgent } = await this.#ask<{ runAgent: RunPayload }>(caller, documents.start, {
      input: { deploymentId, input },
    });
    return acceptedRun(runAgent);
  }

  /** Ends a run that has not ended. @throws AiosError as `cancelRun` refuses it */
  async cancel(caller: Caller, runId: string): Promise<void> {
    const { cancelRun } = await this.#ask<{ cancelRun: RunPayload }>(caller, documents.cancel, {
      input: { runId },
    });
    acceptedRun(cancelRun);
  }

  /** Answers what a run asks. @throws AiosError as `approveStep` refuses it */
  async approve(
    caller: Caller,
    runId: string,
    answer: { readonly step: number; readonly approved: boolean; readonly note: string | null },
  ): Promise<void> {
    const { approveStep } = await this.#ask<{ approveStep: RunPayload }>(caller, documents.approve, {
      input: { runId, ...answer },
    });
    acceptedRun(approveStep);
  }

  /** @throws AiosError RUN_UNKNOWN, also for runs that the caller may not look at */
  async run(caller: Caller, runId: string): Promise<CalledRun> {
    const { run } = await this.#ask<{ run: RunNode | null }>(caller, documents.run, { id: runId });
    if (!run) throw new AiosError('RUN_UNKNOWN', `There is no run ${runId} that you may look at.`);
    return calledRun(run);
  }

  /** Runs of a deployment, newest first. @throws AiosError NOT_AUTHORISED */
  async runs(
    caller: Caller,
    deploymentId: string,
    page: { readonly first: number; readonly after?: string },
  ): Promise<{ readonly runs: readonly CalledRun[]; readonly next: string | null }> {
    const { agentDeployment } = await this.#ask<{
      agentDeployment: { readonly runs: Connection<RunNode> | null } | null;
    }>(caller, documents.runs, { id: deploymentId, ...page });
    const runs = agentDeployment?.runs;
    if (!runs) return { runs: [], next: null };
    return {
      runs: runs.edges.map(({ node }) => calledRun(node)),
      next: runs.pageInfo.hasNextPage ? runs.pageInfo.endCursor : null,
    };
  }

  /** What happens in a run from its beginning, each thing once, across connections that break. Ends with the run or the caller's signal. */
  async *follow(caller: Caller, runId: string): AsyncGenerator<RunEvent, void, undefined> {
    let after: string | undefined;
    for (let silent = 0; !caller.signal.aborted; silent++) {
      if (silent > 0) await delay(retryMs * silent, undefined, { signal: caller.signal }).catch(() => {});
      // A signal of its own: the stream is left before its operation is aborted, so that leaving is no failure to anybody.
      const operation = new AbortController();
      const result = await this.#execute({ ...caller, signal: operation.signal }, documents.events, {
        run: runId,
        after,
      });
      if (!(Symbol.asyncIterator in result)) {
        if (silent >= maxSilentTries || !passing(result)) throw errorOf(result);
        continue;
      }
      for await (const event of leftWith(caller.signal, result, () => operation.abort())) {
        if (event.errors) {
          if (silent >= maxSilentTries || !passing(event)) throw errorOf(event);
          break;
        }
        const { cursor, kind, data } = (event.data as { runEvents: EventNode }).runEvents;
        after = cursor;
        silent = 0;
        yield { kind, ...data } as RunEvent;
        if (kind === 'finished') return;
      }
    }
  }

  async #ask<Data>(
    caller: Caller,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<Data> {
    const result = await this.#execute(caller, document, variables);
    if (Symbol.asyncIterator in result) throw new Error('a query answered with a stream');
    // Facts of others that are missing, such as a listing that is not indexed, are no reason to answer nothing.
    const [first] = Object.values(result.data ?? {});
    if (first === undefined || (first === null && result.errors)) throw errorOf(result);
    return result.data as Data;
  }

  #execute(caller: Caller, document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
    const { viewer, ip, signal } = caller;
    return this.#executor.execute({
      document,
      variables,
      context: {
        ...{ viewer, ip, signal },
        readPoint: new ReadPoint(async () => new Map()),
        reads: new ReadSet(),
        requestId: randomUUID(),
      },
    });
  }
}

/** A stream that its consumer leaves as soon as the signal says so, also in the middle of waiting. */
async function* leftWith<Event>(
  signal: AbortSignal,
  source: AsyncIterable<Event>,
  onLeft: () => void,
): AsyncGenerator<Event, void, undefined> {
  const inner = source[Symbol.asyncIterator]();
  let leave: (end: 'left') => void = () => {};
  const left = new Promise<'left'>((resolve) => {
    leave = resolve;
  });
  const onAbort = () => leave('left');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const step = await Promise.race([inner.next(), left]);
      if (step === 'left' || step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await inner.return?.();
    onLeft();
  }
}

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface DeploymentNode {
  readonly id: string;
  readonly status: 'ACTIVE' | 'PAUSED' | 'STOPPED';
  readonly network: { readonly id: string; readonly name: string | null } | null;
  readonly environment: { readonly name: string } | null;
  readonly version: {
    readonly number: number;
    readonly cid: string;
    readonly manifest: AgentManifest | null;
  } | null;
  readonly agent: { readonly metadata: CallableAgent['listing'] } | null;
}

interface RunNode extends Omit<CalledRun, 'deploymentId' | 'question'> {
  readonly deployment: { readonly id: string } | null;
  readonly steps?: readonly {
    readonly step: number;
    readonly capability: string;
    readonly status: string;
    readonly args: Json;
  }[];
}

interface RunPayload {
  readonly run: { readonly id: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface EventNode {
  readonly cursor: string;
  readonly kind: RunEvent['kind'];
  readonly data: object | null;
}

function callable(node: DeploymentNode): CallableAgent | null {
  const { version } = node;
  if (!version?.manifest) return null;
  return {
    deploymentId: node.id,
    active: node.status === 'ACTIVE',
    network: node.network ?? { id: '', name: null },
    environment: node.environment?.name ?? null,
    listing: node.agent?.metadata ?? null,
    version: version.number,
    cid: version.cid,
    manifest: version.manifest,
  };
}

function calledRun({ deployment, steps, ...run }: RunNode): CalledRun {
  const open = steps?.find(({ capability, status }) => capability === 'approval.ask' && status === 'waiting');
  const asked = open?.args as { readonly question?: string; readonly details?: Json } | undefined;
  return {
    ...run,
    deploymentId: deployment?.id ?? '',
    question:
      open && !hasEnded(run)
        ? { step: open.step, question: asked?.question ?? '', details: asked?.details ?? null }
        : null,
  };
}

function acceptedRun({ run, error }: RunPayload): string {
  if (error) throw new AiosError(error.code, error.message);
  if (!run) throw new AiosError('RUN_UNKNOWN', 'The platform answered without a run: try again.');
  return run.id;
}

/** What ends a stream and yet lets the next one go on from its cursor. */
const passingCodes = new Set(['SUPERGRAPH_CHANGED', 'SUBGRAPH_UNREACHABLE']);
const passing = ({ errors }: ExecutionResult) =>
  errors?.every(({ extensions }) => passingCodes.has(String(extensions?.code))) ?? true;

function errorOf({ errors }: ExecutionResult): AiosError {
  const first = errors?.[0];
  const code = first?.extensions?.code;
  return new AiosError(
    typeof code === 'string' ? code : 'OPERATION_FAILED',
    first?.message ?? 'The platform gave no answer: try again.',
  );
}
