// GraphiQL on this endpoint, with subscriptions over the page's own WebSocket. Everything it needs, the editor's
// workers included, is in the bundle: it works without any other host.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql-page.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useMemo, useSyncExternalStore } from 'react';
import { theme } from '../../app/theme.ts';
import { webSocket } from '../../client/connection.ts';
import { session } from '../../client/session.ts';

const FIRST_QUERY = `# Networks with their on-chain facts and their off-chain profile, in one query.
query Networks {
  networks(first: 5, orderBy: createdAtBlock, orderDirection: desc) {
    id
    name
    owner
    memberCount
    profile {
      description
      tags
    }
  }
}
`;

/** Every request as the viewer: the token is renewed when it is about to end. */
async function authorized(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set('x-graphql-csrf', '1');
  const token = await session.freshToken();
  if (token && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  return fetch(input, { ...init, headers });
}

export function GraphiQLPage() {
  const chosen = useSyncExternalStore(theme.subscribe, theme.get);
  const fetcher = useMemo(
    () => createGraphiQLFetcher({ url: '/graphql', fetch: authorized, wsClient: webSocket }),
    [],
  );
  return (
    <div className="graphiql-page">
      <title>GraphiQL · AiOS Studio</title>
      <h1 className="visually-hidden">GraphiQL</h1>
      <GraphiQL
        fetcher={fetcher}
        initialQuery={FIRST_QUERY}
        defaultEditorToolsVisibility={false}
        {...(chosen === 'system' ? {} : { forcedTheme: chosen })}
      />
    </div>
  );
}
