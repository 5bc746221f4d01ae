// How the chain's own things are named on its pages: blocks, addresses, and where a block stands.
import { Link } from 'react-router';
import { shorten } from '../../ui/format.ts';
import { CopyButton } from '../../ui/values.tsx';

/** Leads to a block's page. */
export function BlockLink({ id, row }: { readonly id: string; readonly row?: boolean }) {
  return (
    <span className="hash">
      <Link className={row ? 'row-link' : undefined} to={`/chain/block/${id}`} title={id}>
        {shorten(id, 8, 6)}
      </Link>
      <CopyButton text={id} label="block id" />
    </span>
  );
}

export function TransactionLink({ id }: { readonly id: string }) {
  return (
    <span className="hash">
      <Link to={`/chain/transaction/${id}`} title={id}>
        {shorten(id, 8, 6)}
      </Link>
      <CopyButton text={id} label="transaction id" />
    </span>
  );
}

/** An address of the chain; `as` says in which role it is shown. */
export function DagAddress({
  id,
  as = 'account',
  row,
}: {
  readonly id: string;
  readonly as?: 'account' | 'validator';
  readonly row?: boolean;
}) {
  return (
    <span className="hash">
      <Link className={row ? 'row-link' : undefined} to={`/chain/${as}/${id}`} title={id}>
        {shorten(id)}
      </Link>
      <CopyButton text={id} label="address" />
    </span>
  );
}

export interface Standing {
  readonly blue: boolean;
  readonly onSelectedChain?: boolean;
  readonly index: number;
}

export const colourOf = ({ blue, onSelectedChain }: Standing): string =>
  !blue ? 'Red' : onSelectedChain ? 'Selected' : 'Blue';

/** Colour and finality in a word each, with the mark that the drawing uses. */
export function BlockState({
  block,
  finalizedIndex,
}: {
  readonly block: Standing;
  readonly finalizedIndex: number | undefined;
}) {
  const final = finalizedIndex !== undefined && block.index <= finalizedIndex;
  return (
    <span className="block-state">
      <BlockMark red={!block.blue} final={final} selected={block.onSelectedChain ?? false} />
      {colourOf(block)}
      <span className="muted">{final ? 'final' : 'not yet final'}</span>
    </span>
  );
}

export function BlockMark({
  red,
  final,
  selected = false,
}: {
  readonly red: boolean;
  readonly final: boolean;
  readonly selected?: boolean;
}) {
  const names = ['dag-mark', red && 'dag-red', final && 'dag-final', selected && 'dag-selected'];
  return (
    <svg className="block-mark" viewBox="0 0 16 16" aria-hidden="true">
      <g className={names.filter(Boolean).join(' ')}>
        {red ? <rect x="3" y="3" width="10" height="10" rx="1.5" /> : <circle cx="8" cy="8" r="5.500" />}
      </g>
    </svg>
  );
}
