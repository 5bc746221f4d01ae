// Identity's part of the supergraph: sessions, DIDs, and the accounts behind the addresses that indexed entities name.
import type { Selection } from '@pothos/plugin-federation';
import DataLoader from 'dataloader';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, Subgraph, Viewer } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { extensionOf, type Reference } from '#schema/references.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import type { Account } from './accounts.ts';
import type { Challenge as ChallengeShape } from './challenges.ts';
import { didDocument } from './did.ts';
import type { IdentityService } from './identity-service.ts';
import type { SessionTokens } from './sessions.ts';

interface IdentityContext extends OperationContext {
  readonly identity: IdentityService;
  readonly accountByAddress: DataLoader<string, Account>;
  readonly accountByDid: DataLoader<string, Account | null>;
  readonly accountByDagAddress: DataLoader<string, Account | null>;
}

interface ChallengePayload {
  readonly challenge?: ChallengeShape;
  readonly error?: AiosError;
}
interface SessionPayload {
  readonly session?: SessionTokens;
  readonly error?: AiosError;
}
interface LinkPayload {
  readonly account?: Account;
  readonly error?: AiosError;
}

/** Exactly one of two inputs names who it is about. */
function subjectOf(input: { did?: string | null; address?: string | null }): string | undefined {
  if (input.did && input.address) {
    throw new AiosError('BAD_USER_INPUT', 'Give either did or address, not both.');
  }
  return input.did ?? input.address ?? undefined;
}

