// The Apollo link of subscriptions. It resumes event streams: an operation with an `after` variable whose results carry
// a `cursor` asks, after a reconnect, for what follows the last event it delivered, so none is lost and none repeated.
import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { type FormattedExecutionResult, type GraphQLFormattedError, print } from 'graphql';
import type { Client } from 'graphql-ws';
import { Observable } from 'rxjs';

/** The cursor of an event in a subscription's result, when its root field has one. */
export function cursorOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  for (const value of Object.values(data)) {
    if (
      typeof value === 'object' &&
      value !== null &&
      'cursor' in value &&
      typeof value.cursor === 'string'
    ) {
      return value.cursor;
    }
  }
  return undefined;
}

/** A terminating link over a graphql-ws client, with resumption of event streams. */
export function eventStreamLink(client: Client): ApolloLink {
  return new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        // graphql-ws sends this same object again when it reconnects; moving `after` in it is what resumes the stream.
        const payload = {
          query: print(operation.query),
          operationName: operation.operationName,
          variables: { ...operation.variables } as Record<string, unknown>,
        };
        return client.subscribe(payload, {
          next(result) {
            const cursor = cursorOf(result.data);
            if (cursor !== undefined) payload.variables.after = cursor;
            observer.next(result as FormattedExecutionResult<Record<string, unknown>>);
          },
          error(reason) {
            if (reason instanceof Error) return observer.error(reason);
            if (Array.isArray(reason)) {
              return observer.error(new CombinedGraphQLErrors({ errors: reason as GraphQLFormattedError[] }));
            }
            observer.error(new Error('The live connection closed.'));
          },
          complete: () => observer.complete(),
        });
      }),
  );
}
