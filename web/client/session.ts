// The session of the person at the browser: tokens, their renewal, and who is told when it changes.
// It speaks to the endpoint by itself, below Apollo, because Apollo's link asks it for the token.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { RefreshSessionDocument } from '../generated/graphql.ts';

export interface Session {
  readonly did: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** RFC 3339; when the access token ends. */
  readonly expiresAt: string;
}

const STORAGE_KEY = 'aios.session';
/** A token this close to its end is renewed before use: longer than any request should take. */
const RENEW_BEFORE_MS = 30_000;

/** Sends one operation over HTTP without Apollo. Throws when the endpoint cannot be reached or answers with errors only. */
export async function post<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  token?: string,
): Promise<Data> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      'x-graphql-csrf': '1',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const body = (await response.json()) as { data?: Data | null; errors?: readonly { message: string }[] };
  if (!body.data) throw new Error(body.errors?.[0]?.message ?? `The endpoint answered ${response.status}.`);
  return body.data;
}

function read(): Session | null {
  try {
    const text = localStorage.getItem(STORAGE_KEY);
    return text ? (JSON.parse(text) as Session) : null;
  } catch {
    return null;
  }
}

class SessionStore {
  #current: Session | null = read();
  #renewal: Promise<string | null> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor() {
    // Another tab signed in, out, or renewed.
    window.addEventListener('storage', (event) => {
      if (event.key === STORAGE_KEY || event.key === null) {
        this.#current = read();
        this.#tell();
      }
    });
  }

  get = (): Session | null => this.#current;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(next: Session | null): void {
    this.#current = next;
    try {
      if (next) localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
      else localStorage.removeItem(STORAGE_KEY);
    } catch {
      // Without storage the session lives as long as the page.
    }
    this.#tell();
  }

  /** An access token good for at least half a minute, or null when signed out. Renews at most once at a time over all tabs. */
  async freshToken(): Promise<string | null> {
    const current = this.#current;
    if (!current) return null;
    if (!stale(current)) return current.accessToken;
    this.#renewal ??= exclusively(() => this.#renew()).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<string | null> {
    // Refresh tokens rotate and work once: while we waited for the lock another tab may have used this one.
    const stored = read() ?? this.#current;
    if (!stored) return null;
    if (!stale(stored)) {
      this.#current = stored;
      return stored.accessToken;
    }
    try {
      const { refreshSession } = await post(RefreshSessionDocument, {
        input: { refreshToken: stored.refreshToken },
      });
      this.set(refreshSession.session ?? null);
      return refreshSession.session?.accessToken ?? null;
    } catch {
      // The endpoint is away: keep the session, the request itself will say what failed.
      return stored.accessToken;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function stale(session: Session): boolean {
  return Date.parse(session.expiresAt) - Date.now() < RENEW_BEFORE_MS;
}

/** Runs one task at a time over all tabs of the origin; where Web Locks are missing (plain HTTP), over this tab only. */
function exclusively<T>(task: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request('aios.session', task) : task();
}

export const session = new SessionStore();
