// The templates, and which of them a package was begun from.
import { useQuery } from '@apollo/client/react';
import type { PackageTexts } from '../client/agent-package.ts';
import { AgentTemplatesDocument, type AgentTemplatesQuery } from '../generated/graphql.ts';

export type Template = AgentTemplatesQuery['agentTemplates'][number];

export function useTemplates() {
  const { data, error, refetch } = useQuery(AgentTemplatesDocument);
  return { templates: data?.agentTemplates, error: data ? undefined : error, refetch };
}

/** Text of each file; files that are not text are left out. */
export function textsOf(
  files: readonly { readonly path: string; readonly text: string | null }[],
): PackageTexts {
  return Object.fromEntries(files.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])));
}

/** Inputs to try an agent on, when its name is a template's. */
export function examplesFor(templates: readonly Template[] | undefined, name: string | undefined) {
  return templates?.find(({ id }) => id === name)?.examples ?? [];
}
