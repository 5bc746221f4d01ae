// What agents and networks are called and how they are described, when their documents say so and when they do not.

interface NamedAgent {
  readonly id: string;
  readonly metadata?: { readonly name?: string | null } | null;
}

/** An agent's name from its metadata document; `Agent 38` while that is not known. */
export function agentName({ id, metadata }: NamedAgent): string {
  return metadata?.name || `Agent ${id}`;
}

interface DescribedNetwork {
  readonly profile?: { readonly description?: string | null } | null;
  readonly metadata?: { readonly description?: string | null } | null;
}

/** A network's description: its profile's, which its admins keep, before that of its metadata document. Null without either. */
export function networkDescription({ profile, metadata }: DescribedNetwork): string | null {
  return profile?.description || metadata?.description || null;
}
