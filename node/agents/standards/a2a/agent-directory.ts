// The platform as an A2A agent: asked for words, it answers with the agents that the caller may run and where their cards are.
import type { AgentCard, Message, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk';
import {
  ExtendedAgentCardNotConfiguredError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { agentDescription, agentName, agentTitle } from '../described.ts';
import type { CallableAgent, SupergraphAgents } from '../supergraph-agents.ts';
import { agentPath, cardPath } from './a2a-card.ts';
import { agentMessage, contentOf, dataPart, textPart } from './a2a-tasks.ts';
import { asA2a, callerOf } from './agent-tasks.ts';

const maxFound = 50;
const maxPages = 10;

/** An agent as the directory lists it. */
export function entryOf(agent: CallableAgent, publicUrl: string) {
  return {
    id: agentName(agent),
    name: agentTitle(agent),
    description: agentDescription(agent),
    url: `${publicUrl}${agentPath(agent.deploymentId)}`,
    card: `${publicUrl}${cardPath(agentPath(agent.deploymentId))}`,
  };
}

export class AgentDirectory implements A2ARequestHandler {
  readonly #agents: SupergraphAgents;
  readonly #card: AgentCard;
  readonly #publicUrl: string;

  constructor(options: {
    readonly agents: SupergraphAgents;
    readonly card: AgentCard;
    readonly publicUrl: string;
  }) {
    this.#agents = options.agents;
    this.#card = options.card;
    this.#publicUrl = options.publicUrl;
  }

  async getAgentCard(): Promise<AgentCard> {
    return this.#card;
  }

  async getAuthenticatedExtendedAgentCard(): Promise<AgentCard> {
    throw new ExtendedAgentCardNotConfiguredError('There is no other card than the public one.');
  }

  sendMessage({ message }: SendMessageRequest, context: ServerCallContext): Promise<Message | Task> {
    return asA2a(async () => {
      const words = wordsOf(message);
      const found: ReturnType<typeof entryOf>[] = [];
      let after: string | undefined;
      for (let page = 0; page < maxPages && found.length < maxFound; page++) {
        const { agents, next } = await this.#agents.list(callerOf(context), {
          first: 50,
          after,
          runnable: true,
        });
        const entries = agents.map((agent) => entryOf(agent, this.#publicUrl));
        found.push(
          ...entries.filter(({ id, name, description }) => {
            const text = `${id} ${name} ${description}`.toLowerCase();
            return words.every((word) => text.includes(word));
          }),
        );
        if (next === null) break;
        after = next;
      }
      const agents = found.slice(0, maxFound);
      const said = agents.length === 0 ? 'No agent that you may run matches.' : `${agents.length} agents.`;
      const answer = agentMessage(null, [textPart(said), dataPart({ agents })]);
      return { ...answer, contextId: message?.contextId ?? '' };
    });
  }

  // biome-ignore lint/correctness/useYield: it refuses instead.
  async *sendMessageStream(): AsyncGenerator<StreamResponse, void, undefined> {
    throw new UnsupportedOperationError('The directory answers at once: send the message without streaming.');
  }

  // biome-ignore lint/correctness/useYield: it refuses instead.
  async *resubscribe(): AsyncGenerator<StreamResponse, void, undefined> {
    throw noTasks();
  }

  async listTasks() {
    return { tasks: [], nextPageToken: '', pageSize: 0, totalSize: 0 };
  }

  getTask = refuse;
  cancelTask = refuse;
  createTaskPushNotificationConfig = refuse;
  getTaskPushNotificationConfig = refuse;
  listTaskPushNotificationConfigs = refuse;
  deleteTaskPushNotificationConfig = refuse;
}

const noTasks = () =>
  new TaskNotFoundError('The directory has no tasks: look for the task at the agent it was sent to.');

async function refuse(): Promise<never> {
  throw noTasks();
}

/** Words to look for: of text, or of `query` in data; none: everything. */
function wordsOf(message: Message | undefined): readonly string[] {
  const content = contentOf(message);
  const query =
    'text' in content ? content.text : ((content.data as { readonly query?: unknown } | null)?.query ?? '');
  const text = String(query);
  try {
    const parsed = JSON.parse(text) as { readonly query?: unknown } | null;
    if (parsed && typeof parsed === 'object') return split(String(parsed.query ?? ''));
  } catch {
    // Plain words.
  }
  return split(text);
}

const split = (text: string) => text.toLowerCase().slice(0, 500).split(/\s+/).filter(Boolean).slice(0, 16);
