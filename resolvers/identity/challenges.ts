// Challenges: what a person signs to prove a key. Kept here, bound to domain, chain and subject, good for one attempt and five minutes.
import { randomBytes } from 'node:crypto';
import { getBytes, hashMessage, Interface, isHexString, verifyMessage } from 'ethers';
import { type Kysely, sql } from 'kysely';
import { AiosError } from '#node/platform/errors.ts';
import { keyOfDid, verifyDidSignature } from './did.ts';
import { domainOf, signInMessage } from './message.ts';
import type { IdentityTables } from './tables.ts';

const challengeMs = 5 * 60_000;
/** A person needs one; a family behind one address a few. */
const challengesPerMinute = 20;
/** What is over is kept for an hour, so that a late or repeated answer is told what happened to it. */
const keptMs = 3_600_000;

export type ChallengePurpose = 'sign-in' | 'link';

export interface Challenge {
  readonly id: string;
  readonly message: string;
  readonly expiresAt: Date;
}

/** Asks a chain for contract wallets' signatures (EIP-1271). */
export interface ContractWallets {
  call(transaction: { to: string; data: string }): Promise<string>;
  getCode(address: string): Promise<string>;
}

export interface ChallengesOptions {
  readonly db: Kysely<IdentityTables>;
  /** Where people reach this product; the message and its answer are bound to the host. */
  readonly publicUrl: string;
  readonly chainId: number;
  readonly now: () => Date;
  /** Absent: only keys can sign in, no contract wallets. */
  readonly wallets?: ContractWallets;
}

export interface Answer {
  readonly challengeId: string;
  readonly signature: string;
  readonly purpose: ChallengePurpose;
  /** Who is linking; for sign-in absent. */
  readonly account?: string;
  /** What the client believes it signed for and what it signed; compared when given. */
  readonly subject?: string;
  readonly message?: string;
}

const isValidSignature = new Interface([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
]);
/** What EIP-1271 wants as the answer: the function's own selector, padded. */
const magicValue = `0x1626ba7e${'0'.repeat(56)}`;

export class Challenges {
  readonly #options: ChallengesOptions;
  readonly #domain: string;

  constructor(options: ChallengesOptions) {
    this.#options = options;
    this.#domain = new URL(options.publicUrl).host;
  }

  /**
   * Makes a challenge for a did:aios or a lower-case address.
   * @throws AiosError INVALID_DID, INVALID_ADDRESS or RATE_LIMITED.
   */
  async create(request: {
    readonly subject: string;
    readonly purpose: ChallengePurpose;
    readonly account?: string;
    readonly ip: string;
  }): Promise<Challenge> {
    const { db, now, chainId, publicUrl } = this.#options;
    const subject = normalSubject(request.subject);
    const issuedAt = now();
    await this.#limit(request.ip, issuedAt);
    const id = randomBytes(16).toString('hex');
    const expiresAt = new Date(issuedAt.getTime() + challengeMs);
    const message = signInMessage({
      domain: this.#domain,
      uri: publicUrl,
      subject,
      // A signature given to sign in can never be used to link, nor the other way round: the text differs.
      statement:
        request.purpose === 'link'
          ? `Link this ${subject.startsWith('did:') ? "key's address on the AiOS chain" : 'address'} to the AiOS account ${request.account}.`
          : 'Sign in to AiOS Studio.',
      chainId,
      nonce: randomBytes(12).toString('hex'),
      issuedAt,
      expiresAt,
      requestId: id,
    });
    await db
      .insertInto('identity.challenges')
      .values({
        id,
        purpose: request.purpose,
        subject,
        account_id: request.account ?? null,
        domain: this.#domain,
        message,
        ip: request.ip,
        created_at: issuedAt,
        expires_at: expiresAt,
        used_at: null,
      })
      .execute();
    return { id, message, expiresAt };
  }

