// Agent cards: what an agent-to-agent client reads before it talks to a deployment, in the words of A2A 1.0 and of 0.3.
import { AgentCard } from '@a2a-js/sdk';
import { LegacyRestTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { type A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { agentDescription, agentName, agentTitle } from '../described.ts';
import type { CallableAgent } from '../supergraph-agents.ts';

/** Versions of the protocol that the endpoints speak, over JSON-RPC. */
export const A2A_VERSIONS = ['1.0', '0.3'] as const;
const jsonMode = 'application/json';
const textMode = 'text/plain';
const bearer = 'bearer';

/** Addresses of an agent's endpoint and card, below the public URL. */
export const agentPath = (deploymentId: string): string => `/a2a/${deploymentId}`;
export const cardPath = (endpoint: string): string => `${endpoint}/.well-known/agent-card.json`;

function card(
  url: string,
  facts: Pick<AgentCard, 'name' | 'description' | 'version' | 'skills'> & {
    readonly provider?: AgentCard['provider'];
    readonly streaming: boolean;
  },
): AgentCard {
  const { streaming, provider, ...rest } = facts;
  return {
    ...rest,
    provider,
    supportedInterfaces: A2A_VERSIONS.map((protocolVersion) => ({
      ...{ url, protocolVersion },
      protocolBinding: 'JSONRPC',
      tenant: '',
    })),
    capabilities: { streaming, pushNotifications: false, extendedAgentCard: false, extensions: [] },
    securitySchemes: {
      [bearer]: {
        scheme: {
          $case: 'httpAuthSecurityScheme',
          value: {
            scheme: 'Bearer',
            bearerFormat: 'JWT',
            description: 'The access token of the mutation signIn, with the scope write.',
          },
        },
      },
    },
    securityRequirements: [{ schemes: { [bearer]: { list: [] } } }],
    defaultInputModes: [jsonMode, textMode],
    defaultOutputModes: [jsonMode, textMode],
    signatures: [],
  };
}

const skill = (
  facts: Pick<AgentCard['skills'][number], 'id' | 'name' | 'description' | 'tags' | 'examples'>,
) => ({
  ...facts,
  inputModes: [jsonMode, textMode],
  outputModes: [jsonMode, textMode],
  securityRequirements: [],
});

/** The card of one deployment; `publicUrl` without a slash at its end. */
export function cardOf(agent: CallableAgent, publicUrl: string): AgentCard {
  const { manifest, listing, network } = agent;
  const description = agentDescription(agent);
  const example = manifest.health?.input;
  return card(`${publicUrl}${agentPath(agent.deploymentId)}`, {
    name: agentTitle(agent),
    description,
    version: manifest.version,
    streaming: true,
    provider: {
      organization: listing?.publisher ?? network.name ?? `Network ${network.id}`,
      url: listing?.site ?? publicUrl,
    },
    skills: [
      skill({
        id: agentName(agent),
        name: manifest.name,
        description: `${description}\nInput (JSON Schema): ${JSON.stringify(manifest.input ?? {})}\nOutput (JSON Schema): ${JSON.stringify(manifest.output ?? {})}`,
        tags: listing?.tags.length ? [...listing.tags] : ['agent'],
        examples: example === undefined ? [] : [JSON.stringify(example)],
      }),
    ],
  });
}

/** The card of the platform itself: it knows the agents. */
export function platformCard(publicUrl: string, version: string): AgentCard {
  return card(`${publicUrl}/a2a`, {
    name: 'AiOS Studio',
    description:
      'The directory of the agents that work here. Send words to look for, or nothing; the answer lists agents with the address of each card. Talk to an agent at its own endpoint.',
    version,
    streaming: false,
    provider: { organization: 'AiOS Studio', url: publicUrl },
    skills: [
      skill({
        id: 'find-agents',
        name: 'Find agents',
        description: 'Lists the agents that you may run and whose name or description has all of your words.',
        tags: ['directory', 'agents'],
        examples: ['pricing', '{"query": "inventory"}'],
      }),
    ],
  });
}

/** A card as JSON for a client that asks for a version; without one in 0.3's words, with 1.0's interfaces beside them. */
export async function cardJson(
  wanted: string | undefined,
  core: AgentCard,
  handler: A2ARequestHandler,
): Promise<unknown> {
  const current = AgentCard.toJSON(core) as { readonly supportedInterfaces: unknown };
  if (wanted !== undefined && !wanted.startsWith('0.')) return current;
  // The SDK translates a card in one place only: where it hands out the extended one.
  const extended: A2ARequestHandler = Object.create(handler, {
    getAuthenticatedExtendedAgentCard: { value: async () => core },
  });
  const legacy = await new LegacyRestTransportHandler(extended).getAuthenticatedExtendedAgentCard(
    new ServerCallContext(),
  );
  return { ...legacy, supportedInterfaces: current.supportedInterfaces };
}
