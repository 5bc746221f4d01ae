// Metadata documents of the demo's networks and agents, and their content identifiers: CIDv1, raw, sha2-256, base32.
import { createHash } from 'node:crypto';
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
  const digest = createHash('sha256').update(JSON.stringify(document)).digest();
  // https://github.com/multiformats/cid: version 1, codec raw (0x55), multihash sha2-256 (0x12) of 32 bytes.
  return `b${base32(Buffer.concat([Buffer.from([1, 0x55, 0x12, 32]), digest]))}`;
}

/** The documents of the whole catalogue by content identifier: what an IPFS node would answer for the demo. */
export function demoDocuments(): Map<string, DemoDocument> {
  const documents = [
    ...networks.flatMap((plan) => [networkDocument(plan), networkDocument(plan, 2)]),
    ...agents.flatMap((plan) => [agentDocument(plan), agentDocument(plan, 2)]),
  ];
  return new Map(documents.map((document) => [contentId(document), document]));
}

/** RFC 4648, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31];
  return text;
}
