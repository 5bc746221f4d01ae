// What happened in a run, line by line as it happens: logs, calls of the agent to the world, retries, the end.
import { useEffect, useRef } from 'react';
import type { RunDetailFragment } from '../generated/graphql.ts';
import { formatAbsolute, formatCount } from '../ui/format.ts';
import { EmptyState } from '../ui/states.tsx';
import { Amount } from '../ui/values.tsx';
import { CodeEditor } from './code-editor.tsx';
import { formatMs, triggerPhrase } from './run-status.tsx';
import type { RunEvent } from './use-run.ts';
import './run-trace.css';

type Step = RunDetailFragment['steps'][number];
type Data = Readonly<Record<string, unknown>>;

interface Line {
  readonly key: string;
  readonly at: number;
  readonly mark: string;
  readonly tone: 'plain' | 'ok' | 'warn' | 'bad';
  readonly text: string;
  readonly gas: number | null;
  readonly step?: number;
}

const levels: Readonly<Record<string, Line['tone']>> = { warn: 'warn', error: 'bad' };

/** One line for each event; a step that was asked and then answered is one line. */
export function linesOf(events: readonly RunEvent[]): readonly Line[] {
  const lines: Line[] = [];
  const steps = new Map<number, number>();
  for (const { cursor, at, kind, data } of events) {
    const facts = (data ?? {}) as Data;
    const base = { key: cursor, at: Date.parse(at), gas: typeof facts.gas === 'number' ? facts.gas : null };
    if (kind === 'step') {
      const step = Number(facts.step);
      const status = String(facts.status);
      const line: Line = {
        ...base,
        step,
        mark: String(facts.capability),
        tone: status === 'refused' ? 'bad' : status === 'waiting' ? 'warn' : 'plain',
        text: facts.code ? `${status}: ${String(facts.code)}` : status,
      };
      const known = steps.get(step);
      if (known === undefined) {
        steps.set(step, lines.length);
        lines.push(line);
      } else lines[known] = { ...line, key: lines[known]?.key ?? line.key, at: lines[known]?.at ?? line.at };
      continue;
    }
    lines.push({ ...base, ...describe(kind, facts) });
  }
  return lines;
}

function describe(kind: string, facts: Data): Pick<Line, 'mark' | 'tone' | 'text'> {
  switch (kind) {
    case 'queued':
      return { mark: 'queued', tone: 'plain', text: `started ${triggerPhrase(String(facts.trigger))}` };
    case 'started':
      return {
        mark: 'started',
        tone: 'plain',
        text: `${facts.resumed ? 'resumed from its journal, ' : ''}attempt ${Number(facts.attempt) + 1}`,
      };
    case 'log':
      return {
        mark: String(facts.level),
        tone: levels[String(facts.level)] ?? 'plain',
        text: String(facts.text),
      };
    case 'retry':
      return {
        mark: 'retry',
        tone: 'warn',
        text: `${String(facts.code)}; tried again ${formatAbsolute(Date.parse(String(facts.dueAt)) / 1000)}`,
      };
    case 'finished': {
      const status = String(facts.status);
      return {
        mark: status,
        tone: status === 'completed' ? 'ok' : 'bad',
        text: facts.code ? String(facts.code) : 'the end',
      };
    }
    default:
      return { mark: kind, tone: 'plain', text: '' };
  }
}

export function RunTrace({
  events,
  steps,
  ended,
  compact = false,
}: {
  readonly events: readonly RunEvent[];
  readonly steps: readonly Step[];
  readonly ended: boolean;
  /** Without the arguments and answers of calls. */
  readonly compact?: boolean;
}) {
  const lines = linesOf(events);
  const first = lines[0]?.at ?? 0;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const count = lines.length;
  // Follows the end as long as nobody has scrolled away from it.
  useEffect(() => {
    const element = list.current;
    if (element && count > 0 && atEnd.current && !ended) element.scrollTop = element.scrollHeight;
  }, [count, ended]);

  if (count === 0) {
    return ended ? (
      <EmptyState title="Its events are gone.">They are kept as long as the run’s retention says.</EmptyState>
    ) : (
      <EmptyState title="Waiting for a worker.">Its first event appears here by itself.</EmptyState>
    );
  }
  return (
    <ol
      className="trace"
      ref={list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Trace"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      {lines.map((line) => {
        const step = line.step === undefined ? undefined : steps.find((one) => one.step === line.step);
        return (
          <li key={line.key} className={`trace-${line.tone}`} data-kind={line.mark}>
            <span className="trace-at num">+{line.at > first ? formatMs(line.at - first) : '0 ms'}</span>
            <span className="trace-mark">{line.mark}</span>
            <span className="trace-text">
              {line.text}
              {step && step.cost !== '0' && (
                <>
                  {' '}
                  · <Amount value={step.cost} />
                </>
              )}
              {step && !compact && <StepDetails step={step} />}
            </span>
            <span className="trace-gas num">{line.gas === null ? '' : `${formatCount(line.gas)} gas`}</span>
          </li>
        );
      })}
      {!ended && (
        <li className="trace-more" aria-hidden="true">
          <span className="dot dot-live" />
        </li>
      )}
    </ol>
  );
}

function StepDetails({ step }: { readonly step: Step }) {
  return (
    <details className="trace-details">
      <summary>Asked and answered</summary>
      <CodeEditor path="asked.json" label="Arguments" text={JSON.stringify(step.args ?? null, null, 2)} />
      {step.answer !== null && step.answer !== undefined && (
        <CodeEditor path="answer.json" label="Answer" text={JSON.stringify(step.answer, null, 2)} />
      )}
    </details>
  );
}
