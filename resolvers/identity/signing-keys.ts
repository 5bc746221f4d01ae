// Keys that sign access tokens: shared by every process through the database, replaced on a schedule, known by `kid`.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { type Kysely, sql } from 'kysely';
import type { IdentityTables } from './tables.ts';

export type SigningKey = Awaited<ReturnType<typeof importJWK>>;

const algorithm = 'EdDSA';
/** A key signs for 30 days. */
export const keyLifetimeMs = 30 * 24 * 3_600_000;
/** An old key verifies for a day more than it signs: far longer than an access token lives. */
const keyGraceMs = 24 * 3_600_000;
/** How soon an unknown `kid` may make us look into the database again: forged tokens must not become queries. */
const reloadMs = 1_000;

export class SigningKeys {
  readonly #db: Kysely<IdentityTables>;
  readonly #now: () => Date;
  #verifying = new Map<string, SigningKey>();
  #current: { kid: string; key: SigningKey; createdAt: Date } | undefined;
  #loadedAt = 0;
  #loading: Promise<void> = Promise.resolve();

  constructor(db: Kysely<IdentityTables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** The key to sign with now; made when there is none or the newest is too old. */
  async current(): Promise<{ readonly kid: string; readonly key: SigningKey }> {
    if (this.#current && !this.#isOld(this.#current.createdAt)) return this.#current;
    await this.#load();
    if (!this.#current || this.#isOld(this.#current.createdAt)) await this.rotate();
    if (!this.#current) throw new Error('no signing key after rotation');
    return this.#current;
  }

  /** The public key of a `kid`, or undefined when it is unknown or retired. */
  async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.#verifying.get(kid);
    if (known) return known;
    if (Date.now() - this.#loadedAt >= reloadMs) await this.#load();
    // Who comes while others look waits for what they find.
    else await this.#loading;
    return this.#verifying.get(kid);
  }

  /** Makes a new key the current one. Tokens signed with the old one stay good until they expire. */
  async rotate(): Promise<void> {
    const pair = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    await this.#db.transaction().execute(async (transaction) => {
      // Processes that find the key too old together make one new key, not one each.
      await sql`lock table identity.signing_keys in exclusive mode`.execute(transaction);
      const newest = await transaction
        .selectFrom('identity.signing_keys')
        .select(['kid', 'created_at'])
        .orderBy('created_at', 'desc')
        .executeTakeFirst();
      if (newest && newest.kid !== this.#current?.kid && !this.#isOld(newest.created_at)) return;
      await transaction
        .insertInto('identity.signing_keys')
        .values({
          kid,
          public_jwk: JSON.stringify(publicJwk) as unknown as JWK,
          private_jwk: JSON.stringify(await exportJWK(pair.privateKey)) as unknown as JWK,
          created_at: this.#now(),
        })
        .execute();
      await transaction
        .deleteFrom('identity.signing_keys')
        .where('created_at', '<', new Date(this.#now().getTime() - keyLifetimeMs - keyGraceMs))
        .execute();
    });
    await this.#load();
  }

  #isOld(createdAt: Date): boolean {
    return this.#now().getTime() - createdAt.getTime() >= keyLifetimeMs;
  }

  #load(): Promise<void> {
    this.#loadedAt = Date.now();
    const loading = this.#read();
    this.#loading = loading;
    // Whoever began it hears of a failure; those who wait along must not end the process.
    loading.catch(() => {});
    return loading;
  }

  async #read(): Promise<void> {
    const rows = await this.#db
      .selectFrom('identity.signing_keys')
      .selectAll()
      .where('created_at', '>=', new Date(this.#now().getTime() - keyLifetimeMs - keyGraceMs))
      .orderBy('created_at')
      .execute();
    const verifying = new Map<string, SigningKey>();
    for (const row of rows) verifying.set(row.kid, await importJWK(row.public_jwk, algorithm));
    this.#verifying = verifying;
    const newest = rows.at(-1);
    this.#current = newest && {
      kid: newest.kid,
      key: await importJWK(newest.private_jwk, algorithm),
      createdAt: newest.created_at,
    };
  }
}
