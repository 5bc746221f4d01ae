// Runs in A2A's words: a message becomes an input, a run a task, its output an artifact, its events status updates.
import { randomUUID } from 'node:crypto';
import {
  type Artifact,
  type Message,
  type Part,
  Role,
  type Task,
  TaskState,
  type TaskStatus,
} from '@a2a-js/sdk';
import { ContentTypeNotSupportedError, RequestMalformedError, TaskNotFoundError } from '@a2a-js/sdk/errors';
import type { Json } from '../../runtime/runtime.ts';
import type { CallableAgent, CalledRun, JsonObject } from '../supergraph-agents.ts';
import { valueObject } from '../value-object.ts';

/** A task is a run within a context; contexts belong to the client, so the task's id carries one that it brought. */
export interface TaskName {
  readonly runId: string;
  readonly contextId: string;
}

const maxContextId = 128;

export function taskId({ runId, contextId }: TaskName): string {
  return contextId === ownContext(runId) ? runId : `${runId}~${contextId}`;
}

export const ownContext = (runId: string): string => `run-${runId}`;

/** @throws TaskNotFoundError */
export function taskName(id: string): TaskName {
  const match = /^(\d{1,18})(?:~([\s\S]{1,128}))?$/.exec(id);
  if (!match?.[1]) throw new TaskNotFoundError(`There is no task ${JSON.stringify(id.slice(0, 60))}.`);
  return { runId: match[1], contextId: match[2] ?? ownContext(match[1]) };
}

/** @throws RequestMalformedError */
export function checkedContext(contextId: string): string {
  if (contextId.length > maxContextId)
    throw new RequestMalformedError(`contextId has at most ${maxContextId} characters.`);
  return contextId;
}

const part = (content: NonNullable<Part['content']>, mediaType: string): Part => ({
  content,
  mediaType,
  metadata: undefined,
  filename: '',
});
export const textPart = (value: string): Part => part({ $case: 'text', value }, 'text/plain');
export const dataPart = (value: unknown): Part => part({ $case: 'data', value }, 'application/json');

export function agentMessage(name: TaskName | null, parts: Part[]): Message {
  return {
    messageId: randomUUID(),
    taskId: name ? taskId(name) : '',
    contextId: name?.contextId ?? '',
    role: Role.ROLE_AGENT,
    parts,
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
}

/** The values of a message: its data, or its text. @throws ContentTypeNotSupportedError, RequestMalformedError */
export function contentOf(message: Message | undefined): { readonly data: Json } | { readonly text: string } {
  const parts = message?.parts ?? [];
  const data = parts.flatMap(({ content }) => (content?.$case === 'data' ? [content.value as Json] : []));
  const texts = parts.flatMap(({ content }) => (content?.$case === 'text' ? [content.value] : []));
  if (data.length + texts.length < parts.length)
    throw new ContentTypeNotSupportedError('Files are not taken: send one part of data (JSON), or text.');
  if (data.length > 1) throw new RequestMalformedError('Send the whole input as one part of data.');
  const [value] = data;
  if (value !== undefined) return { data: value };
  if (texts.length === 0) throw new RequestMalformedError('The message has no part with data or text.');
  return { text: texts.join('\n') };
}

/**
 * What an agent is given for a message. Text is taken as its schema suggests: as it is where a string is wanted, as JSON when it is
 * JSON, as the one required attribute of an object when that is a string.
 */
export function inputOf({ manifest }: CallableAgent, message: Message | undefined): Json {
  const schema: JsonObject = manifest.input ?? {};
  const content = contentOf(message);
  if ('data' in content) {
    const { data } = content;
    const keys = data !== null && typeof data === 'object' && !Array.isArray(data) ? Object.keys(data) : [];
    // 0.3 carries objects only.
    if (schema.type !== 'object' && keys.length === 1 && keys[0] === 'input')
      return valueObject(schema, 'input').toValue(data as JsonObject);
    return data;
  }
  const { text } = content;
  if (schema.type === 'string') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    const required = Array.isArray(schema.required) ? (schema.required as readonly string[]) : [];
    const [only] = required;
    const properties = schema.properties as { readonly [name: string]: JsonObject } | undefined;
    if (required.length === 1 && only !== undefined && properties?.[only]?.type === 'string')
      return { [only]: text };
    return text;
  }
}

/** The answer to a question that a run asks: `{"approved": true}`, or yes and no. @throws RequestMalformedError */
export function approvalOf(message: Message | undefined): {
  readonly approved: boolean;
  readonly note: string | null;
} {
  const content = contentOf(message);
  if ('data' in content) {
    const { approved, note } = (content.data ?? {}) as { readonly approved?: Json; readonly note?: Json };
    if (typeof approved === 'boolean') return { approved, note: typeof note === 'string' ? note : null };
  } else {
    const word = /^\s*(yes|no|approve|approved|reject|rejected)\b/i.exec(content.text)?.[1]?.toLowerCase();
    if (word) return { approved: /^(yes|approve)/.test(word), note: content.text };
  }
  throw new RequestMalformedError(
    'The task asks for an approval: answer {"approved": true} or {"approved": false}, or begin with yes or no.',
  );
}

function stateOf({ status, error, question }: CalledRun): TaskState {
  switch (status) {
    case 'QUEUED':
      return TaskState.TASK_STATE_SUBMITTED;
    case 'RUNNING':
    case 'WAITING':
      return question ? TaskState.TASK_STATE_INPUT_REQUIRED : TaskState.TASK_STATE_WORKING;
    case 'COMPLETED':
      return TaskState.TASK_STATE_COMPLETED;
    case 'FAILED':
    case 'KILLED':
      return error?.code === 'CANCELLED' ? TaskState.TASK_STATE_CANCELED : TaskState.TASK_STATE_FAILED;
  }
}

export function statusOf(run: CalledRun, name: TaskName): TaskStatus {
  const { error, question } = run;
  const said = error
    ? [textPart(`${error.code}: ${error.message}`)]
    : question
      ? [
          textPart(question.question),
          ...(question.details === null
            ? []
            : [dataPart(valueObject({}, 'details').toObject(question.details))]),
        ]
      : undefined;
  return {
    state: stateOf(run),
    message: said && agentMessage(name, said),
    timestamp: run.finishedAt ?? new Date().toISOString(),
  };
}

/** The output of a run that completed. */
export function artifactOf({ manifest }: CallableAgent, { output }: CalledRun): Artifact {
  return {
    artifactId: 'output',
    name: 'output',
    description: 'What the agent answered.',
    parts: [
      typeof output === 'string'
        ? textPart(output)
        : dataPart(valueObject(manifest.output, 'output').toObject(output)),
    ],
    metadata: undefined,
    extensions: [],
  };
}

export function metadataOf({ id, digest, gas, cost }: CalledRun): Record<string, unknown> {
  return { 'aios/run': id, 'aios/digest': digest, 'aios/gas': gas, 'aios/cost': cost };
}

/** `historyLength` 0: without the message that it began with. */
export function taskOf(agent: CallableAgent, run: CalledRun, name: TaskName, historyLength?: number): Task {
  const id = taskId(name);
  const asked: Message = {
    ...agentMessage(name, [dataPart(valueObject(agent.manifest.input, 'input').toObject(run.input))]),
    messageId: `${id}-input`,
    role: Role.ROLE_USER,
  };
  return {
    id,
    contextId: name.contextId,
    status: statusOf(run, name),
    artifacts: run.status === 'COMPLETED' ? [artifactOf(agent, run)] : [],
    history: historyLength === 0 ? [] : [asked],
    metadata: metadataOf(run),
  };
}
