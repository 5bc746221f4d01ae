// The input of a run: a form made from the manifest's schema, or the JSON itself, checked while it is written.
import { useId, useState } from 'react';
import { type Field, fieldsOf, type Json, type JsonSchema, mistakesOf, sampleOf } from '../ui/json-schema.ts';
import { CodeEditor } from './code-editor.tsx';
import './input-editor.css';

export interface Example {
  readonly name: string;
  readonly input: unknown;
}

/** What is written: always text, and a value when the text is JSON. */
export interface InputState {
  readonly text: string;
  readonly value: Json | undefined;
}

export function inputState(value: Json): InputState {
  return { text: JSON.stringify(value, null, 2), value };
}

/** An input to begin with: the first example, else the least that the schema asks for. */
export function firstInput(schema: JsonSchema, examples: readonly Example[]): InputState {
  const [example] = examples;
  return inputState(example ? (example.input as Json) : sampleOf(schema));
}

/** Mistakes that are known before the input is sent. */
export function mistakesIn(schema: JsonSchema, { value }: InputState): readonly string[] {
  return value === undefined ? ['The input is not JSON yet.'] : mistakesOf(schema, value);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function InputEditor({
  schema,
  examples,
  state,
  onChange,
}: {
  readonly schema: JsonSchema;
  readonly examples: readonly Example[];
  readonly state: InputState;
  readonly onChange: (state: InputState) => void;
}) {
  const fields = fieldsOf(schema);
  const [asJson, setAsJson] = useState(fields === null);
  const id = useId();
  const mistakes = mistakesIn(schema, state);
  const form = !asJson && fields !== null && isObject(state.value);
  return (
    <div className="form">
      <div className="input-head">
        {examples.length > 0 && (
          <div className="input-examples">
            <label htmlFor={`${id}-example`}>Example</label>
            <select
              id={`${id}-example`}
              className="input"
              value={examples.findIndex(({ input }) => JSON.stringify(input) === JSON.stringify(state.value))}
              onChange={(event) => {
                const example = examples[Number(event.target.value)];
                if (example) onChange(inputState(example.input as Json));
              }}
            >
              <option value={-1} disabled>
                of your own
              </option>
              {examples.map(({ name }, index) => (
                <option key={name} value={index}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        )}
        {fields !== null && (
          <fieldset className="segments" aria-label="How the input is written">
            <button
              type="button"
              aria-pressed={!asJson}
              disabled={!isObject(state.value)}
              onClick={() => setAsJson(false)}
            >
              Form
            </button>
            <button type="button" aria-pressed={asJson} onClick={() => setAsJson(true)}>
              JSON
            </button>
          </fieldset>
        )}
      </div>
      {form && fields ? (
        <div className="input-fields">
          {fields.map((field) => (
            <PropertyField
              key={field.name}
              field={field}
              value={(state.value as { readonly [key: string]: Json })[field.name]}
              onChange={(value) => {
                const next = { ...(state.value as Record<string, Json>) };
                if (value === undefined) delete next[field.name];
                else next[field.name] = value;
                onChange(inputState(next));
              }}
            />
          ))}
        </div>
      ) : (
        <CodeEditor
          path="input.json"
          label="Input as JSON"
          text={state.text}
          lines={6}
          invalid={mistakes.length > 0}
          onChange={(text) => onChange({ text, value: parse(text) })}
        />
      )}
      <div role="status">
        {mistakes.length > 0 && (
          <ul className="notice notice-bad input-mistakes">
            {mistakes.map((mistake) => (
              <li key={mistake}>{mistake}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** The scalars of an object whose keys the schema leaves open, such as features by name. */
function openProperties(schema: JsonSchema, value: Json | undefined): readonly Field[] | null {
  const { additionalProperties } = schema;
  if (schema.properties || !isObject(value) || typeof additionalProperties !== 'object') return null;
  const inner = fieldsOf({
    properties: Object.fromEntries(Object.keys(value).map((key) => [key, additionalProperties])),
  });
  return inner?.every(({ kind }) => kind !== 'json') ? inner : null;
}

function PropertyField({
  field,
  value,
  onChange,
}: {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}) {
  const id = useId();
  const { name, schema, required, kind } = field;
  const inner = kind === 'json' ? (fieldsOf(schema) ?? openProperties(schema, value)) : null;
  const title = (
    <>
      {schema.title ?? name} {!required && <span className="muted">optional</span>}
    </>
  );
  const hint = schema.description && <span className="hint">{schema.description}</span>;
  if (inner && isObject(value)) {
    return (
      <fieldset className="field input-group">
        <legend>{title}</legend>
        {hint}
        <div className="input-fields">
          {inner.map((one) => (
            <PropertyField
              key={one.name}
              field={{ ...one, required: one.required || !schema.properties }}
              value={value[one.name]}
              onChange={(next) => {
                const copy: Record<string, Json> = { ...value };
                if (next === undefined) delete copy[one.name];
                else copy[one.name] = next;
                onChange(copy);
              }}
            />
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <div className={kind === 'json' ? 'field input-wide' : 'field'}>
      <label htmlFor={id}>{title}</label>
      <Control id={id} field={field} value={value} onChange={onChange} />
      {hint}
    </div>
  );
}

function Control({
  id,
  field: { kind, schema, required },
  value,
  onChange,
}: {
  readonly id: string;
  readonly field: Field;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}) {
  if (kind === 'choice' || kind === 'boolean') {
    const choices = schema.enum ?? [true, false];
    return (
      <select
        id={id}
        className="input"
        value={choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(value))}
        onChange={(event) => onChange(choices[Number(event.target.value)])}
      >
        <option value={-1} disabled={required}>
          –
        </option>
        {choices.map((choice, index) => (
          <option key={JSON.stringify(choice)} value={index}>
            {typeof choice === 'string' ? choice : JSON.stringify(choice)}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'number' || kind === 'integer') {
    return (
      <input
        id={id}
        className="input num"
        type="number"
        step={kind === 'integer' ? 1 : 'any'}
        min={schema.minimum}
        max={schema.maximum}
        value={typeof value === 'number' ? value : ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)}
      />
    );
  }
  if (kind === 'text') {
    const long = (schema.maxLength ?? 0) > 500;
    const props = {
      id,
      className: 'input',
      value: typeof value === 'string' ? value : '',
      onChange: (event: { target: { value: string } }) =>
        onChange(event.target.value === '' && !required ? undefined : event.target.value),
    };
    return long ? <textarea {...props} /> : <input {...props} autoComplete="off" />;
  }
  return <JsonControl id={id} value={value} onChange={onChange} />;
}

/** A list or an object as JSON; what is not JSON yet stays in the field and changes nothing. */
function JsonControl({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}) {
  const written = value === undefined ? '' : JSON.stringify(value);
  const [draft, setDraft] = useState<{ readonly text: string; readonly of: string } | null>(null);
  const text = draft && draft.of === written ? draft.text : written;
  const broken = text.trim() !== '' && parse(text) === undefined;
  return (
    <textarea
      id={id}
      className="input mono"
      rows={3}
      spellCheck={false}
      aria-invalid={broken || undefined}
      value={text}
      onChange={(event) => {
        const next = event.target.value;
        const parsed = parse(next);
        const of = next.trim() === '' ? '' : parsed === undefined ? written : JSON.stringify(parsed);
        setDraft({ text: next, of });
        if (next.trim() === '') onChange(undefined);
        else if (parsed !== undefined) onChange(parsed);
      }}
    />
  );
}
