// The atoms of every page: amounts with their unit, counts, addresses and hashes one can copy, times that age.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { formatAbsolute, formatAgo, formatAmount, formatCompact, formatCount, shorten } from './format.ts';
import { Icon } from './icons.tsx';

/** An amount of AiOS; the whole of it on hover. */
export function Amount({
  value,
  digits = 2,
  compact,
}: {
  readonly value: string;
  readonly digits?: number;
  readonly compact?: boolean;
}) {
  return (
    <span className="num" title={`${formatAmount(value, Number.POSITIVE_INFINITY)} AiOS`}>
      {compact ? formatCompact(value) : formatAmount(value, digits)} <span className="unit">AiOS</span>
    </span>
  );
}

export function Count({ value }: { readonly value: number | string | bigint }) {
  return <span className="num">{formatCount(typeof value === 'string' ? BigInt(value) : value)}</span>;
}

/** A small button that copies `text` and says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className={copied ? 'copy copied' : 'copy'}
      aria-label={copied ? 'Copied' : `Copy ${label}`}
      title={copied ? 'Copied' : `Copy ${label}`}
      onClick={() => void copy(text).then(() => setCopied(true))}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain HTTP on another host has no clipboard API; the old command works there.
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** An account's address: leads to the account, copied by its button. */
export function Address({ value, name }: { readonly value: string; readonly name?: string }) {
  return (
    <span className="hash">
      <Link to={`/accounts/${value}`} title={value}>
        {name ? <span className="hash-name">{name}</span> : shorten(value)}
      </Link>
      <CopyButton text={value} label="address" />
    </span>
  );
}

/** A transaction or block hash, a CID, a contract: shortened, copied by a click. */
export function Hash({
  value,
  label = 'hash',
  head = 8,
}: {
  readonly value: string;
  readonly label?: string;
  readonly head?: number;
}) {
  return (
    <span className="hash">
      <span title={value}>{shorten(value, head, 6)}</span>
      <CopyButton text={value} label={label} />
    </span>
  );
}

/** A site that strangers wrote down: opened apart, told nothing, and never anything but http. */
export function SiteLink({ url }: { readonly url: string }) {
  if (!/^https?:\/\//.test(url)) return null;
  return (
    <a className="link" href={url} rel="noreferrer nofollow ugc" target="_blank">
      {url.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </a>
  );
}

let now = Date.now() / 1000;
const watchers = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;

// One clock for all times on the page, stopped while none is shown.
function watchClock(watcher: () => void): () => void {
  watchers.add(watcher);
  now = Date.now() / 1000;
  clock ??= setInterval(() => {
    now = Date.now() / 1000;
    for (const one of watchers) one();
  }, 1000);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) {
      clearInterval(clock);
      clock = undefined;
    }
  };
}

/** A moment, as seconds since the epoch (chain) or RFC 3339 (services): relative, the absolute on hover. */
export function Time({ at }: { readonly at: string }) {
  const seconds = /^\d+$/.test(at) ? Number(at) : Date.parse(at) / 1000;
  const text = useSyncExternalStore(watchClock, () => formatAgo(seconds, now));
  return (
    <time className="num" dateTime={new Date(seconds * 1000).toISOString()} title={formatAbsolute(seconds)}>
      {text}
    </time>
  );
}
