// Enforces @authenticated and @requiresScopes inside a service subgraph, where the gateway's word is not enough.

import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, Viewer } from '#node/platform/operation.ts';

/** What a field or type asks of the viewer. `scopes` is a disjunction of conjunctions: `[[a, b], [c]]` is (a and b) or c. */
export interface AccessRule {
  readonly authenticated: boolean;
  readonly scopes: readonly (readonly string[])[] | undefined;
}

/** The error to answer with when `viewer` does not satisfy `rule`, or undefined when it does. */
export function accessError(rule: AccessRule, viewer: Viewer | null, where: string): AiosError | undefined {
  if (!viewer) {
    return new AiosError(
      'UNAUTHENTICATED',
      `${where} needs a signed-in user: sign in and send the access token as "authorization: Bearer …"`,
    );
  }
  if (rule.scopes && !rule.scopes.some((all) => all.every((scope) => viewer.scopes.includes(scope)))) {
    const wanted = rule.scopes.map((all) => all.join(' and ')).join(', or ');
    return new AiosError('FORBIDDEN', `${where} needs the scope ${wanted}: ask for it when signing in`, {
      details: { requiredScopes: rule.scopes },
    });
  }
  return undefined;
}

interface AccessOptions {
  readonly authenticated?: boolean;
  readonly requiresScopes?: readonly (readonly unknown[])[];
}

function ruleOf(options: AccessOptions): AccessRule | undefined {
  if (!options.authenticated && !options.requiresScopes) return undefined;
  return {
    authenticated: true,
    scopes: options.requiresScopes?.map((all) => all.map(String)),
  };
}

type Resolve = GraphQLFieldResolver<unknown, object>;

const pluginName = 'access';

/** Reads the `authenticated` and `requiresScopes` options of fields, of their parent type and of the type they return. */
export class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  #rules(field: PothosOutputFieldConfig<Types>): AccessRule[] {
    const store = this.builder.configStore;
    const parent = store.getTypeConfig(field.parentType).pothosOptions as AccessOptions;
    let named = field.type;
    while (named.kind === 'List') named = named.type;
    const returned = store.getTypeConfig(named.ref).pothosOptions as AccessOptions;
    return [field.pothosOptions as AccessOptions, parent, returned].flatMap(
      (options) => ruleOf(options) ?? [],
    );
  }

  #guard<Fn extends (...args: never[]) => unknown>(inner: Fn, field: PothosOutputFieldConfig<Types>): Fn {
    const rules = this.#rules(field);
    if (rules.length === 0) return inner;
    const where = `${field.parentType}.${field.name}`;
    const guarded = (...args: never[]) => {
      const { viewer } = args[2] as unknown as OperationContext;
      for (const rule of rules) {
        const error = accessError(rule, viewer, where);
        if (error) throw error;
      }
      return inner(...args);
    };
    return guarded as unknown as Fn;
  }

  override wrapResolve(resolver: Resolve, field: PothosOutputFieldConfig<Types>): Resolve {
    return this.#guard(resolver, field);
  }

  override wrapSubscribe(
    subscriber: Resolve | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolve | undefined {
    return subscriber && this.#guard(subscriber, field);
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      access: AccessPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(pluginName, AccessPlugin);

export default pluginName;
