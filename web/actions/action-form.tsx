// The form of every on-chain action. On the devnet the platform signs for one of its accounts and waits until the result
// is indexed; on a real chain it hands back the transaction, and the viewer's wallet sends it.
import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useSession } from '../app/session-context.tsx';
import { hasWallet, walletAddress, walletIncluded, walletSend } from '../client/wallet.ts';
import type { TransactionFieldsFragment } from '../generated/graphql.ts';
import { Hash } from '../ui/values.tsx';
import { lastFrom, rememberFrom, useOwnAddresses, usePlatform } from './use-platform.ts';

/** What every action's payload says besides its entity. */
export interface Outcome {
  readonly transaction: TransactionFieldsFragment | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

type State =
  | { readonly is: 'ready' }
  | { readonly is: 'sending' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'sent'; readonly hash: string }
  | { readonly is: 'unsigned'; readonly transaction: NonNullable<TransactionFieldsFragment['unsigned']> };

export interface ActionFormProps<Data, Input, Result extends Outcome> {
  readonly document: TypedDocumentNode<Data, { input: Input }>;
  /** The action's payload in the mutation's result. */
  readonly payload: (data: Data) => Result;
  /** The input, without `from`; throws an Error whose message says which field to mend. */
  readonly input: (form: FormData, from: string | undefined) => Input;
  /** True when the payload holds the entity, that is, when the result is indexed. */
  readonly indexed: (result: Result) => boolean;
  readonly onDone: (result: Result) => void;
  readonly submit: string;
  /** The account to act from when the devnet can sign for it, the network's owner for example. */
  readonly preferredFrom?: string;
  readonly children: ReactNode;
}

export function ActionForm<Data, Input, Result extends Outcome>(props: ActionFormProps<Data, Input, Result>) {
  const { session, signIn } = useSession();
  const platform = usePlatform();
  const [state, setState] = useState<State>({ is: 'ready' });
  const [mutate] = useMutation<Data, OperationVariables>(props.document);
  const id = useId();

  async function run(form: FormData): Promise<void> {
    setState({ is: 'sending' });
    const chosen = form.get('from');
    const from =
      typeof chosen === 'string' && chosen
        ? chosen
        : hasWallet() && !platform?.devnet
          ? await walletAddress()
          : undefined;
    if (from && platform?.devnet) rememberFrom(from);
    const input = props.input(form, from);
    for (;;) {
      const { data } = await mutate({ variables: { input } });
      if (!data) throw new Error('The endpoint gave no answer.');
      const result = props.payload(data as Data);
      if (result.error) throw new Error(result.error.message);
      if (props.indexed(result)) return props.onDone(result);
      const { hash, unsigned } = result.transaction ?? {};
      if (!unsigned) {
        if (!hash) throw new Error('The action was accepted but names no transaction.');
        return setState({ is: 'sent', hash });
      }
      if (!from || !hasWallet()) return setState({ is: 'unsigned', transaction: unsigned });
      const sent = await walletSend(from, unsigned);
      if (unsigned.final) return setState({ is: 'sent', hash: sent });
      // An approval or a mint came first: when it stands, the endpoint names the next transaction.
      await walletIncluded(sent);
    }
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    run(new FormData(event.currentTarget)).catch((error: unknown) =>
      setState({ is: 'failed', message: error instanceof Error ? error.message : 'The action failed.' }),
    );
  }

  const own = useOwnAddresses();
  const accounts = platform?.devnet
    ? [...own.map((address) => ({ address, label: 'Your account' })), ...platform.devnetAccounts]
    : [];
  const from =
    accounts.find(({ address }) => address === props.preferredFrom)?.address ??
    own[0] ??
    lastFrom(accounts) ??
    accounts[0]?.address;

  return (
    <form className="form" onSubmit={onSubmit}>
      {props.children}
      {accounts.length > 0 && (
        <div className="field">
          <label htmlFor={id}>From</label>
          {/* The key remounts the field when the default becomes known. */}
          <select key={from} id={id} name="from" className="input" defaultValue={from}>
            {accounts.map(({ address, label }) => (
              <option key={address} value={address}>
                {label} · {address.slice(0, 6)}…{address.slice(-4)}
              </option>
            ))}
          </select>
          <span className="hint">A devnet account; the devnet signs for it.</span>
        </div>
      )}
      <div className="form-actions">
        {session ? (
          <button type="submit" className="button button-primary" disabled={state.is === 'sending'}>
            {state.is === 'sending' ? 'Waiting for the chain…' : props.submit}
          </button>
        ) : (
          <>
            <button type="button" className="button button-primary" onClick={signIn}>
              Sign in
            </button>
            <span className="muted">to act on the chain.</span>
          </>
        )}
      </div>
      <div role="status">
        <Report state={state} />
      </div>
    </form>
  );
}

function Report({ state }: { readonly state: State }) {
  if (state.is === 'failed') return <p className="notice notice-bad">{state.message}</p>;
  if (state.is === 'sent') {
    return (
      <p className="notice">
        Sent as <Hash value={state.hash} label="transaction hash" />. The result appears by itself once its
        block is indexed.
      </p>
    );
  }
  if (state.is === 'unsigned') {
    const { to, data, value, chainId, summary, final } = state.transaction;
    return (
      <div className="notice">
        <p>
          No wallet was found in this browser. Sign and send this transaction with your own tool: {summary}.
          {!final && ' Once it stands, press the button again for the next one.'}
        </p>
        <dl className="facts">
          <div>
            <dt>To</dt>
            <dd>
              <Hash value={to} label="address" />
            </dd>
          </div>
          <div>
            <dt>Data</dt>
            <dd>
              <Hash value={data} label="data" />
            </dd>
          </div>
          <div>
            <dt>Value</dt>
            <dd className="num">{value} wei</dd>
          </div>
          <div>
            <dt>Chain</dt>
            <dd className="num">{chainId}</dd>
          </div>
        </dl>
      </div>
    );
  }
  return null;
}