/** The subgraph `identity` over its service. */
export function createIdentitySchema(identity: IdentityService): Subgraph {
  const builder = createBuilder<IdentityContext>();
  builder.queryType({});
  builder.mutationType({});

  const DagAccountRef = builder.externalRef(
    'DagAccount',
    builder.selection<Reference>('id'),
    (entity): Reference => entity,
  );
  const AccountRef = builder.objectRef<Account>('Account');
  builder.objectType(AccountRef, {
    description:
      'A person or business: a DID and the chain addresses that belong to it. Every address has one, signed in or not.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'The DID.' }),
      did: t.exposeString('did', {
        nullable: true,
        description: 'did:aios of a key, or did:pkh of an address that belongs to no other account.',
      }),
      addresses: t.exposeStringList('addresses', {
        description: 'EVM addresses, lower-case 0x hex, in the order of linking.',
      }),
      accounts: t.exposeStringList('accounts', {
        description: 'All of them, on whatever chain, as CAIP-10.',
      }),
      dagAddresses: t.exposeStringList('dagAddresses', {
        description:
          'Addresses on the AiOS chain, lower-case 0x hex: of the key that signs in, and of keys linked since.',
      }),
      dagAccounts: t.field({
        type: [DagAccountRef],
        nullable: { list: false, items: true },
        description: 'What the AiOS chain knows of those addresses; null for one that it has never seen.',
        resolve: ({ dagAddresses }) => dagAddresses.map((id) => ({ id })),
      }),
      isDevnet: t.exposeBoolean('isDevnet', {
        description:
          'True when it acts through an account of the embedded devnet: never send it anything of value.',
      }),
    }),
  });
  builder.asEntity(AccountRef, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: ({ id }, context) => context.accountByDid.load(id),
  });

  const accountOf = 'The account that has proven the address; null while nobody has.';
  DagAccountRef.implement({
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      account: t.field({
        type: AccountRef,
        nullable: true,
        description: accountOf,
        resolve: ({ id }, _args, context) => context.accountByDagAddress.load(id.toLowerCase()),
      }),
    }),
  });
  extensionOf(builder, 'DagValidator').implement({
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      account: t.field({
        type: AccountRef,
        nullable: true,
        description: accountOf,
        resolve: ({ id }, _args, context) => context.accountByDagAddress.load(id.toLowerCase()),
      }),
    }),
  });

  const SessionRef = builder.objectRef<Viewer>('Session');
  builder.objectType(SessionRef, {
    description: 'Who is signed in.',
    fields: (t) => ({
      did: t.exposeString('did', { description: 'The DID that signed in.' }),
      account: t.field({
        type: AccountRef,
        description: 'Its account.',
        resolve: async (viewer, _args, context) => {
          const account = await context.accountByDid.load(viewer.did);
          if (!account) throw new Error(`no account for the viewer ${viewer.did}`);
          return account;
        },
      }),
      scopes: t.exposeStringList('scopes', { description: 'What this session may do.' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When the session ends, however often it is refreshed.',
        resolve: async (viewer, _args, context) => {
          const expiry = await context.identity.sessions.expiryOf(viewer.session);
          if (!expiry) throw new AiosError('UNAUTHENTICATED', 'The session was ended. Sign in again.');
          return expiry;
        },
      }),
    }),
  });

  const ChallengeRef = builder.objectRef<ChallengeShape>('SignInChallenge');
  builder.objectType(ChallengeRef, {
    description: 'A text to sign, exactly as it is. It allows one attempt.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'To be given back with the signature.' }),
      message: t.exposeString('message', {
        description:
          'EIP-4361 for addresses (personal_sign), the same shape for DID keys (ed25519 over its UTF-8 bytes).',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Five minutes from now.' }),
    }),
  });

  const TokensRef = builder.objectRef<SessionTokens>('SessionTokens');
  builder.objectType(TokensRef, {
    description: 'What a client keeps of a session.',
    fields: (t) => ({
      accessToken: t.exposeString('accessToken', {
        description: 'For the header "authorization: Bearer …".',
      }),
      refreshToken: t.exposeString('refreshToken', {
        description: 'Works once, for refreshSession. A second use ends the session.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the access token ends.' }),
      did: t.exposeString('did', { description: 'Who signed in.' }),
    }),
  });

  const error = { type: AiosError, nullable: true, description: 'Set when it was refused.' } as const;
  const ChallengePayloadRef = builder.objectRef<ChallengePayload>('CreateSignInChallengePayload');
  builder.objectType(ChallengePayloadRef, {
    description: 'A challenge, or why there is none.',
    fields: (t) => ({
      challenge: t.field({
        type: ChallengeRef,
        nullable: true,
        description: 'The challenge.',
        resolve: (payload) => payload.challenge,
      }),
      error: t.field({ ...error, resolve: (payload) => asData(payload.error) }),
    }),
  });
  const SessionPayloadRef = builder.objectRef<SessionPayload>('SignInPayload');
  builder.objectType(SessionPayloadRef, {
    description: 'A session, or why there is none.',
    fields: (t) => ({
      session: t.field({
        type: TokensRef,
        nullable: true,
        description: 'The tokens of the session.',
        resolve: (payload) => payload.session,
      }),
      error: t.field({ ...error, resolve: (payload) => asData(payload.error) }),
    }),
  });
  const SignOutPayloadRef = builder.objectRef<{ ok: boolean }>('SignOutPayload');
  builder.objectType(SignOutPayloadRef, {
    description: 'The end of a session.',
    fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'False when nobody was signed in.' }) }),
  });
  const LinkPayloadRef = builder.objectRef<LinkPayload>('LinkAccountPayload');
  builder.objectType(LinkPayloadRef, {
    description: 'The account with its new address, or why it has none.',
    fields: (t) => ({
      account: t.field({
        type: AccountRef,
        nullable: true,
        description: 'The account.',
        resolve: (payload) => payload.account,
      }),
      error: t.field({ ...error, resolve: (payload) => asData(payload.error) }),
    }),
  });

  const Purpose = builder.enumType('ChallengePurpose', {
    description: 'What a challenge is for; an answer to one is never taken for the other.',
    values: {
      SIGN_IN: { description: 'To sign in.' },
      LINK: {
        description:
          'To link an Ethereum address, or the address of a did:aios on the AiOS chain, to the account that is signed in.',
      },
    } as const,
  });
  const ChallengeInput = builder.inputType('CreateSignInChallengeInput', {
    description: 'Who wants to prove a key: one of did and address.',
    fields: (t) => ({
      did: t.string({ description: 'A did:aios.' }),
      address: t.string({ description: 'An Ethereum address, 0x hex.' }),
      purpose: t.field({ type: Purpose, defaultValue: 'SIGN_IN', description: 'What for.' }),
    }),
  });
  const SignInInput = builder.inputType('SignInInput', {
    description: 'The answer to a challenge.',
    fields: (t) => ({
      challengeId: t.id({ required: true, description: 'Which challenge.' }),
      signature: t.string({
        required: true,
        description: '0x hex: 64 bytes of ed25519, or a wallet signature.',
      }),
      did: t.string({ description: 'Compared with the challenge when given.' }),
      address: t.string({ description: 'Compared with the challenge when given.' }),
      message: t.string({ description: 'The text that was signed; compared with the challenge when given.' }),
      scopes: t.stringList({ description: 'Less than everything: of "read" and "write".' }),
    }),
  });
  const RefreshInput = builder.inputType('RefreshSessionInput', {
    description: 'What keeps a session going.',
    fields: (t) => ({ refreshToken: t.string({ required: true, description: 'The newest one.' }) }),
  });
  const LinkInput = builder.inputType('LinkAccountInput', {
    description: 'The answer to a challenge of purpose LINK.',
    fields: (t) => ({
      challengeId: t.id({ required: true, description: 'Which challenge.' }),
      signature: t.string({
        required: true,
        description: "The wallet's signature, or 64 bytes of ed25519, as 0x hex.",
      }),
      message: t.string({ description: 'The text that was signed; compared with the challenge when given.' }),
    }),
  });

  builder.queryFields((t) => ({
    me: t.field({
      type: SessionRef,
      nullable: true,
      description: 'The session of this request; null when nobody is signed in.',
      resolve: (_root, _args, context) => context.viewer,
    }),
    account: t.field({
      type: AccountRef,
      nullable: true,
      description:
        'The account of an address or a DID; null for a DID of a method that is not ours, and for an address of the AiOS chain that nobody has proven.',
      args: { address: t.arg.string(), did: t.arg.string(), dagAddress: t.arg.string() },
      resolve: (_root, args, context) => {
        if (args.dagAddress) {
          if (subjectOf(args))
            throw new AiosError('BAD_USER_INPUT', 'Give one of address, did and dagAddress.');
          return context.accountByDagAddress.load(args.dagAddress.toLowerCase());
        }
        const subject = subjectOf(args);
        if (subject === undefined) throw new AiosError('BAD_USER_INPUT', 'Give an address or a did.');
        if (subject.startsWith('did:')) return context.accountByDid.load(subject);
        if (!/^0x[0-9a-f]{40}$/i.test(subject)) {
          throw new AiosError('BAD_USER_INPUT', 'address is not 20 bytes as 0x hex.');
        }
        return context.accountByAddress.load(subject.toLowerCase());
      },
    }),
    didDocument: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The DID document (W3C DID Core) of a did:aios or did:pkh, linked addresses as alsoKnownAs.',
      args: { did: t.arg.string({ required: true }) },
      resolve: async (_root, { did }, context) => {
        didDocument(did);
        const account = await context.accountByDid.load(did);
        const others = (account?.accounts ?? []).map((caip) => `did:pkh:${caip}`).concat(account?.id ?? []);
        return didDocument(
          did,
          [...new Set(others)].filter((other) => other !== did),
        );
      },
    }),
  }));

  builder.mutationFields((t) => ({
    createSignInChallenge: t.field({
      type: ChallengePayloadRef,
      description: 'A text to sign, to sign in or to link an address.',
      args: { input: t.arg({ type: ChallengeInput, required: true }) },
      resolve: (_root, { input }, context) =>
        orError(async (): Promise<ChallengePayload> => {
          const subject = subjectOf(input);
          if (subject === undefined) throw new AiosError('BAD_USER_INPUT', 'Give a did or an address.');
          const challenge =
            input.purpose === 'LINK'
              ? await identity.createLinkChallenge(viewerOf(context), subject, context.ip)
              : await identity.createSignInChallenge(subject, context.ip);
          return { challenge };
        }),
    }),
    signIn: t.field({
      type: SessionPayloadRef,
      description: 'Opens a session for who signed the challenge.',
      args: { input: t.arg({ type: SignInInput, required: true }) },
      resolve: (_root, { input }) =>
        orError(async (): Promise<SessionPayload> => {
          const session = await identity.signIn({
            challengeId: input.challengeId,
            signature: input.signature,
            subject: subjectOf(input),
            message: input.message ?? undefined,
            scopes: input.scopes ?? undefined,
          });
          return { session };
        }),
    }),
    refreshSession: t.field({
      type: SessionPayloadRef,
      description: 'New tokens for old.',
      args: { input: t.arg({ type: RefreshInput, required: true }) },
      resolve: (_root, { input }) =>
        orError(
          async (): Promise<SessionPayload> => ({
            session: await identity.sessions.refresh(input.refreshToken),
          }),
        ),
    }),
    signOut: t.field({
      type: SignOutPayloadRef,
      description: 'Ends the session of this request; its tokens are refused from now on.',
      resolve: async (_root, _args, { viewer }) => {
        if (viewer) await identity.sessions.revoke(viewer.session, 'signed out');
        return { ok: viewer !== null };
      },
    }),
    linkAccount: t.field({
      type: LinkPayloadRef,
      authenticated: true,
      description:
        'Links the address that signed a challenge of purpose LINK to the account that is signed in; of a did:aios, its address on the AiOS chain.',
      args: { input: t.arg({ type: LinkInput, required: true }) },
      resolve: (_root, { input }, context) =>
        orError(async (): Promise<LinkPayload> => {
          const { challengeId, signature, message } = input;
          return {
            account: await identity.linkAccount(viewerOf(context), {
              challengeId,
              signature,
              message: message ?? undefined,
            }),
          };
        }),
    }),
  }));

  // The builder types a selection by its literal text; here the text is a parameter.
  const selectionOf = builder.selection as (text: string) => Selection<Readonly<Record<string, string>>>;

  /** Adds to an indexed entity the accounts behind its addresses. */
  const linkAccounts = <Field extends string>(
    name: string,
    description: string,
    links: Readonly<Record<Field, { readonly address: string; readonly description: string }>>,
  ) => {
    type Stub = Readonly<Record<string, string>> & { readonly id: string };
    const entity = builder.externalRef(name, builder.selection<{ id: string }>('id'), (stub) => stub as Stub);
    const entries = Object.entries<{ address: string; description: string }>(links);
    entity.implement({
      description,
      externalFields: (t) =>
        Object.fromEntries([
          ['id', t.id({ nullable: false })],
          ...entries.map(
            ([, { address }]) => [address, t.field({ type: 'Bytes', nullable: false })] as const,
          ),
        ]),
      fields: (t) =>
        Object.fromEntries(
          entries.map(([field, link]) => [
            field,
            t.field({
              type: AccountRef,
              nullable: true,
              description: link.description,
              requires: selectionOf(link.address),
              resolve: (stub: Stub, _args, context) => {
                const address = stub[link.address];
                return address ? context.accountByAddress.load(address.toLowerCase()) : null;
              },
            }),
          ]),
        ),
    });
  };
  linkAccounts('Network', 'The account behind a network.', {
    ownerAccount: { address: 'owner', description: 'The account that owns the network.' },
  });
  linkAccounts('Agent', 'The account behind an agent.', {
    creatorAccount: { address: 'creator', description: 'The account that registered the agent.' },
  });
  linkAccounts('Sale', 'The accounts behind a sale.', {
    buyerAccount: { address: 'buyer', description: 'The account that bought.' },
    sellerAccount: { address: 'seller', description: 'The account that sold.' },
  });

  return toSubgraph<IdentityContext>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'identity', {
    context: (operation) => ({
      ...operation,
      identity,
      accountByAddress: new DataLoader((addresses) => identity.accounts.byAddresses(addresses)),
      accountByDid: new DataLoader((dids) => identity.accounts.byDids(dids)),
      accountByDagAddress: new DataLoader((addresses) => identity.accounts.byDagAddresses(addresses)),
    }),
  });
}
