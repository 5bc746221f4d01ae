// Signing in: with a key made and kept in this browser, or with a wallet; and, once signed in, who one is and the way out.
import { type FormEvent, useState } from 'react';
import { useOwnAddresses } from '../actions/use-platform.ts';
import { createKey, type DidKey, keyFrom, sign, storedKey, storeKey } from '../client/key-ring.ts';
import { post, type Session, session } from '../client/session.ts';
import { hasWallet, walletAddress, walletSign } from '../client/wallet.ts';
import { CreateSignInChallengeDocument, SignInDocument, SignOutDocument } from '../generated/graphql.ts';
import { Dialog } from '../ui/dialog.tsx';
import { shorten } from '../ui/format.ts';
import { Address, CopyButton } from '../ui/values.tsx';
import { useSession } from './session-context.tsx';

type Subject = { readonly did: string } | { readonly address: string };

/** Asks for a challenge, has it signed, and exchanges it for a session. Throws an Error whose message names the reason. */
async function authenticate(
  subject: Subject,
  signer: (message: string) => string | Promise<string>,
): Promise<Session> {
  const { createSignInChallenge } = await post(CreateSignInChallengeDocument, { input: subject });
  const { challenge, error } = createSignInChallenge;
  if (!challenge) throw new Error(error?.message ?? 'No challenge was given.');
  const signature = await signer(challenge.message);
  const answer = await post(SignInDocument, { input: { challengeId: challenge.id, signature, ...subject } });
  if (!answer.signIn.session)
    throw new Error(answer.signIn.error?.message ?? 'The signature was not accepted.');
  return answer.signIn.session;
}

export function SignInDialog({ onClose }: { readonly onClose: () => void }) {
  const { session: current } = useSession();
  return current ? <Signed session={current} onClose={onClose} /> : <SignIn onClose={onClose} />;
}

function SignIn({ onClose }: { readonly onClose: () => void }) {
  const [key] = useState<DidKey | null>(storedKey);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [importing, setImporting] = useState(false);

  async function attempt(work: () => Promise<Session>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      session.set(await work());
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'Signing in failed.');
      setBusy(false);
    }
  }

  const withKey = (chosen: DidKey) =>
    attempt(async () => {
      const opened = await authenticate({ did: chosen.did }, (message) => sign(chosen, message));
      storeKey(chosen);
      return opened;
    });

  const withWallet = () =>
    attempt(async () => {
      const address = await walletAddress();
      return authenticate({ address }, (message) => walletSign(address, message));
    });

  function importKey(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const secret = String(new FormData(event.currentTarget).get('secret') ?? '');
    try {
      void withKey(keyFrom(secret));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'This is not a key.');
    }
  }

  return (
    <Dialog title="Sign in" onClose={onClose}>
      <div className="form">
        {key ? (
          <p className="muted">
            This browser keeps the key of <span className="mono">{shorten(key.did, 15, 6)}</span>. Signing in
            signs a challenge with it; the key stays here.
          </p>
        ) : (
          <p className="muted">
            A key is made in this browser and kept in its storage. It names you by a DID and signs a
            challenge; it never leaves this browser.
          </p>
        )}
        <div className="form-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            onClick={() => void withKey(key ?? createKey())}
          >
            {busy ? 'Signing in…' : key ? 'Sign in with this key' : 'Create a key and sign in'}
          </button>
          {hasWallet() && (
            <button type="button" className="button" disabled={busy} onClick={() => void withWallet()}>
              Use a wallet
            </button>
          )}
          {!importing && (
            <button type="button" className="text-button" onClick={() => setImporting(true)}>
              Import a key
            </button>
          )}
        </div>
        {importing && (
          <form className="field" onSubmit={importKey}>
            <label htmlFor="secret">Secret key</label>
            <input
              id="secret"
              name="secret"
              className="input mono"
              type="password"
              autoComplete="off"
              placeholder="64 hexadecimal digits"
            />
            {key && (
              <span className="hint">It replaces the key this browser keeps now. Copy that one first.</span>
            )}
            <div className="form-actions">
              <button type="submit" className="button" disabled={busy}>
                Import and sign in
              </button>
            </div>
          </form>
        )}
        {problem && (
          <p className="notice notice-bad" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Signed({ session: current, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const key = storedKey();
  const addresses = useOwnAddresses();
  async function signOut(): Promise<void> {
    const token = await session.freshToken();
    // Signed out here even when the endpoint is away; the token ends by itself.
    await post(SignOutDocument, {}, token ?? undefined).catch(() => undefined);
    session.set(null);
    onClose();
  }
  return (
    <Dialog title="Your session" onClose={onClose}>
      <div className="form">
        <dl className="facts">
          <div>
            <dt>DID</dt>
            <dd>
              <span className="hash">
                <span title={current.did}>{shorten(current.did, 18, 8)}</span>
                <CopyButton text={current.did} label="DID" />
              </span>
            </dd>
          </div>
          {addresses.map((address) => (
            <div key={address}>
              <dt>Address</dt>
              <dd>
                <Address value={address} />
              </dd>
            </div>
          ))}
          {key?.did === current.did && (
            <div>
              <dt>Secret key</dt>
              <dd>
                <span className="hash">
                  <span>••••••••••••••••</span>
                  <CopyButton text={key.secret} label="secret key" />
                </span>
              </dd>
            </div>
          )}
        </dl>
        {key?.did === current.did && (
          <p className="hint">Whoever has the secret key is you. Keep a copy if this identity matters.</p>
        )}
        <div className="form-actions">
          <button type="button" className="button" onClick={() => void signOut()}>
            Sign out
          </button>
        </div>
      </div>
    </Dialog>
  );
}
