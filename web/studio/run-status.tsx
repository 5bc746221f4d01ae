// How far a run is, in one word and one colour.
import { formatCount } from '../ui/format.ts';

const looks: Readonly<Record<string, readonly [word: string, dot: string]>> = {
  QUEUED: ['Queued', 'dot'],
  RUNNING: ['Running', 'dot dot-live'],
  WAITING: ['Waiting', 'dot dot-warn'],
  COMPLETED: ['Completed', 'dot dot-ok'],
  FAILED: ['Failed', 'dot dot-bad'],
  KILLED: ['Killed', 'dot dot-bad'],
};

export function RunStatusMark({ status }: { readonly status: string }) {
  const [word, dot] = looks[status] ?? [status, 'dot'];
  return (
    <span className="status-mark">
      <span className={dot} />
      {word}
    </span>
  );
}

const triggers: Readonly<Record<string, string>> = {
  manual: 'by hand',
  schedule: 'schedule',
  change: 'a change',
  message: 'a message',
  log: 'a log',
  query: 'an answer',
  health: 'its probe',
  agent: 'an agent',
  wake: 'itself',
  replay: 'replay',
};

/** What started a run. */
export function triggerName(trigger: string): string {
  return triggers[trigger] ?? trigger;
}

/** The same after a verb: started by hand, started by schedule. */
export function triggerPhrase(trigger: string): string {
  return trigger === 'manual'
    ? 'by hand'
    : trigger === 'replay'
      ? 'as a replay'
      : `by ${triggerName(trigger)}`;
}

/** Milliseconds as people say them. */
export function formatMs(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 10_000) return `${formatCount(Math.round(ms))} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${formatCount(Math.round(ms / 60_000))} min`;
}

const units = ['bytes', 'KB', 'MB', 'GB'] as const;

export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit += 1) size /= 1000;
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}
