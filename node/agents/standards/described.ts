// What an agent is called and how it is described to those who choose among many: people, and models.
import type { CallableAgent } from './supergraph-agents.ts';

/** Longest name that common clients take. */
const maxName = 64;

/** Readable, and unique by the deployment's id at its end. */
export function agentName({ manifest, deploymentId }: CallableAgent): string {
  return `${manifest.name.slice(0, maxName - deploymentId.length - 1)}_${deploymentId}`;
}

/** The deployment that a name of `agentName` ends with. */
export function deploymentOfName(name: string): string | null {
  return /^[a-z0-9-]{1,63}_(\d{1,18})$/.exec(name)?.[1] ?? null;
}

export function agentTitle({ listing, manifest }: CallableAgent): string {
  return listing?.name ?? manifest.name;
}

/** What it does, then where it works and what it costs. */
export function agentDescription(agent: CallableAgent): string {
  const { listing, manifest, network, environment, version } = agent;
  const said = manifest.description || listing?.description || `The agent ${agentTitle(agent)}.`;
  const place = network.name ?? `network ${network.id}`;
  const facts = [
    `Works in ${environment ? `${environment} of ${place}` : place}; version ${manifest.version} (deployed as ${version})${listing?.publisher ? ` by ${listing.publisher}` : ''}.`,
    ...(manifest.price
      ? [`A run costs ${manifest.price.amount} ${manifest.price.token} (smallest unit).`]
      : []),
  ];
  return [said, ...facts].join('\n');
}

/** Grants by which an agent changes nothing that outlives its run. */
const reading = new Set(['llm', 'graphql', 'http']);
const outside = ['http', 'llm', 'mcp', 'pay'];

/** What a manifest's grants allow at most. */
export function agentEffects({ manifest }: CallableAgent): {
  readonly readOnly: boolean;
  readonly openWorld: boolean;
} {
  const grants = manifest.capabilities ?? {};
  const methods = grants.http?.methods;
  const readsHttp =
    !Array.isArray(methods) || methods.every((method) => method === 'GET' || method === 'HEAD');
  const readsGraph = !grants.graphql?.mutations;
  return {
    readOnly: Object.keys(grants).every((grant) => reading.has(grant)) && readsHttp && readsGraph,
    openWorld: outside.some((grant) => grants[grant] !== undefined),
  };
}
