// Sessions: short-lived signed access tokens, refresh tokens that work once, and revocation that every process sees.
import { createHash, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Kysely } from 'kysely';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { Accounts } from './accounts.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { IdentityTables } from './tables.ts';

const accessTokenMs = 15 * 60_000;
/** A session ends 30 days after its sign-in, however often it is refreshed. */
const sessionMs = 30 * 24 * 3_600_000;
/** Signals tell of revocations at once; this bounds how long one that was lost can matter. */
const cacheMs = 5_000;
/** A flood of sessions must not fill the memory; the oldest entry goes first. */
const cacheSize = 10_000;

/** Told with `{ session }` or `{ account }` when what is known of them has changed. */
export const sessionTopic = 'identity.session';

export interface SessionTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends. */
  readonly expiresAt: Date;
  readonly did: string;
}

export interface SessionsOptions {
  readonly db: Kysely<IdentityTables>;
  readonly bus: EventBus;
  readonly accounts: Accounts;
  readonly keys: SigningKeys;
  /** `iss` and `aud` of the tokens: the public URL of the product. */
  readonly issuer: string;
  readonly now: () => Date;
}

interface Cached {
  readonly viewer: Viewer;
  readonly account: string;
  readonly expiresAt: Date;
  readonly until: number;
}

