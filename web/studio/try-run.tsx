// Running a deployment on a test input: the input, the button, and the run beneath it as it goes on.
import { useMemo, useState } from 'react';
import { useAct } from '../actions/use-act.ts';
import { RunAgentDocument } from '../generated/graphql.ts';
import type { JsonSchema } from '../ui/json-schema.ts';
import { Problem } from '../ui/problem.tsx';
import { type Example, firstInput, InputEditor, type InputState, mistakesIn } from './input-editor.tsx';

export function TryRun({
  deploymentId,
  schema,
  examples,
  onStarted,
  submit = 'Run',
}: {
  readonly deploymentId: string;
  readonly schema: JsonSchema;
  readonly examples: readonly Example[];
  readonly onStarted: (runId: string) => void;
  readonly submit?: string;
}) {
  const first = useMemo(() => firstInput(schema, examples), [schema, examples]);
  const [written, setWritten] = useState<InputState | null>(null);
  const state = written ?? first;
  const { act, busy, problem } = useAct(RunAgentDocument, (data) => data.runAgent);
  const wrong = mistakesIn(schema, state).length > 0;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        void act({ deploymentId, input: state.value ?? null }).then(
          (done) => done?.run && onStarted(done.run.id),
        );
      }}
    >
      <InputEditor schema={schema} examples={examples} state={state} onChange={setWritten} />
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={busy || wrong}>
          {busy ? 'Starting…' : submit}
        </button>
      </div>
      <Problem problem={problem} />
    </form>
  );
}
