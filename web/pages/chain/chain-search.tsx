// Finds what an id names on the chain: a block, a transaction, an account, a DID, or a block's number.
import { useApolloClient } from '@apollo/client/react';
import { type FormEvent, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { ChainLookupDocument } from '../../generated/graphql.ts';
import { readLookup } from './read-lookup.ts';

export function ChainSearch() {
  const client = useApolloClient();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const noteId = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = readLookup(text);
    if (wanted.kind === 'unclear') return setNote(wanted.why);
    if (wanted.kind === 'address') return navigate(`/chain/account/${wanted.id}`);
    try {
      const { data } = await client.query({
        query: ChainLookupDocument,
        variables: {
          block: wanted.kind === 'hash' ? wanted.id : '0x00',
          index: wanted.kind === 'index' ? wanted.index : -1,
          did: wanted.kind === 'did' ? wanted.id : '',
        },
        fetchPolicy: 'network-only',
      });
      const block = data?.dagBlock ?? data?.dagBlocks[0];
      if (block) return await navigate(`/chain/block/${block.id}`);
      if (data?.dagDid) return await navigate(`/chain/account/${data.dagDid.owner.id}`);
      if (wanted.kind === 'hash') return await navigate(`/chain/transaction/${wanted.id}`);
      setNote(
        wanted.kind === 'did' ? 'Nobody has registered this DID.' : 'There is no block with this number yet.',
      );
    } catch (error) {
      setNote(`It could not be looked up: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return (
    <search className="chain-find">
      <form className="chain-search" onSubmit={(event) => void submit(event)}>
        <input
          className="input"
          type="search"
          value={text}
          placeholder="Block, transaction, account or DID"
          aria-label="Block, transaction, account or DID"
          aria-describedby={noteId}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setNote('');
          }}
        />
        <button type="submit" className="button">
          Find
        </button>
      </form>
      <div id={noteId} role="status" className="chain-search-note">
        {note}
      </div>
    </search>
  );
}
