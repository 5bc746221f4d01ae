// Events that start runs: changes of indexed entities, messages within the network, logs of chains, other answers to a query.
import { useId } from 'react';
import type { AgentTriggerInput, TriggerFieldsFragment } from '../../generated/graphql.ts';
import { Icon } from '../../ui/icons.tsx';

export type TriggerKind = 'change' | 'message' | 'log' | 'query';

/** A trigger while it is written: every field as text, those of other kinds empty. */
export interface TriggerDraft {
  readonly key: string;
  readonly kind: TriggerKind;
  readonly subgraph: string;
  readonly entity: string;
  readonly where: string;
  readonly topic: string;
  readonly chain: string;
  readonly address: string;
  readonly topics: string;
  readonly confirmations: string;
  readonly query: string;
  readonly variables: string;
}

const MOST = 16;
/** Indexed subgraphs of the house, offered while typing; others may be named too. */
const SUBGRAPHS = ['directory', 'market', 'proofs'];

const EMPTY: Omit<TriggerDraft, 'key' | 'kind'> = {
  subgraph: '',
  entity: '',
  where: '{}',
  topic: '',
  chain: '',
  address: '',
  topics: '[]',
  confirmations: '0',
  query: '',
  variables: '{}',
};

/** What a new trigger of a kind begins with. */
const BEGIN: Readonly<Record<TriggerKind, Partial<TriggerDraft>>> = {
  change: { subgraph: 'market', entity: 'Sale' },
  message: {},
  log: { chain: 'devnet' },
  query: { query: '{ marketTotals(id: "1") { sales } }' },
};

/** A trigger that is kept, as it is written. */
export function triggerDraft(kept: TriggerFieldsFragment): TriggerDraft {
  const kind = kept.query ? 'query' : kept.chain ? 'log' : kept.topic ? 'message' : 'change';
  return {
    key: kept.id,
    kind,
    subgraph: kept.subgraph ?? '',
    entity: kept.entity ?? '',
    where: JSON.stringify(kept.where ?? {}),
    topic: kept.topic ?? '',
    chain: kept.chain ?? '',
    address: kept.address ?? '',
    topics: JSON.stringify(kept.topics ?? []),
    confirmations: String(kept.confirmations ?? 0),
    query: kept.query ?? '',
    variables: JSON.stringify(kept.variables ?? {}),
  };
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text.trim() || 'null');
  } catch {
    throw new Error(`${what} is not JSON.`);
  }
}

/** The draft as it is sent. Throws an Error that names what is missing. */
export function triggerInput(draft: TriggerDraft): AgentTriggerInput {
  const { kind, subgraph, entity, where, topic, chain, address, topics, confirmations, query, variables } =
    draft;
  switch (kind) {
    case 'message':
      if (!topic.trim()) throw new Error('A trigger by message names its topic.');
      return { topic: topic.trim() };
    case 'log':
      if (!chain.trim()) throw new Error('A trigger by log names its chain.');
      return {
        chain: chain.trim(),
        address: address.trim() || null,
        topics: jsonOf(topics, 'Topics of a trigger by log'),
        confirmations: Number(confirmations) || 0,
      };
    case 'query':
      if (!query.trim()) throw new Error('A trigger by query has a query.');
      return { query: query.trim(), variables: jsonOf(variables, 'Variables of a trigger by query') };
    default:
      if (!subgraph.trim() || !entity.trim())
        throw new Error('A trigger by change names a subgraph and one of its entities.');
      return {
        subgraph: subgraph.trim(),
        entity: entity.trim(),
        where: jsonOf(where, `${entity}: what must hold`),
      };
  }
}

const KINDS: readonly (readonly [kind: TriggerKind, name: string])[] = [
  ['change', 'On a change of an entity'],
  ['message', 'On a message'],
  ['log', 'On a log of a chain'],
  ['query', 'On another answer to a query'],
];

type TextField = Exclude<keyof TriggerDraft, 'key' | 'kind'>;

/** What each kind is written in: field, its name, whether machines read it. */
const FIELDS: Readonly<
  Record<TriggerKind, readonly (readonly [field: TextField, name: string, code?: boolean])[]>
> = {
  message: [['topic', 'Message on the topic']],
  change: [
    ['subgraph', 'Subgraph'],
    ['entity', 'Entity'],
    ['where', 'Where, as JSON', true],
  ],
  log: [
    ['chain', 'Logs of the chain'],
    ['address', 'Of the contract', true],
    ['topics', 'Topics, as JSON', true],
    ['confirmations', 'Blocks on it'],
  ],
  query: [
    ['query', 'Another answer to', true],
    ['variables', 'Variables, as JSON', true],
  ],
};

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
  const add = (kind: TriggerKind) =>
    onChange([...triggers, { ...EMPTY, ...BEGIN[kind], key: `new-${Date.now()}`, kind }]);
  return (
    <section className="section" aria-labelledby={`${id}-triggers`}>
      <div className="section-head">
        <h2 id={`${id}-triggers`}>
          Triggers <span className="count num">{triggers.length}</span>
        </h2>
        {triggers.length < MOST && (
          <label className="triggers-add">
            <span className="visually-hidden">Add a trigger</span>
            <select
              className="input"
              value=""
              onChange={(event) => {
                const kind = KINDS.find(([one]) => one === event.target.value)?.[0];
                if (kind) add(kind);
              }}
            >
              <option value="">Add…</option>
              {KINDS.map(([kind, name]) => (
                <option key={kind} value={kind}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {triggers.length === 0 && (
        <p className="aside-body muted">Only people, other agents and its schedule start it.</p>
      )}
      <ul className="triggers">
        {triggers.map((one, index) => (
          <li key={one.key}>
            {FIELDS[one.kind].map(([field, name, code]) => (
              <div key={field} className="field">
                <label htmlFor={`${id}-${index}-${field}`}>{name}</label>
                <input
                  id={`${id}-${index}-${field}`}
                  className={code ? 'input mono' : 'input'}
                  list={field === 'subgraph' ? `${id}-subgraphs` : undefined}
                  value={one[field]}
                  spellCheck={false}
                  onChange={(event) => change(one.key, { [field]: event.target.value })}
                />
              </div>
            ))}
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
