// From a licence to a proof on chain, on one page: each step is the product's own, lights up when it is done, and stays done after a reload.
import { Link } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { type Progress, useProgress } from './progress.ts';
import { Step, type StepState } from './step.tsx';
import { DeploymentSummary, DeployStep, ReplayStep, RunStep } from './steps-agent.tsx';
import { LicenceStep, LicenceSummary, NetworkStep, NetworkSummary } from './steps-ownership.tsx';
import { ProofStep, VerifyStep } from './steps-proof.tsx';
import './path-page.css';

const names: Readonly<Record<keyof Progress, string>> = {
  network: 'Have a network',
  licence: 'Buy a licence',
  agent: '',
  deployment: 'Fork a template and deploy it',
  run: 'Run it, and watch',
  replay: 'Replay it',
  proof: 'Prove the decision',
  verified: 'Verify it on chain',
};

const STEPS = ['network', 'licence', 'deployment', 'run', 'replay', 'proof', 'verified'] as const;

export function PathPage() {
  const { session, signIn } = useSession();
  const { progress, done, again } = useProgress(session?.did);
  const next = STEPS.find((step) => progress[step] === undefined);
  const stateOf = (step: (typeof STEPS)[number]): StepState =>
    !session ? 'later' : progress[step] !== undefined ? 'done' : step === next ? 'now' : 'later';
  const step = (name: (typeof STEPS)[number]) => ({
    number: STEPS.indexOf(name) + 2,
    title: names[name],
    state: stateOf(name),
  });
  const { network, licence, agent, deployment, run, replay, proof, verified } = progress;

  return (
    <div className="page">
      <title>From licence to proof · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>From licence to proof</h1>
          <p className="page-sub">
            An agent of your own decides on credit; anybody can replay the decision and check its proof on
            chain.
          </p>
        </div>
      </div>
      <ol className="path">
        <Step
          number={1}
          title="Sign in"
          state={session ? 'done' : 'now'}
          summary={session && <span className="mono">{`${session.did.slice(0, 18)}…`}</span>}
        >
          {!session && (
            <>
              <p>
                A key made in this browser is enough; on the devnet it has an account with AiOS of its own.
              </p>
              <div className="form-actions">
                <button type="button" className="button button-primary" onClick={signIn}>
                  Sign in
                </button>
              </div>
            </>
          )}
        </Step>
        <Step
          {...step('network')}
          summary={network && <NetworkSummary id={network} />}
          onAgain={() => again('network')}
        >
          {stateOf('network') === 'now' && <NetworkStep onDone={(id) => done({ network: id })} />}
        </Step>
        <Step
          {...step('licence')}
          summary={licence && <LicenceSummary id={licence} agent={agent} />}
          onAgain={() => again('licence')}
        >
          {stateOf('licence') === 'now' && (
            <LicenceStep onDone={(id, of) => done({ licence: id, agent: of })} />
          )}
        </Step>
        <Step
          {...step('deployment')}
          summary={deployment && <DeploymentSummary id={deployment} agent={agent} />}
          onAgain={() => again('deployment')}
        >
          {stateOf('deployment') === 'now' && network && licence && (
            <DeployStep network={network} licence={licence} onDone={(id) => done({ deployment: id })} />
          )}
        </Step>
        <Step {...step('run')} onAgain={() => again('run')} again="Run again">
          {stateOf('run') !== 'later' && deployment && (
            <RunStep deployment={deployment} run={run ?? null} onDone={(id) => done({ run: id })} />
          )}
        </Step>
        <Step {...step('replay')} onAgain={() => again('replay')} again="Replay again">
          {stateOf('replay') !== 'later' && run && (
            <ReplayStep run={run} replay={replay ?? null} onDone={(id) => done({ replay: id })} />
          )}
        </Step>
        <Step {...step('proof')} onAgain={() => again('proof')} again="Prove again">
          {stateOf('proof') === 'now' && run && deployment && (
            <ProofStep run={run} deployment={deployment} onDone={(id) => done({ proof: id })} />
          )}
        </Step>
        <Step {...step('verified')}>
          {stateOf('verified') !== 'later' && proof && (
            <VerifyStep proof={proof} onDone={(id) => done({ verified: id })} />
          )}
        </Step>
      </ol>
      {verified && deployment && agent && (
        <p className="path-end muted">
          That is all of it. Go on in the{' '}
          <Link className="link" to={`/agents/${agent}/studio?deployment=${deployment}`}>
            agent’s studio
          </Link>
          : give it a schedule, change its code, watch its runs. Or{' '}
          <button type="button" className="text-button" onClick={() => again('licence')}>
            begin with another licence
          </button>
          .
        </p>
      )}
    </div>
  );
}
