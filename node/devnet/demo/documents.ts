// Metadata documents of the demo's networks and agents, and their content identifiers.
import { contentIdOf } from '#node/platform/content-id.ts';
import { type AgentPlan, agents, businesses, type NetworkPlan, networks } from './catalog.ts';

export interface DemoDocument {
  readonly name: string;
  readonly description: string;
  readonly publisher: string;
  readonly site: string;
  readonly category?: string;
  readonly version: number;
}

export function networkDocument(plan: NetworkPlan, version = 1): DemoDocument {
  const founder = businesses[plan.founder];
  return {
    name: plan.name,
    description: plan.summary,
    publisher: founder?.name ?? '',
    site: founder?.site ?? '',
    version,
  };
}

export function agentDocument(plan: AgentPlan, version = 1): DemoDocument {
  const maker = businesses[plan.maker];
  return {
    name: plan.name,
    description: plan.summary,
    publisher: maker?.name ?? '',
    site: maker?.site ?? '',
    category: plan.category,
    version,
  };
}

/** Content identifier of a document's JSON. */
export function contentId(document: DemoDocument): string {
  return contentIdOf(Buffer.from(JSON.stringify(document)));
}

/** The documents of the whole catalogue by content identifier: what an IPFS node would answer for the demo. */
export function demoDocuments(): Map<string, DemoDocument> {
  const documents = [
    ...networks.flatMap((plan) => [networkDocument(plan), networkDocument(plan, 2)]),
    ...agents.flatMap((plan) => [agentDocument(plan), agentDocument(plan, 2)]),
  ];
  return new Map(documents.map((document) => [contentId(document), document]));
}
