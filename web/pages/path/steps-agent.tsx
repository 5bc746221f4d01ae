// The steps of the agent: forked and deployed, run and watched, replayed.
import { useQuery } from '@apollo/client/react';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import type { PackageTexts } from '../../client/agent-package.ts';
import { DeploymentDocument } from '../../generated/graphql.ts';
import { DeployButton } from '../../studio/deploy.tsx';
import { manifestOf, viewOfManifest } from '../../studio/manifest.ts';
import { PackageFilesView } from '../../studio/package-files.tsx';
import { ReplayButton, ReplayVerdict } from '../../studio/replay.tsx';
import { RunPanel } from '../../studio/run-panel.tsx';
import { TryRun } from '../../studio/try-run.tsx';
import { examplesFor, textsOf, useTemplates } from '../../studio/use-templates.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { Hash } from '../../ui/values.tsx';

/** The template whose decisions have a circuit. */
const PROVABLE = 'credit-scoring';

export function DeploymentSummary({
  id,
  agent,
}: {
  readonly id: string;
  readonly agent: string | undefined;
}) {
  const { data } = useQuery(DeploymentDocument, { variables: { id } });
  const version = data?.agentDeployment?.version;
  return (
    <>
      <Link className="link num" to={`/agents/${agent ?? ''}/studio?deployment=${id}`}>
        Deployment {id}
      </Link>
      {version && (
        <span className="num">
          version {version.number} · <Hash value={version.cid} label="content identifier" head={10} />
        </span>
      )}
    </>
  );
}

export function DeployStep({
  network,
  licence,
  onDone,
}: {
  readonly network: string;
  readonly licence: string;
  readonly onDone: (deployment: string) => void;
}) {
  const { templates, error, refetch } = useTemplates();
  const [chosen, choose] = useState(PROVABLE);
  const [edited, setEdited] = useState<PackageTexts | null>(null);
  const id = useId();
  if (error) return <ErrorState what="The templates could not be loaded." error={error} onRetry={refetch} />;
  const template = templates?.find((one) => one.id === chosen) ?? templates?.[0];
  if (!templates || !template) return <Skeleton width="100%" />;
  const files = edited ?? textsOf(template.files);
  return (
    <>
      <p>
        Take a template as it is, or change it first. Credit scoring is the one whose decisions can be proved:
        its scorecard is the circuit’s too.
      </p>
      <div className="path-choice">
        <div className="field">
          <label htmlFor={id}>Template</label>
          <select
            id={id}
            className="input"
            value={template.id}
            onChange={(event) => {
              choose(event.target.value);
              setEdited(null);
            }}
          >
            {templates.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id}
              </option>
            ))}
          </select>
          <span className="hint">{template.description}</span>
        </div>
      </div>
      <details className="path-more">
        <summary>Its code and manifest</summary>
        <PackageFilesView files={files} onChange={setEdited} entry={manifestOf(files).manifest?.entry} />
      </details>
      <DeployButton
        files={files}
        target={{ networkId: network, environmentId: null, licenceId: licence }}
        submit="Fork and deploy"
        onDeployed={({ deployment }) => onDone(deployment.id)}
      />
    </>
  );
}

export function RunStep({
  deployment,
  run,
  onDone,
}: {
  readonly deployment: string;
  readonly run: string | null;
  readonly onDone: (run: string) => void;
}) {
  const { data, error, refetch } = useQuery(DeploymentDocument, { variables: { id: deployment } });
  const { templates } = useTemplates();
  if (run !== null) return <RunPanel id={run} compact />;
  if (error)
    return <ErrorState what="The deployment could not be loaded." error={error} onRetry={() => refetch()} />;
  const manifest = viewOfManifest(data?.agentDeployment?.version?.manifest);
  if (!manifest || !templates) return <Skeleton width="100%" />;
  return (
    <TryRun
      deploymentId={deployment}
      schema={manifest.input}
      examples={examplesFor(templates, manifest.name)}
      onStarted={onDone}
    />
  );
}

export function ReplayStep({
  run,
  replay,
  onDone,
}: {
  readonly run: string;
  readonly replay: string | null;
  readonly onDone: (replay: string) => void;
}) {
  if (replay !== null) return <ReplayVerdict id={replay} />;
  return (
    <>
      <p>
        The same code, input, seed, clock and answers must come to the same digest, here and on anybody’s
        machine.
      </p>
      <div className="form-actions">
        <ReplayButton runId={run} onStarted={onDone} primary />
      </div>
    </>
  );
}
