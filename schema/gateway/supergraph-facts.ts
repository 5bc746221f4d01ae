// What the gateway needs to know of a supergraph's text beyond planning: where subgraphs are, who owns a subscription.
import { type DirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import type { AccessRule } from '../access.ts';

export interface SubgraphAddress {
  /** Name as composed, for example `directory`. */
  readonly name: string;
  readonly url: string;
}

export interface SupergraphFacts {
  /** By the value of the enum `join__Graph`. */
  readonly subgraphs: ReadonlyMap<string, SubgraphAddress>;
  /** Field of `Subscription` → name of the subgraph that resolves it. */
  readonly subscriptionOwners: ReadonlyMap<string, string>;
  /** Root fields of mutations and subscriptions that need a viewer, by coordinate, for example `Mutation.deployAgent`. */
  readonly guarded: ReadonlyMap<string, AccessRule>;
}

function argument(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((arg) => arg.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
}

const directive = (node: { directives?: readonly DirectiveNode[] }, name: string) =>
  node.directives?.find((one) => one.name.value === name);

function rootTypeName(supergraph: DocumentNode, operation: 'mutation' | 'subscription'): string {
  for (const node of supergraph.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION) continue;
    const root = node.operationTypes.find((type) => type.operation === operation);
    if (root) return root.type.name.value;
  }
  return operation === 'mutation' ? 'Mutation' : 'Subscription';
}

/** What `@authenticated` and `@requiresScopes` on a field ask for. */
function accessOf(field: { directives?: readonly DirectiveNode[] }): AccessRule | undefined {
  const scoped = directive(field, 'requiresScopes');
  if (!scoped && !directive(field, 'authenticated')) return undefined;
  const scopes = scoped?.arguments?.find((arg) => arg.name.value === 'scopes')?.value;
  return { authenticated: true, scopes: scopes && (valueFromASTUntyped(scopes) as string[][]) };
}

export function readSupergraph(supergraph: DocumentNode): SupergraphFacts {
  const subgraphs = new Map<string, SubgraphAddress>();
  const owners = new Map<string, string>();
  const guarded = new Map<string, AccessRule>();
  const subscription = rootTypeName(supergraph, 'subscription');
  const mutation = rootTypeName(supergraph, 'mutation');
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph') {
      for (const value of node.values ?? []) {
        const graph = directive(value, 'join__graph');
        const name = argument(graph, 'name') ?? value.name.value;
        subgraphs.set(value.name.value, { name, url: argument(graph, 'url') ?? '' });
      }
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    if (node.name.value === mutation || node.name.value === subscription) {
      for (const field of node.fields ?? []) {
        const rule = accessOf(field);
        if (rule) guarded.set(`${node.name.value}.${field.name.value}`, rule);
      }
    }
    if (node.name.value === subscription) {
      const only = argument(directive(node, 'join__type'), 'graph');
      for (const field of node.fields ?? []) {
        const graph = argument(directive(field, 'join__field'), 'graph') ?? only;
        if (graph) owners.set(field.name.value, graph);
      }
    }
  }
  return {
    subgraphs,
    guarded,
    subscriptionOwners: new Map(
      [...owners].map(([field, graph]) => [field, subgraphs.get(graph)?.name ?? graph]),
    ),
  };
}