const unauthenticated = (message: string) => new AiosError('UNAUTHENTICATED', message);

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #cache = new Map<string, Cached>();
  readonly #stop: () => void;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#stop = options.bus.onSignal(sessionTopic, (payload) => this.#forget(payload));
  }

  /** Starts a session of an account that has proven who it is. */
  async open(did: string, scopes: readonly string[]): Promise<SessionTokens> {
    const { db, now } = this.#options;
    const id = randomBytes(16).toString('hex');
    const createdAt = now();
    await db
      .insertInto('identity.sessions')
      .values({
        id,
        account_id: did,
        scopes: [...scopes],
        created_at: createdAt,
        expires_at: new Date(createdAt.getTime() + sessionMs),
        revoked_at: null,
        revoked_reason: null,
      })
      .execute();
    return this.#issue(id, did, scopes);
  }

  /**
   * Exchanges a refresh token for new tokens. Each works once: a second use means that somebody else has it, and
   * ends the session for both.
   * @throws AiosError REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, SESSION_EXPIRED or SESSION_REVOKED.
   */
  async refresh(refreshToken: string): Promise<SessionTokens> {
    const { db, now } = this.#options;
    const hash = hashOf(refreshToken);
    const outcome = await db.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('identity.refresh_tokens as token')
        .innerJoin('identity.sessions as session', 'session.id', 'token.session_id')
        .select(['token.used_at', 'session.id', 'session.account_id', 'session.scopes'])
        .select(['session.expires_at', 'session.revoked_at'])
        .where('token.hash', '=', hash)
        .forUpdate()
        .executeTakeFirst();
      if (!row)
        throw new AiosError('REFRESH_TOKEN_INVALID', 'This refresh token is not known. Sign in again.');
      if (row.revoked_at) {
        throw new AiosError('SESSION_REVOKED', 'This session was ended. Sign in again.');
      }
      if (row.expires_at <= now()) {
        throw new AiosError('SESSION_EXPIRED', 'This session has reached its end. Sign in again.');
      }
      if (row.used_at) return { reused: true as const, session: row.id };
      await transaction
        .updateTable('identity.refresh_tokens')
        .set({ used_at: now() })
        .where('hash', '=', hash)
        .execute();
      return { reused: false as const, session: row.id, did: row.account_id, scopes: row.scopes };
    });
    if (outcome.reused) {
      await this.revoke(outcome.session, 'refresh token used twice');
      throw new AiosError(
        'REFRESH_TOKEN_REUSED',
        'This refresh token was used before, so somebody else may hold it; the session was ended. Sign in again.',
      );
    }
    return this.#issue(outcome.session, outcome.did, outcome.scopes);
  }

  /** Ends a session; its tokens are refused from now on, in every process. */
  async revoke(session: string, reason: string): Promise<void> {
    await this.#revokeWhere('id', session, reason);
    await this.announce({ session });
  }

  /** Ends every session of an account. */
  async revokeAll(account: string, reason: string): Promise<void> {
    await this.#revokeWhere('account_id', account, reason);
    await this.announce({ account });
  }

  /** Tells every process to look again at a session or at an account. */
  async announce(changed: { session: string } | { account: string }): Promise<void> {
    this.#forget(changed);
    await this.#options.bus.transaction((transaction) => transaction.signal(sessionTopic, changed));
  }

  /**
   * Who an access token speaks for.
   * @throws AiosError UNAUTHENTICATED when the token is expired, revoked, forged, or not ours; the message says which.
   */
  async authenticate(accessToken: string): Promise<Viewer> {
    const session = await this.#verify(accessToken);
    const cached = this.#cache.get(session);
    if (cached && cached.until > Date.now()) {
      if (cached.expiresAt <= this.#options.now())
        throw unauthenticated('The session has ended. Sign in again.');
      return cached.viewer;
    }
    return this.#load(session);
  }

  /** When a session ends if it is not refreshed: the end of its newest possible access token. */
  async expiryOf(session: string): Promise<Date | undefined> {
    const row = await this.#options.db
      .selectFrom('identity.sessions')
      .select('expires_at')
      .where('id', '=', session)
      .executeTakeFirst();
    return row?.expires_at;
  }

  close(): void {
    this.#stop();
    this.#cache.clear();
  }

  async #issue(session: string, did: string, scopes: readonly string[]): Promise<SessionTokens> {
    const { db, keys, issuer, now } = this.#options;
    const issuedAt = now();
    const expiresAt = new Date(issuedAt.getTime() + accessTokenMs);
    const refreshToken = randomBytes(32).toString('base64url');
    await db
      .insertInto('identity.refresh_tokens')
      .values({ hash: hashOf(refreshToken), session_id: session, created_at: issuedAt, used_at: null })
      .execute();
    const { kid, key } = await keys.current();
    const accessToken = await new SignJWT({ sid: session, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setSubject(did)
      .setJti(randomBytes(12).toString('base64url'))
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(key);
    return { accessToken, refreshToken, expiresAt, did };
  }

  /** The session id of a token whose signature, issuer, audience, type and times are right. */
  async #verify(accessToken: string): Promise<string> {
    const { keys, issuer, now } = this.#options;
    try {
      const { payload } = await jwtVerify(
        accessToken,
        async (header) => {
          const key = header.kid ? await keys.find(header.kid) : undefined;
          if (!key) throw unauthenticated('The access token is signed with a key that is not ours.');
          return key;
        },
        {
          algorithms: ['EdDSA'],
          issuer,
          audience: issuer,
          typ: 'at+jwt',
          currentDate: now(),
          requiredClaims: ['sid', 'sub', 'exp'],
        },
      );
      return String(payload.sid);
    } catch (error) {
      if (error instanceof AiosError) throw error;
      if (error instanceof errors.JWTExpired) {
        throw unauthenticated('The access token has expired. Call refreshSession, or sign in again.');
      }
      throw unauthenticated('The access token is not valid here. Sign in again.');
    }
  }

  async #load(session: string): Promise<Viewer> {
    const { db, accounts, now } = this.#options;
    const row = await db
      .selectFrom('identity.sessions')
      .select(['account_id', 'scopes', 'expires_at', 'revoked_at'])
      .where('id', '=', session)
      .executeTakeFirst();
    if (!row || row.revoked_at) throw unauthenticated('The session was ended. Sign in again.');
    if (row.expires_at <= now()) throw unauthenticated('The session has ended. Sign in again.');
    const [account] = await accounts.byIds([row.account_id]);
    const viewer: Viewer = {
      did: row.account_id,
      accounts: account?.accounts ?? [],
      scopes: row.scopes,
      session,
    };
    if (this.#cache.size >= cacheSize) {
      const oldest = this.#cache.keys().next().value;
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(session, {
      viewer,
      account: row.account_id,
      expiresAt: row.expires_at,
      until: Date.now() + cacheMs,
    });
    return viewer;
  }

  async #revokeWhere(column: 'id' | 'account_id', value: string, reason: string): Promise<void> {
    await this.#options.db
      .updateTable('identity.sessions')
      .set({ revoked_at: this.#options.now(), revoked_reason: reason })
      .where(column, '=', value)
      .where('revoked_at', 'is', null)
      .execute();
  }

  #forget(payload: unknown): void {
    const changed = payload as { session?: string; account?: string } | undefined;
    if (changed?.session) this.#cache.delete(changed.session);
    else if (changed?.account) {
      for (const [session, entry] of this.#cache) {
        if (entry.account === changed.account) this.#cache.delete(session);
      }
    } else this.#cache.clear();
  }
}

function hashOf(refreshToken: string): Buffer {
  return createHash('sha256').update(refreshToken).digest();
}