  /**
   * Takes the one attempt that a challenge allows, and returns the subject that it proves.
   * @throws AiosError CHALLENGE_UNKNOWN, CHALLENGE_USED, CHALLENGE_EXPIRED, CHALLENGE_WRONG_DOMAIN,
   * CHALLENGE_WRONG_PURPOSE, CHALLENGE_WRONG_SUBJECT, CHALLENGE_TAMPERED or SIGNATURE_INVALID.
   */
  async answer(answer: Answer): Promise<string> {
    const { db, now } = this.#options;
    const taken = await db
      .updateTable('identity.challenges')
      .set({ used_at: now() })
      .where('id', '=', answer.challengeId)
      .where('used_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!taken) {
      const known = await db
        .selectFrom('identity.challenges')
        .select('id')
        .where('id', '=', answer.challengeId)
        .executeTakeFirst();
      throw known
        ? refuse('CHALLENGE_USED', 'was answered before; each works once')
        : refuse('CHALLENGE_UNKNOWN', 'is not known here');
    }
    if (taken.domain !== this.#domain) {
      throw refuse('CHALLENGE_WRONG_DOMAIN', `was made for ${taken.domain}, this is ${this.#domain}`);
    }
    if (answer.message !== undefined && answer.message !== taken.message) {
      const domain = domainOf(answer.message);
      throw domain !== undefined && domain !== this.#domain
        ? refuse('CHALLENGE_WRONG_DOMAIN', `was signed for ${domain}, this is ${this.#domain}`)
        : refuse('CHALLENGE_TAMPERED', 'is not the text that was signed');
    }
    if (taken.expires_at <= now()) throw refuse('CHALLENGE_EXPIRED', 'was not answered within five minutes');
    if (taken.purpose !== answer.purpose || (taken.account_id ?? undefined) !== answer.account) {
      throw refuse('CHALLENGE_WRONG_PURPOSE', 'was made for something or somebody else');
    }
    if (answer.subject !== undefined && normalSubject(answer.subject) !== taken.subject) {
      throw refuse('CHALLENGE_WRONG_SUBJECT', `was made for ${taken.subject}`);
    }
    if (!(await this.#isSignedBy(taken.subject, taken.message, answer.signature))) {
      throw new AiosError(
        'SIGNATURE_INVALID',
        `The signature is not ${taken.subject}'s over the challenge's exact text. Ask for a new challenge and sign its message unchanged.`,
      );
    }
    return taken.subject;
  }

  async #isSignedBy(subject: string, message: string, signature: string): Promise<boolean> {
    if (!isHexString(signature) || signature.length % 2 !== 0 || signature.length > 20_000) return false;
    if (subject.startsWith('did:')) return verifyDidSignature(subject, message, getBytes(signature));
    try {
      if (verifyMessage(message, signature).toLowerCase() === subject) return true;
    } catch {
      // Not a signature of a key; a contract wallet may still accept it.
    }
    const { wallets } = this.#options;
    if (!wallets || (await wallets.getCode(subject)) === '0x') return false;
    const data = isValidSignature.encodeFunctionData('isValidSignature', [hashMessage(message), signature]);
    return wallets.call({ to: subject, data }).then(
      (result) => result === magicValue,
      () => false,
    );
  }

  async #limit(ip: string, at: Date): Promise<void> {
    const { db } = this.#options;
    await db
      .deleteFrom('identity.challenges')
      .where('expires_at', '<', new Date(at.getTime() - keptMs))
      .execute();
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from identity.challenges
       where ip = ${ip} and created_at > ${new Date(at.getTime() - 60_000)}`.execute(db);
    if (Number(rows[0]?.count) >= challengesPerMinute) {
      throw new AiosError(
        'RATE_LIMITED',
        `More than ${challengesPerMinute} challenges in a minute were asked for from here. Wait a minute and try again.`,
      );
    }
  }
}

function refuse(code: string, what: string): AiosError {
  return new AiosError(code, `This challenge ${what}. Ask for a new one with createSignInChallenge.`);
}

function normalSubject(subject: string): string {
  if (/^0x[0-9a-f]{40}$/i.test(subject)) return subject.toLowerCase();
  if (subject.startsWith('did:')) {
    keyOfDid(subject);
    return subject;
  }
  throw new AiosError('INVALID_ADDRESS', 'Expected a did:aios or an Ethereum address of 20 bytes as 0x hex.');
}
