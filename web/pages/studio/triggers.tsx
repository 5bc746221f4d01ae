// Events that start runs: changes of indexed entities, messages within the network.
import { useId } from 'react';
import type { AgentTriggerInput } from '../../generated/graphql.ts';
import { Icon } from '../../ui/icons.tsx';

export interface TriggerDraft {
  readonly key: string;
  readonly kind: 'change' | 'message';
  readonly subgraph: string;
  readonly entity: string;
  readonly where: string;
  readonly topic: string;
}

const MOST = 16;
/** Indexed subgraphs of the house, offered while typing; others may be named too. */
const SUBGRAPHS = ['directory', 'market', 'proofs'];

/** The draft as it is sent. Throws an Error that names what is missing. */
export function triggerInput({ kind, subgraph, entity, where, topic }: TriggerDraft): AgentTriggerInput {
  if (kind === 'message') {
    if (!topic.trim()) throw new Error('A trigger by message names its topic.');
    return { topic: topic.trim() };
  }
  if (!subgraph.trim() || !entity.trim())
    throw new Error('A trigger by change names a subgraph and one of its entities.');
  let filter: unknown;
  try {
    filter = JSON.parse(where.trim() || '{}');
  } catch {
    throw new Error(`${entity}: what must hold is JSON, such as {"agent": "1"}.`);
  }
  return { subgraph: subgraph.trim(), entity: entity.trim(), where: filter };
}

export function Triggers({
  triggers,
  onChange,
}: {
  readonly triggers: readonly TriggerDraft[];
  readonly onChange: (triggers: readonly TriggerDraft[]) => void;
}) {
  const id = useId();
  const change = (key: string, part: Partial<TriggerDraft>) =>
    onChange(triggers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const add = (kind: TriggerDraft['kind']) =>
    onChange([
      ...triggers,
      {
        key: `new-${Date.now()}`,
        kind,
        subgraph: 'market',
        entity: kind === 'change' ? 'Sale' : '',
        where: '{}',
        topic: '',
      },
    ]);
  return (
    <section className="section" aria-labelledby={`${id}-triggers`}>
      <div className="section-head">
        <h2 id={`${id}-triggers`}>
          Triggers <span className="count num">{triggers.length}</span>
        </h2>
        {triggers.length < MOST && (
          <span className="page-actions">
            <button type="button" className="button button-small" onClick={() => add('change')}>
              On a change
            </button>
            <button type="button" className="button button-small" onClick={() => add('message')}>
              On a message
            </button>
          </span>
        )}
      </div>
      {triggers.length === 0 && (
        <p className="aside-body muted">Only people, other agents and its schedule start it.</p>
      )}
      <ul className="triggers">
        {triggers.map((one, index) => (
          <li key={one.key}>
            {one.kind === 'message' ? (
              <div className="field">
                <label htmlFor={`${id}-${index}-topic`}>Message on the topic</label>
                <input
                  id={`${id}-${index}-topic`}
                  className="input"
                  value={one.topic}
                  spellCheck={false}
                  onChange={(event) => change(one.key, { topic: event.target.value })}
                />
              </div>
            ) : (
              <>
                <div className="field">
                  <label htmlFor={`${id}-${index}-subgraph`}>Subgraph</label>
                  <input
                    id={`${id}-${index}-subgraph`}
                    className="input"
                    list={`${id}-subgraphs`}
                    value={one.subgraph}
                    spellCheck={false}
                    onChange={(event) => change(one.key, { subgraph: event.target.value })}
                  />
                </div>
                <div className="field">
                  <label htmlFor={`${id}-${index}-entity`}>Entity</label>
                  <input
                    id={`${id}-${index}-entity`}
                    className="input"
                    value={one.entity}
                    spellCheck={false}
                    onChange={(event) => change(one.key, { entity: event.target.value })}
                  />
                </div>
                <div className="field">
                  <label htmlFor={`${id}-${index}-where`}>Where, as JSON</label>
                  <input
                    id={`${id}-${index}-where`}
                    className="input mono"
                    value={one.where}
                    spellCheck={false}
                    onChange={(event) => change(one.key, { where: event.target.value })}
                  />
                </div>
              </>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove trigger ${index + 1}`}
              onClick={() => onChange(triggers.filter(({ key }) => key !== one.key))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <datalist id={`${id}-subgraphs`}>
        {SUBGRAPHS.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </section>
  );
}
