// What a circuit takes, as a form made from its description: numbers, accounts, secrets that the browser draws, lists as JSON.
import { useId, useState } from 'react';
import { useAct } from '../actions/use-act.ts';
import { useOwnAddresses } from '../actions/use-platform.ts';
import { type CircuitsQuery, type ProofSystem, RequestProofDocument } from '../generated/graphql.ts';
import { CodeEditor } from '../studio/code-editor.tsx';
import { Problem } from '../ui/problem.tsx';
import { CopyButton } from '../ui/values.tsx';
import { randomSecret } from './credit-proof.ts';
import { readInput } from './read-input.ts';

export type Circuit = CircuitsQuery['circuits'][number];
type Input = Circuit['inputs'][number];

/** Above this a list is shown as JSON, not as a field of numbers. */
const MOST_IN_A_FIELD = 24;

const systemNames: Readonly<Record<ProofSystem, string>> = {
  GROTH16: 'Groth16: smallest, fastest',
  FFLONK: 'FFLONK: cheapest to verify',
  PLONK: 'PLONK',
};

const sizeOf = ({ shape }: Input) => shape.reduce((product, length) => product * length, 1);

/** Numbers of any kind as text; a list in a line, a list of lists with a line for each. */
function write(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? '');
  if (!value.some(Array.isArray)) return `[${value.map(write).join(', ')}]`;
  return `[\n${value.map((row) => `  ${write(row)}`).join(',\n')}\n]`;
}

export function ProofForm({
  circuit,
  onRequested,
}: {
  readonly circuit: Circuit;
  readonly onRequested: (job: string) => void;
}) {
  const id = useId();
  const [own] = useOwnAddresses();
  const { act, busy, problem, tell } = useAct(RequestProofDocument, (data) => data.requestProof);
  const [system, setSystem] = useState<ProofSystem>(circuit.systems[0] ?? 'GROTH16');
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      circuit.inputs.flatMap(({ name, kind }) => (kind === 'SECRET' ? [[name, randomSecret()]] : [])),
    ),
  );
  const textOf = ({ name, kind }: Input) => texts[name] ?? (kind === 'ADDRESS' ? (own ?? '') : '');
  const set = (name: string, text: string) => setTexts((before) => ({ ...before, [name]: text }));

  async function request(): Promise<void> {
    let input: Record<string, unknown>;
    try {
      input = Object.fromEntries(circuit.inputs.map((one) => [one.name, readInput(one, textOf(one))]));
    } catch (error) {
      return tell(error instanceof Error ? error.message : 'An input is not complete.');
    }
    const done = await act({ circuit: circuit.id, system, input });
    if (done?.job) onRequested(done.job.id);
  }

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void request();
      }}
    >
      <div className="says">
        <p>
          <strong>It says:</strong> {circuit.statement}
        </p>
        <p>{circuit.unsaid}</p>
      </div>
      <div className="input-fields">
        {circuit.inputs.map((input) => {
          const field = `${id}-${input.name}`;
          const size = sizeOf(input);
          const large = size > MOST_IN_A_FIELD || input.shape.length > 1;
          return (
            <div key={input.name} className={input.shape.length > 0 ? 'field input-wide' : 'field'}>
              {large ? (
                <span className="sub-head">{input.name}</span>
              ) : (
                <label htmlFor={field}>{input.name}</label>
              )}
              {large ? (
                <CodeEditor
                  path={`${input.name}.json`}
                  label={input.name}
                  text={textOf(input)}
                  lines={2}
                  onChange={(text) => set(input.name, text)}
                />
              ) : (
                <span className="proof-field">
                  <input
                    id={field}
                    className="input mono"
                    required
                    autoComplete="off"
                    spellCheck={false}
                    value={textOf(input)}
                    aria-describedby={`${field}-hint`}
                    onChange={(event) => set(input.name, event.target.value)}
                  />
                  {input.kind === 'SECRET' && (
                    <button
                      type="button"
                      className="text-button"
                      aria-label={`Draw another ${input.name}`}
                      onClick={() => set(input.name, randomSecret())}
                    >
                      Draw
                    </button>
                  )}
                </span>
              )}
              <span className="hint" id={`${field}-hint`}>
                {input.description}
                {input.shape.length > 0 && ` ${input.shape.join(' × ')} numbers.`}
              </span>
            </div>
          );
        })}
      </div>
      {circuit.systems.length > 1 && (
        <div className="field proof-system">
          <label htmlFor={`${id}-system`}>Proof system</label>
          <select
            id={`${id}-system`}
            className="input"
            value={system}
            onChange={(event) =>
              setSystem(circuit.systems.find((one) => one === event.target.value) ?? system)
            }
          >
            {circuit.systems.map((one) => (
              <option key={one} value={one}>
                {systemNames[one]}
              </option>
            ))}
          </select>
        </div>
      )}
      <p className="hint">
        Secrets are drawn in this browser and sent to the prover, which forgets all inputs when it is done.
        Keep the secrets: without them nobody can show what a commitment stands for.
      </p>
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Asking…' : 'Prove it'}
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            setTexts((before) => {
              const example = (circuit.example ?? {}) as Readonly<Record<string, unknown>>;
              const filled = circuit.inputs.flatMap(({ name, kind }) =>
                kind === 'NUMBER' ? [[name, write(example[name])] as const] : [],
              );
              return { ...before, ...Object.fromEntries(filled) };
            })
          }
        >
          Fill in an example
        </button>
        <span className="muted">
          Inputs and secrets
          <CopyButton text={JSON.stringify(texts, null, 2)} label="inputs and secrets" />
        </span>
      </div>
      <Problem problem={problem} />
    </form>
  );
}
