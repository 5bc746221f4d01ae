// Identity as the rest of the product uses it: who is asking, how they sign in and out, and which addresses are theirs.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { createKysely } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { type Account, Accounts, type DevnetAddresses } from './accounts.ts';
import { type Challenge, Challenges, type ContractWallets } from './challenges.ts';
import { identityMigrations, identitySchema } from './migrations.ts';
import { Sessions, type SessionTokens } from './sessions.ts';
import { SigningKeys } from './signing-keys.ts';
import type { IdentityTables } from './tables.ts';

/** What a session may do. A client asks for less by naming what it needs. */
export const knownScopes = ['read', 'write'] as const;

/** Id of the AiOS chain on the devnet. */
const DAG_DEVNET = 1_051;

export interface IdentityOptions {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  /** How people reach the product, for example `http://127.0.0.1:4000`: binds challenges and tokens. */
  readonly publicUrl: string;
  /** The main chain: bare addresses are meant on it. */
  readonly chainId: number;
  /** Of the AiOS chain; default that of its devnet. */
  readonly dagChainId?: number;
  /** Present on the embedded devnet. */
  readonly devnet?: DevnetAddresses;
  /** An ethers provider of the main chain, for contract wallets; absent: they cannot sign in. */
  readonly wallets?: ContractWallets;
  readonly now?: () => Date;
}

export class IdentityService {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly keys: SigningKeys;
  readonly #challenges: Challenges;

  private constructor(options: IdentityOptions) {
    const db = createKysely<IdentityTables>(options.pool);
    const now = options.now ?? (() => new Date());
    this.accounts = new Accounts({
      pool: options.pool,
      db,
      chainId: options.chainId,
      dagChainId: options.dagChainId ?? DAG_DEVNET,
      devnet: options.devnet,
    });
    this.keys = new SigningKeys(db, now);
    this.sessions = new Sessions({
      db,
      bus: options.bus,
      accounts: this.accounts,
      keys: this.keys,
      issuer: new URL(options.publicUrl).origin,
      now,
    });
    this.#challenges = new Challenges({
      db,
      publicUrl: options.publicUrl,
      chainId: options.chainId,
      now,
      wallets: options.wallets,
    });
  }

  /** Brings the tables up to date and returns the service. */
  static async open(options: IdentityOptions): Promise<IdentityService> {
    await migrate(options.pool, identitySchema, identityMigrations);
    return new IdentityService(options);
  }

  /**
   * Who sends this `authorization` header. No header is anonymous (null); a bad one is an error, never anonymous.
   * @throws AiosError UNAUTHENTICATED
   */
  async authenticate(authorization: string | null | undefined): Promise<Viewer | null> {
    if (authorization === null || authorization === undefined || authorization === '') return null;
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1];
    if (!token) {
      throw new AiosError('UNAUTHENTICATED', 'The authorization header is not of the form "Bearer TOKEN".');
    }
    return this.sessions.authenticate(token);
  }

  /** A challenge to sign in as `subject` (a did:aios or an address). */
  createSignInChallenge(subject: string, ip: string): Promise<Challenge> {
    return this.#challenges.create({ subject, purpose: 'sign-in', ip });
  }

  /** A challenge by which the viewer proves that an address is theirs too: an Ethereum one, or that of a did:aios's key on the AiOS chain. */
  createLinkChallenge(viewer: Viewer, subject: string, ip: string): Promise<Challenge> {
    return this.#challenges.create({ subject, purpose: 'link', account: viewer.did, ip });
  }

  /** Signs in by a signed challenge. Throws what `Challenges.answer` throws, and SCOPE_UNKNOWN. */
  async signIn(answer: {
    readonly challengeId: string;
    readonly signature: string;
    readonly subject?: string;
    readonly message?: string;
    readonly scopes?: readonly string[];
  }): Promise<SessionTokens> {
    const scopes = answer.scopes ?? knownScopes;
    const unknown = scopes.find((scope) => !(knownScopes as readonly string[]).includes(scope));
    if (unknown !== undefined) {
      throw new AiosError(
        'SCOPE_UNKNOWN',
        `There is no scope ${JSON.stringify(unknown)}. Known are: ${knownScopes.join(', ')}.`,
      );
    }
    const subject = await this.#challenges.answer({ ...answer, purpose: 'sign-in' });
    const did = subject.startsWith('did:') ? subject : await this.accounts.didForAddress(subject);
    await this.accounts.ensure(did);
    return this.sessions.open(did, [...new Set(scopes)]);
  }

  /** Links the address that a signed link challenge proves, or that of the key it proves, to the viewer's account. */
  async linkAccount(
    viewer: Viewer,
    answer: { readonly challengeId: string; readonly signature: string; readonly message?: string },
  ): Promise<Account> {
    const subject = await this.#challenges.answer({ ...answer, purpose: 'link', account: viewer.did });
    const previous = await this.accounts.link(viewer.did, subject);
    // Sessions of the address's own account would go on speaking for an account that has lost its address.
    if (previous !== undefined) await this.sessions.revokeAll(previous, 'address linked to another account');
    await this.sessions.announce({ account: viewer.did });
    const [account] = await this.accounts.byIds([viewer.did]);
    if (!account) throw new Error(`account ${viewer.did} vanished while an address was linked`);
    return account;
  }

  close(): void {
    this.sessions.close();
  }
}
