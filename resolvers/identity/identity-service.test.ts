import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Wallet } from 'ethers';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { SiweMessage } from 'siwe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressOf } from '#node/chain/types/transaction.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { createTestPlatform, TestClock, type TestPlatform } from '#node/platform/testing/platform.ts';
import type { ContractWallets } from './challenges.ts';
import { dagAddressOfDid, didOfKey, keyOfDid } from './did.ts';
import { IdentityService } from './identity-service.ts';

const publicUrl = 'http://localhost:4000';
const chainId = 31337;
let platform: TestPlatform;
let clock: TestClock;
let identity: IdentityService;
let visitor = 0;
/** Every challenge from an address of its own, except where the limit is the subject. */
const ip = () => `10.0.${visitor >> 8}.${visitor++ & 255}`;

const open = (overrides: Partial<Parameters<typeof IdentityService.open>[0]> = {}) =>
  IdentityService.open({
    pool: platform.database.pool,
    bus: platform.bus,
    publicUrl,
    chainId,
    now: clock.now,
    ...overrides,
  });

beforeAll(async () => {
  platform = await createTestPlatform();
});
afterAll(() => platform.close());
beforeEach(async () => {
  clock = new TestClock();
  identity = await open();
  return () => identity.close();
});

interface DidKey {
  readonly did: string;
  readonly sign: (message: string) => string;
}

function didKey(): DidKey {
  const pair: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    did: didOfKey(raw),
    sign: (message) => `0x${sign(null, Buffer.from(message), pair.privateKey).toString('hex')}`,
  };
}

async function signInWithKey(key: DidKey, service = identity, scopes?: string[]) {
  const challenge = await service.createSignInChallenge(key.did, ip());
  return service.signIn({
    challengeId: challenge.id,
    signature: key.sign(challenge.message),
    ...(scopes ? { scopes } : {}),
  });
}

async function signInWithWallet(wallet: { address: string; signMessage(m: string): Promise<string> }) {
  const challenge = await identity.createSignInChallenge(wallet.address, ip());
  return identity.signIn({
    challengeId: challenge.id,
    signature: await wallet.signMessage(challenge.message),
  });
}

const code = (expected: string) => expect.objectContaining({ code: expected });
const bearer = (token: string) => `Bearer ${token}`;

describe('signing in', () => {
  it('opens a session for a DID key', async () => {
    const key = didKey();
    const session = await signInWithKey(key);
    expect(session.did).toBe(key.did);
    expect(session.expiresAt.getTime() - clock.now().getTime()).toBe(15 * 60_000);
    const viewer = await identity.authenticate(bearer(session.accessToken));
    expect(viewer).toMatchObject({
      did: key.did,
      accounts: [`aios:1051:${dagAddressOfDid(key.did)}`],
      scopes: ['read', 'write'],
    });
  });

  it('opens a session for a wallet, with a message that the reference implementation parses as EIP-4361', async () => {
    const wallet = Wallet.createRandom();
    const challenge = await identity.createSignInChallenge(wallet.address, ip());
    const parsed = new SiweMessage(challenge.message);
    expect(parsed).toMatchObject({
      domain: 'localhost:4000',
      address: wallet.address,
      uri: publicUrl,
      version: '1',
      chainId,
      requestId: challenge.id,
      expirationTime: challenge.expiresAt.toISOString(),
    });
    const signature = await wallet.signMessage(challenge.message);
    expect((await parsed.verify({ signature, time: clock.now().toISOString() })).success).toBe(true);
    const session = await identity.signIn({ challengeId: challenge.id, signature });
    const caip = `eip155:${chainId}:${wallet.address.toLowerCase()}`;
    expect(session.did).toBe(`did:pkh:${caip}`);
    expect((await identity.authenticate(bearer(session.accessToken)))?.accounts).toEqual([caip]);
  });

  it('asks a contract wallet by EIP-1271', async () => {
    const owner = Wallet.createRandom();
    const contract = '0x00000000000000000000000000000000000c0de1';
    const { verifyMessage } = await import('ethers');
    let message = '';
    let accepts = true;
    const wallets: ContractWallets = {
      getCode: async () => '0x60',
      call: async ({ to, data }) => {
        expect(to).toBe(contract);
        expect(data.startsWith('0x1626ba7e')).toBe(true);
        if (!accepts) throw new Error('execution reverted');
        return `0x1626ba7e${'0'.repeat(56)}`;
      },
    };
    const service = await open({ wallets });
    const attempt = async () => {
      const challenge = await service.createSignInChallenge(contract, ip());
      message = challenge.message;
      const signature = await owner.signMessage(message);
      expect(verifyMessage(message, signature)).toBe(owner.address);
      return service.signIn({ challengeId: challenge.id, signature });
    };
    expect((await attempt()).did).toContain(contract);
    accepts = false;
    await expect(attempt()).rejects.toThrow(code('SIGNATURE_INVALID'));
    service.close();
  });

  it('grants fewer scopes when asked for fewer, and no unknown ones', async () => {
    const key = didKey();
    const session = await signInWithKey(key, identity, ['read']);
    expect((await identity.authenticate(bearer(session.accessToken)))?.scopes).toEqual(['read']);
    await expect(signInWithKey(key, identity, ['admin'])).rejects.toThrow(code('SCOPE_UNKNOWN'));
  });
});

