// The stages of a proof: those that are done, the one that goes on and how far, those to come.
import type { ProofJobFieldsFragment } from '../generated/graphql.ts';
import { Icon } from '../ui/icons.tsx';
import './proof.css';

const stages: readonly [stage: string, name: string, what: string][] = [
  ['queued', 'Queue', 'waits for a prover'],
  ['compile', 'Compile', 'on first use'],
  ['setup', 'Setup', 'its keys'],
  ['witness', 'Witness', 'every wire’s value'],
  ['prove', 'Prove', 'the proof itself'],
  ['verify', 'Verify', 'under its own key'],
];

type Job = Pick<ProofJobFieldsFragment, 'status' | 'stage' | 'progress'>;

/** The stage's place in the list; its length when all are done. */
function stageOf({ status, stage }: Job): number {
  if (status === 'COMPLETED') return stages.length;
  if (status === 'QUEUED' || !stage) return 0;
  const at = stages.findIndex(([name]) => name === stage);
  return at < 0 ? stages.length - 1 : at;
}

export function ProofStages({ job }: { readonly job: Job }) {
  const now = stageOf(job);
  const stopped = job.status === 'FAILED' || job.status === 'CANCELLED';
  return (
    <ol className="stages" aria-label="Stages">
      {stages.map(([stage, name, what], index) => {
        const state = index < now ? 'done' : index > now ? 'later' : stopped ? 'stopped' : 'now';
        const percent = Math.round(job.progress * 100);
        return (
          <li key={stage} className={`stage-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            <span className="stage-mark">
              {state === 'done' && <Icon name="check" />}
              {state === 'stopped' && <Icon name="close" />}
            </span>
            <span className="stage-name">{name}</span>
            <span className="stage-what num">{state === 'now' && percent > 0 ? `${percent}%` : what}</span>
          </li>
        );
      })}
    </ol>
  );
}
