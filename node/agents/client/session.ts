// A signed-in caller: signs the endpoint's challenge, keeps the tokens, and renews them before they end.
import { AiosError } from '#node/platform/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { CREATE_CHALLENGE, ME, REFRESH_SESSION, SIGN_IN } from './operations.ts';
import type { Signer } from './signer.ts';

/** A token this close to its end is renewed first: longer than a request takes. */
const RENEW_BEFORE_MS = 30_000;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
  readonly did: string;
}

interface UserError {
  readonly code: string;
  readonly message: string;
}

/** Where the calls of a client get their token from. */
export interface Session {
  readonly did: string;
  /** A token good for at least half a minute. @throws AiosError when the caller can no longer be signed in */
  token(): Promise<string>;
}

/** A session over a token that somebody else keeps fresh. @throws AiosError UNAUTHENTICATED when it is no good */
export async function tokenSession(endpoint: Endpoint, token: string): Promise<Session> {
  const { me } = await endpoint.ask<{ me: { did: string } | null }>(ME, {}, token);
  if (!me) throw new AiosError('UNAUTHENTICATED', 'The token is of nobody: sign in again.');
  return { did: me.did, token: async () => token };
}

/** Signs in. @throws AiosError of the endpoint when it refuses */
export async function signedSession(endpoint: Endpoint, signer: Signer): Promise<Session> {
  const subject = signer.subject.startsWith('did:') ? { did: signer.subject } : { address: signer.subject };
  const signIn = async (): Promise<Tokens> => {
    const { createSignInChallenge: asked } = await endpoint.ask<{
      createSignInChallenge: { challenge: { id: string; message: string } | null; error: UserError | null };
    }>(CREATE_CHALLENGE, { input: subject });
    if (!asked.challenge) throw refusal(asked.error);
    const { id: challengeId, message } = asked.challenge;
    const signature = await signer.sign(message);
    const { signIn: done } = await endpoint.ask<{
      signIn: { session: Tokens | null; error: UserError | null };
    }>(SIGN_IN, { input: { challengeId, signature, message, ...subject } });
    if (!done.session) throw refusal(done.error);
    return done.session;
  };
  const refresh = async ({ refreshToken }: Tokens): Promise<Tokens> => {
    const { refreshSession: done } = await endpoint.ask<{ refreshSession: { session: Tokens | null } }>(
      REFRESH_SESSION,
      { input: { refreshToken } },
    );
    // The session has ended, or its token was used by somebody who copied it: the key still signs in.
    return done.session ?? (await signIn());
  };
  let tokens = await signIn();
  let renewal: Promise<Tokens> | undefined;
  return {
    did: tokens.did,
    async token() {
      if (Date.parse(tokens.expiresAt) - Date.now() >= RENEW_BEFORE_MS) return tokens.accessToken;
      renewal ??= refresh(tokens).finally(() => {
        renewal = undefined;
      });
      tokens = await renewal;
      return tokens.accessToken;
    },
  };
}

function refusal(error: UserError | null): AiosError {
  return new AiosError(
    error?.code ?? 'UNAUTHENTICATED',
    error?.message ?? 'The endpoint refused the sign-in.',
  );
}
