// What starts a deployment by itself: a rhythm with its next ticks shown before it is set, and events; and whether it runs at all.
import { useQuery } from '@apollo/client/react';
import { useDeferredValue, useId, useState } from 'react';
import { useAct } from '../../actions/use-act.ts';
import {
  DeploymentDocument,
  type DeploymentQuery,
  type DeploymentRowFragment,
  type MissedTicks,
  PauseAgentDocument,
  ScheduleAgentDocument,
  ScheduleTicksDocument,
  StopAgentDocument,
} from '../../generated/graphql.ts';
import { CodeEditor } from '../../studio/code-editor.tsx';
import { formatAbsolute } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { type TriggerDraft, Triggers, triggerDraft, triggerInput } from './triggers.tsx';

type Deployment = NonNullable<DeploymentQuery['agentDeployment']>;
type Rhythm = 'none' | 'cron' | 'every';

const UNITS: readonly [ms: number, name: string][] = [
  [1_000, 'seconds'],
  [60_000, 'minutes'],
  [3_600_000, 'hours'],
  [86_400_000, 'days'],
];
const MISSED: readonly [value: MissedTicks, name: string][] = [
  ['SKIP', 'nothing'],
  ['ONCE', 'one run for all of them'],
  ['ALL', 'a run for each'],
];

export function ScheduleView({ deployment }: { readonly deployment: DeploymentRowFragment }) {
  const { data, error, refetch } = useQuery(DeploymentDocument, { variables: { id: deployment.id } });
  const shown = data?.agentDeployment;
  if (error && !data)
    return <ErrorState what="The schedule could not be loaded." error={error} onRetry={() => refetch()} />;
  if (!shown) {
    return (
      <div className="section" aria-busy="true">
        <Skeleton width="50%" />
      </div>
    );
  }
  return (
    <div className="columns columns-main">
      {shown.viewerCanOperate && shown.status !== 'STOPPED' ? (
        <Editor key={shown.id} deployment={shown} />
      ) : (
        <section className="section">
          <div className="section-head">
            <h2>Schedule</h2>
          </div>
          <EmptyState
            title={
              shown.status === 'STOPPED'
                ? 'It was stopped.'
                : 'The licence’s holder and operators of the network set it.'
            }
          >
            {shown.status === 'STOPPED' && 'Deploy a version again to go on.'}
          </EmptyState>
        </section>
      )}
      <State deployment={shown} />
    </div>
  );
}

