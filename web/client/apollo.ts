// The Apollo client: queries and mutations over HTTP, subscriptions over the page's WebSocket, one normalised cache.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { OperationTypeNode } from 'graphql';
import { webSocket } from './connection.ts';
import { eventStreamLink } from './event-stream-link.ts';
import { session } from './session.ts';

const authorize = new SetContextLink(async (previous) => {
  const token = await session.freshToken();
  return token
    ? { ...previous, headers: { ...previous.headers, authorization: `Bearer ${token}` } }
    : previous;
});

const http = authorize.concat(
  // The header makes every request one that a foreign page cannot send without asking (CSRF).
  new HttpLink({ uri: '/graphql', headers: { 'x-graphql-csrf': '1' } }),
);

export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    eventStreamLink(webSocket),
    http,
  ),
  cache: new InMemoryCache({
    typePolicies: {
      // Parts of their parent, not things of their own.
      NetworkProfile: { merge: true },
      AgentMetadata: { merge: true },
      NetworkMetadata: { merge: true },
      Session: { keyFields: false, merge: true },
      PlatformInfo: { keyFields: false, merge: true },
      ChainStatus: { keyFields: ['name'] },
    },
  }),
});

let viewer = session.get()?.did ?? null;
session.subscribe(() => {
  const now = session.get()?.did ?? null;
  if (now === viewer) return;
  viewer = now;
  // What a page shows depends on who looks (`viewerCanEdit`, `me`).
  void client.refetchQueries({ include: 'active' });
});
