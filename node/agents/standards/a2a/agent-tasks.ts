// One deployment as an A2A agent: tasks are its runs. Nothing is kept here; every answer is asked of the platform as the caller.
import {
  type AgentCard,
  type CancelTaskRequest,
  type GetTaskRequest,
  type ListTasksRequest,
  type ListTasksResponse,
  type Message,
  type SendMessageRequest,
  type StreamResponse,
  type SubscribeToTaskRequest,
  type Task,
  TaskState,
} from '@a2a-js/sdk';
import {
  ExtendedAgentCardNotConfiguredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { AiosError } from '#node/platform/errors.ts';
import { eventText } from '../run-to-end.ts';
import {
  type CallableAgent,
  type CalledRun,
  type Caller,
  hasEnded,
  type SupergraphAgents,
} from '../supergraph-agents.ts';
import {
  agentMessage,
  approvalOf,
  artifactOf,
  checkedContext,
  inputOf,
  metadataOf,
  ownContext,
  statusOf,
  type TaskName,
  taskId,
  taskName,
  taskOf,
  textPart,
} from './a2a-tasks.ts';

/** Where the endpoint leaves the caller for the handler. */
export const callerKey = 'aios.caller';

export function callerOf({ state }: ServerCallContext): Caller {
  return state.get(callerKey) as Caller;
}

const endWaitMs = 10_000;
const maxTold = 1_000;
const defaultPage = 20;

export interface AgentTasksOptions {
  readonly agents: SupergraphAgents;
  readonly agent: CallableAgent;
  readonly card: AgentCard;
  /** Milliseconds that a message waits for its task. */
  readonly timeoutMs: number;
}

export class AgentTasks implements A2ARequestHandler {
  readonly #agents: SupergraphAgents;
  readonly #agent: CallableAgent;
  readonly #card: AgentCard;
  readonly #timeoutMs: number;

  constructor({ agents, agent, card, timeoutMs }: AgentTasksOptions) {
    this.#agents = agents;
    this.#agent = agent;
    this.#card = card;
    this.#timeoutMs = timeoutMs;
  }

  async getAgentCard(): Promise<AgentCard> {
    return this.#card;
  }

  async getAuthenticatedExtendedAgentCard(): Promise<AgentCard> {
    throw new ExtendedAgentCardNotConfiguredError('There is no other card than the public one.');
  }

  /** Starts a run, or answers what one asks; waits for its end or its next question unless told not to. */
  sendMessage(params: SendMessageRequest, context: ServerCallContext): Promise<Task> {
    return asA2a(async () => {
      const caller = callerOf(context);
      const { name, answered } = await this.#begin(caller, params.message);
      const { historyLength, returnImmediately } = params.configuration ?? {};
      if (!returnImmediately) for await (const _event of this.#happenings(caller, name.runId, answered));
      return taskOf(this.#agent, await this.#agents.run(caller, name.runId), name, historyLength);
    });
  }

  async *sendMessageStream(
    params: SendMessageRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const caller = callerOf(context);
    const { name, answered } = await asA2a(() => this.#begin(caller, params.message));
    yield* this.#updates(caller, name, answered);
  }

  async *resubscribe(
    { id }: SubscribeToTaskRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const caller = callerOf(context);
    const name = taskName(id);
    const run = await asA2a(() => this.#run(caller, name));
    if (hasEnded(run)) throw new UnsupportedOperationError(`Task ${id} has ended: get it instead.`);
    yield* this.#updates(caller, name, -1);
  }

  getTask({ id, historyLength }: GetTaskRequest, context: ServerCallContext): Promise<Task> {
    return asA2a(async () => {
      const name = taskName(id);
      return taskOf(this.#agent, await this.#run(callerOf(context), name), name, historyLength);
    });
  }

  cancelTask({ id }: CancelTaskRequest, context: ServerCallContext): Promise<Task> {
    return asA2a(async () => {
      const caller = callerOf(context);
      const name = taskName(id);
      if (hasEnded(await this.#run(caller, name)))
        throw new TaskNotCancelableError(`Task ${id} has ended already.`);
      await this.#agents.cancel(caller, name.runId);
      const waiting = { ...caller, signal: AbortSignal.any([caller.signal, AbortSignal.timeout(endWaitMs)]) };
      for await (const event of this.#agents.follow(waiting, name.runId))
        if (event.kind === 'finished') break;
      return taskOf(this.#agent, await this.#run(caller, name), name);
    });
  }

  /** Newest first. Contexts that clients brought are not kept, so only a task's own context finds it. */
  listTasks(params: ListTasksRequest, context: ServerCallContext): Promise<ListTasksResponse> {
    return asA2a(async () => {
      const first = Math.min(Math.max(params.pageSize ?? defaultPage, 1), 100);
      const { runs, next } = await this.#agents.runs(callerOf(context), this.#agent.deploymentId, {
        first,
        ...(params.pageToken ? { after: params.pageToken } : {}),
      });
      const tasks = runs
        .map((run) =>
          taskOf(
            this.#agent,
            run,
            { runId: run.id, contextId: ownContext(run.id) },
            params.historyLength ?? 0,
          ),
        )
        .filter(
          ({ contextId, status }) =>
            (!params.contextId || contextId === params.contextId) &&
            (params.status === TaskState.TASK_STATE_UNSPECIFIED || status?.state === params.status),
        );
      return { tasks, nextPageToken: next ?? '', pageSize: first, totalSize: tasks.length };
    });
  }

  createTaskPushNotificationConfig = noPush;
  getTaskPushNotificationConfig = noPush;
  listTaskPushNotificationConfigs = noPush;
  deleteTaskPushNotificationConfig = noPush;

  /** @returns the task, and the step that the message answered; -1 when it began a task */
  async #begin(
    caller: Caller,
    message: Message | undefined,
  ): Promise<{ readonly name: TaskName; readonly answered: number }> {
    // Seen through even when the caller has gone: else nobody would know of the run.
    const acting = { ...caller, signal: AbortSignal.timeout(60_000) };
    if (message?.taskId) {
      const name = taskName(message.taskId);
      const { question } = await this.#run(caller, name);
      if (!question)
        throw new UnsupportedOperationError(
          `Task ${message.taskId} asks for nothing. Send a message without taskId to begin another.`,
        );
      const { step } = question;
      await this.#agents.approve(acting, name.runId, { step, ...approvalOf(message) });
      return { name, answered: step };
    }
    const contextId = checkedContext(message?.contextId ?? '');
    const runId = await this.#agents.start(acting, this.#agent.deploymentId, inputOf(this.#agent, message));
    return { name: { runId, contextId: contextId || ownContext(runId) }, answered: -1 };
  }

  async #run(caller: Caller, { runId }: TaskName): Promise<CalledRun> {
    const run = await this.#agents.run(caller, runId);
    if (run.deploymentId !== this.#agent.deploymentId)
      throw new TaskNotFoundError(`Run ${runId} is another agent's.`);
    return run;
  }

  /** What happens up to the run's end, its next question after step `answered`, or the end of patience. */
  async *#happenings(
    caller: Caller,
    runId: string,
    answered: number,
  ): AsyncGenerator<string, void, undefined> {
    const signal = AbortSignal.any([caller.signal, AbortSignal.timeout(this.#timeoutMs)]);
    for await (const event of this.#agents.follow({ ...caller, signal }, runId)) {
      const asks = event.kind === 'step' && event.capability === 'approval.ask' && event.status === 'waiting';
      if (event.kind === 'finished' || (asks && event.step > answered)) return;
      yield eventText(event);
    }
  }

  async *#updates(
    caller: Caller,
    name: TaskName,
    answered: number,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const ids = { taskId: taskId(name), contextId: name.contextId };
    const run = () => asA2a(() => this.#agents.run(caller, name.runId));
    yield { payload: { $case: 'task', value: taskOf(this.#agent, await run(), name) } };
    let told = 0;
    for await (const text of this.#happenings(caller, name.runId, answered)) {
      if (told++ >= maxTold) continue;
      const status = {
        state: TaskState.TASK_STATE_WORKING,
        message: agentMessage(name, [textPart(text.slice(0, 1_000))]),
        timestamp: new Date().toISOString(),
      };
      yield { payload: { $case: 'statusUpdate', value: { ...ids, status, metadata: undefined } } };
    }
    if (caller.signal.aborted) return;
    const last = await run();
    if (last.status === 'COMPLETED') {
      const artifact = artifactOf(this.#agent, last);
      yield {
        payload: {
          $case: 'artifactUpdate',
          value: { ...ids, artifact, append: false, lastChunk: true, metadata: undefined },
        },
      };
    }
    yield {
      payload: {
        $case: 'statusUpdate',
        value: { ...ids, status: statusOf(last, name), metadata: metadataOf(last) },
      },
    };
  }
}

async function noPush(): Promise<never> {
  throw new PushNotificationNotSupportedError('Nothing is pushed: stream the task, or get it again.');
}

const notFound = new Set(['RUN_UNKNOWN', 'DEPLOYMENT_UNKNOWN']);

/** Refusals of the platform as errors of the protocol, with the code where clients find it. */
export async function asA2a<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AiosError)) throw error;
    const options = {
      message: `${error.code}: ${error.message}`,
      metadata: { code: error.code },
      cause: error,
    };
    throw notFound.has(error.code) ? new TaskNotFoundError(options) : new RequestMalformedError(options);
  }
}