function Editor({ deployment }: { readonly deployment: Deployment }) {
  const { schedule } = deployment;
  const id = useId();
  const { act, busy, problem, tell } = useAct(ScheduleAgentDocument, (data) => data.scheduleAgent);
  const unit = UNITS.findLastIndex(([ms]) => schedule?.everyMs && schedule.everyMs % ms === 0);
  const [rhythm, setRhythm] = useState<Rhythm>(
    schedule?.cron ? 'cron' : schedule?.everyMs ? 'every' : 'none',
  );
  const [cron, setCron] = useState(schedule?.cron ?? '0 9 * * 1-5');
  const [zone, setZone] = useState(schedule?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [unitMs, setUnitMs] = useState(UNITS[unit]?.[0] ?? 60_000);
  const [count, setCount] = useState(
    schedule?.everyMs ? String(schedule.everyMs / (UNITS[unit]?.[0] ?? 60_000)) : '15',
  );
  const [missed, setMissed] = useState<MissedTicks>(
    MISSED.find(([value]) => value === schedule?.missed.toUpperCase())?.[0] ?? 'ONCE',
  );
  const [input, setInput] = useState(JSON.stringify(schedule?.input ?? null, null, 2));
  const [triggers, setTriggers] = useState<readonly TriggerDraft[]>(() =>
    deployment.triggers.map(triggerDraft),
  );
  const [saved, setSaved] = useState(false);
  const everyMs = Math.round(Number(count) * unitMs);

  async function save(): Promise<void> {
    setSaved(false);
    let value: unknown;
    try {
      value = JSON.parse(input);
    } catch {
      return tell('The input of scheduled runs is not JSON.');
    }
    let events: ReturnType<typeof triggerInput>[];
    try {
      events = triggers.map(triggerInput);
    } catch (error) {
      return tell(error instanceof Error ? error.message : 'A trigger is not complete.');
    }
    const done = await act({
      deploymentId: deployment.id,
      ...(rhythm === 'cron'
        ? { cron: cron.trim(), timeZone: zone.trim() || 'UTC' }
        : rhythm === 'every'
          ? { everyMs }
          : {}),
      missed,
      input: value,
      triggers: events,
    });
    setSaved(done !== null);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <section className="section" aria-labelledby={`${id}-schedule`}>
        <div className="section-head">
          <h2 id={`${id}-schedule`}>Schedule</h2>
        </div>
        <div className="aside-body form">
          <fieldset className="field">
            <legend>Runs by itself</legend>
            <div className="choices">
              {(
                [
                  ['none', 'Never'],
                  ['cron', 'At times'],
                  ['every', 'Every so often'],
                ] as const
              ).map(([value, name]) => (
                <label key={value}>
                  <input
                    type="radio"
                    name={`${id}-rhythm`}
                    checked={rhythm === value}
                    onChange={() => setRhythm(value)}
                  />
                  {name}
                </label>
              ))}
            </div>
          </fieldset>
          {rhythm === 'cron' && (
            <div className="input-fields">
              <div className="field">
                <label htmlFor={`${id}-cron`}>Cron expression</label>
                <input
                  id={`${id}-cron`}
                  className="input mono"
                  value={cron}
                  spellCheck={false}
                  onChange={(event) => setCron(event.target.value)}
                />
                <span className="hint">Minute, hour, day, month, weekday.</span>
              </div>
              <div className="field">
                <label htmlFor={`${id}-zone`}>Time zone</label>
                <input
                  id={`${id}-zone`}
                  className="input"
                  list={`${id}-zones`}
                  value={zone}
                  spellCheck={false}
                  onChange={(event) => setZone(event.target.value)}
                />
                <datalist id={`${id}-zones`}>
                  {['UTC', ...Intl.supportedValuesOf('timeZone')].map((name) => (
                    <option key={name} value={name} />
                  ))}
                </datalist>
              </div>
            </div>
          )}
          {rhythm === 'every' && (
            <div className="field">
              <label htmlFor={`${id}-count`}>Every</label>
              <span className="schedule-every">
                <input
                  id={`${id}-count`}
                  className="input num"
                  type="number"
                  min="1"
                  value={count}
                  onChange={(event) => setCount(event.target.value)}
                />
                <select
                  className="input"
                  aria-label="Unit"
                  value={unitMs}
                  onChange={(event) => setUnitMs(Number(event.target.value))}
                >
                  {UNITS.map(([ms, name]) => (
                    <option key={ms} value={ms}>
                      {name}
                    </option>
                  ))}
                </select>
              </span>
            </div>
          )}
          {rhythm !== 'none' && (
            <>
              <Ticks
                cron={rhythm === 'cron' ? cron : null}
                zone={zone}
                everyMs={rhythm === 'every' ? everyMs : null}
              />
              <div className="field schedule-missed">
                <label htmlFor={`${id}-missed`}>For ticks nobody was there for</label>
                <select
                  id={`${id}-missed`}
                  className="input"
                  value={missed}
                  onChange={(event) =>
                    setMissed(MISSED.find(([value]) => value === event.target.value)?.[0] ?? 'ONCE')
                  }
                >
                  {MISSED.map(([value, name]) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </select>
              </div>
              <div className="field">
                <span className="sub-head">Input of scheduled runs</span>
                <CodeEditor
                  path="input.json"
                  label="Input of scheduled runs"
                  text={input}
                  lines={3}
                  onChange={setInput}
                />
              </div>
            </>
          )}
        </div>
      </section>
      <Triggers triggers={triggers} onChange={setTriggers} />
      <div className="form-actions schedule-save">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Saving…' : 'Save schedule and triggers'}
        </button>
        <span role="status" className="muted">
          {saved && 'Saved.'}
        </span>
      </div>
      <Problem problem={problem} />
    </form>
  );
}

/** When it would tick, asked of whoever will keep it. */
function Ticks({
  cron,
  zone,
  everyMs,
}: {
  readonly cron: string | null;
  readonly zone: string;
  readonly everyMs: number | null;
}) {
  const asked = useDeferredValue(
    JSON.stringify({ cron: cron?.trim() ?? null, timeZone: cron === null ? null : zone.trim(), everyMs }),
  );
  const variables = JSON.parse(asked) as {
    cron: string | null;
    timeZone: string | null;
    everyMs: number | null;
  };
  const { data, error, loading } = useQuery(ScheduleTicksDocument, {
    variables,
    skip: variables.everyMs !== null && !(variables.everyMs >= 1000 && variables.everyMs < 2 ** 31),
    fetchPolicy: 'network-only',
    errorPolicy: 'all',
  });
  if (error) {
    return (
      <p className="notice notice-bad" role="status">
        {error.message}
      </p>
    );
  }
  return (
    <div className="field">
      <span className="sub-head">Next ticks</span>
      <ol className="schedule-ticks num" aria-busy={loading && !data}>
        {data?.scheduleTicks.map((at) => (
          <li key={at}>
            {formatAbsolute(Date.parse(at) / 1000)}{' '}
            <span className="muted">
              · <Time at={at} />
            </span>
          </li>
        ))}
        {!data && !loading && (
          <li className="muted">An interval is a second or more, and at most 24 days here.</li>
        )}
      </ol>
    </div>
  );
}

function State({ deployment }: { readonly deployment: Deployment }) {
  const pause = useAct(PauseAgentDocument, (data) => data.pauseAgent);
  const stop = useAct(StopAgentDocument, (data) => data.stopAgent);
  const [sure, setSure] = useState(false);
  const { id, status, schedule } = deployment;
  return (
    <section className="section" aria-labelledby="studio-state">
      <div className="section-head">
        <h2 id="studio-state">State</h2>
      </div>
      <div className="aside-body">
        <p>
          {status === 'ACTIVE'
            ? schedule?.nextAt
              ? 'Active.'
              : 'Active, without a schedule.'
            : status === 'PAUSED'
              ? 'Paused: nothing new begins until it is resumed. Ticks meanwhile are not caught up.'
              : 'Stopped: its runs were ended and its schedule is gone. Deploy a version again to go on.'}{' '}
          {status === 'ACTIVE' && schedule?.nextAt && (
            <>
              Next tick <Time at={schedule.nextAt} />.
            </>
          )}
        </p>
        {deployment.viewerCanOperate && status !== 'STOPPED' && (
          <div className="form-actions">
            <button
              type="button"
              className="button"
              disabled={pause.busy}
              onClick={() => void pause.act({ deploymentId: id, paused: status === 'ACTIVE' })}
            >
              {status === 'ACTIVE' ? 'Pause' : 'Resume'}
            </button>
            {sure ? (
              <>
                <button
                  type="button"
                  className="button button-bad"
                  disabled={stop.busy}
                  onClick={() => void stop.act({ deploymentId: id }).then(() => setSure(false))}
                >
                  End all its runs
                </button>
                <button type="button" className="text-button" onClick={() => setSure(false)}>
                  Keep it
                </button>
              </>
            ) : (
              <button type="button" className="button" onClick={() => setSure(true)}>
                Stop…
              </button>
            )}
          </div>
        )}
        <Problem problem={pause.problem ?? stop.problem} />
      </div>
    </section>
  );
}