describe('refused answers', () => {
  it('replayed', async () => {
    const key = didKey();
    const challenge = await identity.createSignInChallenge(key.did, ip());
    const answer = { challengeId: challenge.id, signature: key.sign(challenge.message) };
    await identity.signIn(answer);
    await expect(identity.signIn(answer)).rejects.toThrow(code('CHALLENGE_USED'));
  });

  it('replayed at the same moment: exactly one wins', async () => {
    const key = didKey();
    const challenge = await identity.createSignInChallenge(key.did, ip());
    const answer = { challengeId: challenge.id, signature: key.sign(challenge.message) };
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => identity.signIn(answer)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('expired', async () => {
    const key = didKey();
    const challenge = await identity.createSignInChallenge(key.did, ip());
    clock.advance(5 * 60_000);
    await expect(
      identity.signIn({ challengeId: challenge.id, signature: key.sign(challenge.message) }),
    ).rejects.toThrow(code('CHALLENGE_EXPIRED'));
  });

  it('made for another domain, or signed for one', async () => {
    const key = didKey();
    const elsewhere = await open({ publicUrl: 'https://evil.example' });
    const theirs = await elsewhere.createSignInChallenge(key.did, ip());
    await expect(
      identity.signIn({ challengeId: theirs.id, signature: key.sign(theirs.message) }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_DOMAIN'));
    const ours = await identity.createSignInChallenge(key.did, ip());
    const message = ours.message.replace('localhost:4000', 'evil.example');
    await expect(
      identity.signIn({ challengeId: ours.id, signature: key.sign(message), message }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_DOMAIN'));
    elsewhere.close();
  });

  it('tampered with, whether the changed text is shown or hidden', async () => {
    const wallet = Wallet.createRandom();
    for (const shown of [true, false]) {
      const challenge = await identity.createSignInChallenge(wallet.address, ip());
      const message = challenge.message.replace('Chain ID: 31337', 'Chain ID: 1');
      const signature = await wallet.signMessage(message);
      await expect(
        identity.signIn({ challengeId: challenge.id, signature, ...(shown ? { message } : {}) }),
      ).rejects.toThrow(code(shown ? 'CHALLENGE_TAMPERED' : 'SIGNATURE_INVALID'));
      // One attempt: the right signature comes too late now.
      await expect(
        identity.signIn({
          challengeId: challenge.id,
          signature: await wallet.signMessage(challenge.message),
        }),
      ).rejects.toThrow(code('CHALLENGE_USED'));
    }
  });

  it('signed by somebody else, malformed, unknown, or for another subject', async () => {
    const key = didKey();
    const other = didKey();
    for (const signature of [other.sign('x'), '0x', '0x00', 'hello', `0x${'00'.repeat(65)}`]) {
      const challenge = await identity.createSignInChallenge(key.did, ip());
      await expect(identity.signIn({ challengeId: challenge.id, signature })).rejects.toThrow(
        code('SIGNATURE_INVALID'),
      );
    }
    await expect(
      identity.signIn({ challengeId: randomBytes(16).toString('hex'), signature: '0x' }),
    ).rejects.toThrow(code('CHALLENGE_UNKNOWN'));
    const challenge = await identity.createSignInChallenge(key.did, ip());
    await expect(
      identity.signIn({
        challengeId: challenge.id,
        signature: key.sign(challenge.message),
        subject: other.did,
      }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_SUBJECT'));
  });

  it('for subjects that are neither a DID of ours nor an address', async () => {
    await expect(identity.createSignInChallenge('did:web:example.org', ip())).rejects.toThrow(
      code('INVALID_DID'),
    );
    await expect(identity.createSignInChallenge('0x12', ip())).rejects.toThrow(code('INVALID_ADDRESS'));
  });

  it('when one client asks for too many challenges, and only that one', async () => {
    const key = didKey();
    const from = ip();
    for (let n = 0; n < 20; n++) await identity.createSignInChallenge(key.did, from);
    await expect(identity.createSignInChallenge(key.did, from)).rejects.toThrow(code('RATE_LIMITED'));
    await identity.createSignInChallenge(key.did, ip());
    clock.advance(61_000);
    await identity.createSignInChallenge(key.did, from);
  });
});

describe('tokens', () => {
  it('are anonymous when absent and refused when bad, never the other way round', async () => {
    expect(await identity.authenticate(null)).toBeNull();
    expect(await identity.authenticate(undefined)).toBeNull();
    const { accessToken } = await signInWithKey(didKey());
    const claims = decodeJwt(accessToken);
    const header = decodeProtectedHeader(accessToken) as { alg: string; kid: string };
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
    const ownKey = await identity.keys.current();
    const resign = (changes: object, typ = 'at+jwt') =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: 'EdDSA', kid: ownKey.kid, typ })
        .sign(ownKey.key);
    const [head, body, signature] = accessToken.split('.');
    for (const bad of [
      'Basic eDp5',
      'Bearer',
      'Bearer a b',
      bearer('x.y.z'),
      bearer(forged),
      bearer(new UnsecuredJWT(claims).encode()),
      bearer(`${head}.${body}.${signature?.slice(0, -4)}AAAA`),
      bearer(await resign({ aud: 'https://other.example' })),
      bearer(await resign({ iss: 'https://other.example' })),
      bearer(await resign({ sid: 'nobody' })),
      bearer(await resign({}, 'JWT')),
      bearer(await resign({ exp: undefined })),
    ])
      await expect(identity.authenticate(bad), bad).rejects.toThrow(code('UNAUTHENTICATED'));
    expect(await identity.authenticate(bearer(await resign({})))).not.toBeNull();
  });

  it('expire after 15 minutes', async () => {
    const { accessToken } = await signInWithKey(didKey());
    clock.advance(15 * 60_000 - 1_000);
    await identity.authenticate(bearer(accessToken));
    clock.advance(2_000);
    await expect(identity.authenticate(bearer(accessToken))).rejects.toThrow(/expired/);
  });

  it('are refused in every process as soon as the session is revoked', async () => {
    const other = await open();
    const { accessToken } = await signInWithKey(didKey());
    const viewer = await other.authenticate(bearer(accessToken));
    await identity.authenticate(bearer(accessToken));
    await identity.sessions.revoke(viewer?.session ?? '', 'signed out');
    await expect(identity.authenticate(bearer(accessToken))).rejects.toThrow(code('UNAUTHENTICATED'));
    // The other process learns it by a signal; the bound without one is the cache's five seconds.
    await expect
      .poll(() => other.authenticate(bearer(accessToken)).catch((error) => error.code), { timeout: 4_000 })
      .toBe('UNAUTHENTICATED');
    other.close();
  });

  it('survive the rotation of the signing key, which other processes pick up', async () => {
    const other = await open();
    const old = await signInWithKey(didKey());
    await other.authenticate(bearer(old.accessToken));
    await identity.keys.rotate();
    const fresh = await signInWithKey(didKey());
    expect(decodeProtectedHeader(fresh.accessToken).kid).not.toBe(decodeProtectedHeader(old.accessToken).kid);
    await identity.authenticate(bearer(old.accessToken));
    await expect
      .poll(() => other.authenticate(bearer(fresh.accessToken)).then((viewer) => viewer?.did), {
        timeout: 5_000,
      })
      .toBe(fresh.did);
    other.close();
  });

  it('are known to a process that has just started, however many ask at once', async () => {
    const { accessToken, did } = await signInWithKey(didKey());
    const other = await open();
    const viewers = await Promise.all(
      Array.from({ length: 8 }, () => other.authenticate(bearer(accessToken))),
    );
    expect(viewers.map((viewer) => viewer?.did)).toEqual(Array(8).fill(did));
    other.close();
  });

  it('are signed with a new key after 30 days, made once by however many processes', async () => {
    await signInWithKey(didKey());
    clock.advance(31 * 24 * 3_600_000);
    const services = await Promise.all([open(), open(), open()]);
    const kids = await Promise.all(services.map((service) => service.keys.current().then(({ kid }) => kid)));
    expect(new Set(kids).size).toBe(1);
    for (const service of services) service.close();
  });
});

describe('refreshing', () => {
  it('rotates the token and keeps the session', async () => {
    const first = await signInWithKey(didKey());
    const second = await identity.sessions.refresh(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const [a, b] = await Promise.all(
      [first, second].map((tokens) => identity.authenticate(bearer(tokens.accessToken))),
    );
    expect(b?.session).toBe(a?.session);
  });

  it('ends the session when a token comes twice, for thief and owner alike', async () => {
    const first = await signInWithKey(didKey());
    const second = await identity.sessions.refresh(first.refreshToken);
    await expect(identity.sessions.refresh(first.refreshToken)).rejects.toThrow(code('REFRESH_TOKEN_REUSED'));
    await expect(identity.sessions.refresh(second.refreshToken)).rejects.toThrow(code('SESSION_REVOKED'));
    await expect(identity.authenticate(bearer(second.accessToken))).rejects.toThrow(code('UNAUTHENTICATED'));
  });

  it('lets one of many simultaneous uses through', async () => {
    const first = await signInWithKey(didKey());
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => identity.sessions.refresh(first.refreshToken)),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await expect(identity.authenticate(bearer(first.accessToken))).rejects.toThrow(code('UNAUTHENTICATED'));
  });

  it('refuses what is unknown, and stops after 30 days', async () => {
    await expect(identity.sessions.refresh('nonsense')).rejects.toThrow(code('REFRESH_TOKEN_INVALID'));
    const session = await signInWithKey(didKey());
    clock.advance(30 * 24 * 3_600_000);
    await expect(identity.sessions.refresh(session.refreshToken)).rejects.toThrow(code('SESSION_EXPIRED'));
  });
});

describe('accounts', () => {
  const viewerOf = async (accessToken: string) => {
    const viewer = await identity.authenticate(bearer(accessToken));
    if (!viewer) throw new Error('anonymous');
    return viewer;
  };

  it('join an address to a DID once it is proven, and move its sign-in there', async () => {
    const key = didKey();
    const wallet = Wallet.createRandom();
    const alone = await signInWithWallet(wallet);
    const session = await signInWithKey(key);
    const viewer = await viewerOf(session.accessToken);
    const challenge = await identity.createLinkChallenge(viewer, wallet.address, ip());
    expect(challenge.message).toContain(key.did);
    const account = await identity.linkAccount(viewer, {
      challengeId: challenge.id,
      signature: await wallet.signMessage(challenge.message),
    });
    const address = wallet.address.toLowerCase();
    expect(account).toMatchObject({ id: key.did, addresses: [address], isDevnet: false });
    expect((await viewerOf(session.accessToken)).accounts).toEqual([
      `aios:1051:${dagAddressOfDid(key.did)}`,
      `eip155:${chainId}:${address}`,
    ]);
    await expect(identity.authenticate(bearer(alone.accessToken))).rejects.toThrow(code('UNAUTHENTICATED'));
    expect((await signInWithWallet(wallet)).did).toBe(key.did);
    expect((await identity.accounts.byAddresses([wallet.address]))[0]?.id).toBe(key.did);
    expect((await identity.accounts.byDids([`did:pkh:eip155:${chainId}:${address}`]))[0]?.id).toBe(key.did);
  });

  it('do not give an address to a second DID', async () => {
    const wallet = Wallet.createRandom();
    const link = async (key: DidKey) => {
      const viewer = await viewerOf((await signInWithKey(key)).accessToken);
      const challenge = await identity.createLinkChallenge(viewer, wallet.address, ip());
      return identity.linkAccount(viewer, {
        challengeId: challenge.id,
        signature: await wallet.signMessage(challenge.message),
      });
    };
    await link(didKey());
    await expect(link(didKey())).rejects.toThrow(code('ADDRESS_LINKED_ELSEWHERE'));
  });

  it('of the AiOS chain are those of the keys that signed in or were linked, and of nobody else', async () => {
    const key = didKey();
    const address = dagAddressOfDid(key.did);
    // The chain's own rule for addresses is the oracle.
    expect(address).toBe(`0x${Buffer.from(addressOf(keyOfDid(key.did))).toString('hex')}`);
    expect(await identity.accounts.byDagAddresses([address])).toEqual([null]);
    const session = await signInWithKey(key);
    const viewer = (await identity.authenticate(bearer(session.accessToken))) as Viewer;
    expect((await identity.accounts.byDagAddresses([address]))[0]).toMatchObject({
      id: key.did,
      dagAddresses: [address],
      addresses: [],
    });

    const second = didKey();
    const challenge = await identity.createLinkChallenge(viewer, second.did, ip());
    expect(challenge.message).toContain("Link this key's address on the AiOS chain");
    const answer = (signer: DidKey) =>
      identity.linkAccount(viewer, { challengeId: challenge.id, signature: signer.sign(challenge.message) });
    const linked = dagAddressOfDid(second.did);
    await expect(answer(key)).rejects.toThrow(code('SIGNATURE_INVALID'));
    const again = await identity.createLinkChallenge(viewer, second.did, ip());
    const account = await identity.linkAccount(viewer, {
      challengeId: again.id,
      signature: second.sign(again.message),
    });
    expect(account.dagAddresses).toEqual([address, linked]);
    expect((await identity.accounts.byDagAddresses([linked, address])).map((each) => each?.id)).toEqual([
      key.did,
      key.did,
    ]);

    // Who signs in with a key that was linked away does not get its address back, and nobody else can take it.
    await signInWithKey(second);
    expect((await identity.accounts.byDagAddresses([linked]))[0]?.id).toBe(key.did);
    const thief = await signInWithKey(didKey());
    const other = (await identity.authenticate(bearer(thief.accessToken))) as Viewer;
    const third = await identity.createLinkChallenge(other, second.did, ip());
    await expect(
      identity.linkAccount(other, { challengeId: third.id, signature: second.sign(third.message) }),
    ).rejects.toThrow(code('ADDRESS_LINKED_ELSEWHERE'));
    // Of another chain, the same key's address is another account's matter.
    const elsewhere = await open({ dagChainId: 9 });
    expect(await elsewhere.accounts.byDagAddresses([address])).toEqual([null]);
    elsewhere.close();
  });

  it('are not linked by a signature that was given to sign in, nor by another viewer', async () => {
    const victim = Wallet.createRandom();
    const [mine, theirs] = [didKey(), didKey()];
    const viewer = await viewerOf((await signInWithKey(mine)).accessToken);
    const other = await viewerOf((await signInWithKey(theirs)).accessToken);
    const signIn = await identity.createSignInChallenge(victim.address, ip());
    await expect(
      identity.linkAccount(viewer, {
        challengeId: signIn.id,
        signature: await victim.signMessage(signIn.message),
      }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_PURPOSE'));
    const link = await identity.createLinkChallenge(other, victim.address, ip());
    await expect(
      identity.linkAccount(viewer, {
        challengeId: link.id,
        signature: await victim.signMessage(link.message),
      }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_PURPOSE'));
    const again = await identity.createLinkChallenge(other, victim.address, ip());
    await expect(
      identity.signIn({ challengeId: again.id, signature: await victim.signMessage(again.message) }),
    ).rejects.toThrow(code('CHALLENGE_WRONG_PURPOSE'));
  });

  it('exist for addresses nobody signed in with, and for nothing that is no DID of ours', async () => {
    const address = Wallet.createRandom().address.toLowerCase();
    const [account] = await identity.accounts.byAddresses([address]);
    expect(account).toMatchObject({ id: `did:pkh:eip155:${chainId}:${address}`, addresses: [address] });
    expect(await identity.accounts.byDids(['did:web:example.org', 'x'])).toEqual([null, null]);
  });

  it('have a devnet address of their own on the devnet, always the same', async () => {
    const devnet = {
      addressFor: async (did: string) => `0x${Buffer.from(did).toString('hex').slice(-40)}`,
      isDevnetAddress: () => false,
    };
    const service = await open({ devnet });
    const key = didKey();
    for (let n = 0; n < 2; n++) {
      const { accessToken } = await signInWithKey(key, service);
      const viewer = await service.authenticate(bearer(accessToken));
      expect(viewer?.accounts).toEqual([
        `aios:1051:${dagAddressOfDid(key.did)}`,
        `eip155:${chainId}:${await devnet.addressFor(key.did)}`,
      ]);
    }
    expect((await service.accounts.byDids([key.did]))[0]?.isDevnet).toBe(true);
    service.close();
  });
});
