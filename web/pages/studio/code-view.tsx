// Code and manifest, to read and to change; deployed as the next version; and a test input with its run beneath, live.
import { useQuery } from '@apollo/client/react';
import { useId, useState } from 'react';
import { packageCid } from '../../client/agent-package.ts';
import { DeploymentDocument, type DeploymentRowFragment } from '../../generated/graphql.ts';
import { DeployButton, PlaceFields, useChoice } from '../../studio/deploy.tsx';
import { useDraft } from '../../studio/draft.ts';
import { manifestOf, viewOfManifest } from '../../studio/manifest.ts';
import { PackageFilesView } from '../../studio/package-files.tsx';
import { RunPanel } from '../../studio/run-panel.tsx';
import { TryRun } from '../../studio/try-run.tsx';
import { usePlaces } from '../../studio/use-places.ts';
import { examplesFor, type Template, textsOf, useTemplates } from '../../studio/use-templates.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';

interface Props {
  readonly agent: string;
  /** Undefined: a new one. */
  readonly deployment: DeploymentRowFragment | undefined;
  /** Licences to this agent that the viewer holds. */
  readonly licences: readonly string[];
  readonly onDeployed: (deployment: string) => void;
}

export function CodeView({ agent, deployment, licences, onDeployed }: Props) {
  const { templates, error: templatesError, refetch: reloadTemplates } = useTemplates();
  const { data, error, refetch } = useQuery(DeploymentDocument, {
    variables: { id: deployment?.id ?? '' },
    skip: !deployment,
  });
  const version = data?.agentDeployment?.version;
  const deployed = version?.files ? textsOf(version.files) : null;
  const [draft, setDraft] = useDraft(deployment ? `deployment-${deployment.id}` : `agent-${agent}`);
  const [first] = templates ?? [];
  const files = draft?.files ?? deployed ?? (deployment ? null : first && textsOf(first.files));
  const problem = templatesError ?? (data ? undefined : error);

  if (problem) {
    return (
      <ErrorState
        what="The code could not be loaded."
        error={problem}
        onRetry={() => {
          void reloadTemplates();
          if (deployment) void refetch();
        }}
      />
    );
  }
  if (!templates || (deployment && !version)) {
    return (
      <div className="section" aria-busy="true">
        <Skeleton width="60%" />
      </div>
    );
  }
  const operates = !deployment || deployment.viewerCanOperate;
  const changed = draft !== null && (!deployed || packageCid(draft.files) !== packageCid(deployed));
  return (
    <div className={deployment ? 'studio-code' : undefined}>
      <section className="section" aria-labelledby="studio-code">
        <div className="section-head">
          <h2 id="studio-code">
            Code
            {changed && deployed && <span className="badge">Changed, not deployed</span>}
          </h2>
          <span className="page-actions">
            {operates && (
              <ForkSelect
                templates={templates}
                origin={draft?.origin ?? (deployment ? null : (first?.id ?? null))}
                onFork={setDraft}
              />
            )}
            {draft && (
              <button type="button" className="button button-small" onClick={() => setDraft(null)}>
                Discard changes
              </button>
            )}
          </span>
        </div>
        {files ? (
          <PackageFilesView
            files={files}
            entry={manifestOf(files).manifest?.entry}
            onChange={
              operates
                ? (next) =>
                    setDraft({
                      origin: draft?.origin ?? (version ? `version:${version.id}` : (first?.id ?? '')),
                      files: next,
                    })
                : undefined
            }
          />
        ) : (
          <EmptyState title="Its code is shown to the licence’s holder, and to operators and auditors of the network.">
            What it may do and what it takes is in its manifest, which is public.
          </EmptyState>
        )}
        {operates && files && (
          <div className="studio-deploy">
            {deployment ? (
              <DeployButton
                files={files}
                target={{
                  networkId: deployment.network?.id ?? '',
                  environmentId: deployment.environment?.id ?? null,
                  licenceId: deployment.licence?.id ?? '',
                }}
                primary={changed}
                submit={changed ? `Deploy as version ${(version?.number ?? 0) + 1}` : 'Deploy again'}
                onDeployed={(done) => {
                  setDraft(null);
                  void refetch();
                  onDeployed(done.deployment.id);
                }}
              />
            ) : (
              <DeployNew
                files={files}
                licences={licences}
                onDeployed={(id) => {
                  setDraft(null);
                  onDeployed(id);
                }}
              />
            )}
          </div>
        )}
      </section>
      {deployment && version && (
        <Test
          deployment={deployment}
          manifest={version.manifest}
          number={version.number}
          templates={templates}
          operates={operates}
          changed={changed}
        />
      )}
    </div>
  );
}

function ForkSelect({
  templates,
  origin,
  onFork,
}: {
  readonly templates: readonly Template[];
  readonly origin: string | null;
  readonly onFork: (draft: { origin: string; files: Readonly<Record<string, string>> }) => void;
}) {
  const id = useId();
  return (
    <span className="studio-fork">
      <label htmlFor={id}>Fork</label>
      <select
        id={id}
        className="input"
        value={templates.some((one) => one.id === origin) ? (origin ?? '') : ''}
        onChange={(event) => {
          const template = templates.find((one) => one.id === event.target.value);
          if (template) onFork({ origin: template.id, files: textsOf(template.files) });
        }}
      >
        <option value="" disabled>
          a template
        </option>
        {templates.map((one) => (
          <option key={one.id} value={one.id}>
            {one.id}
          </option>
        ))}
      </select>
    </span>
  );
}

function DeployNew({
  files,
  licences,
  onDeployed,
}: {
  readonly files: Readonly<Record<string, string>>;
  readonly licences: readonly string[];
  readonly onDeployed: (deployment: string) => void;
}) {
  const { places } = usePlaces();
  const [licence, chooseLicence] = useChoice(licences);
  const [place, choosePlace] = useState<readonly [network: string, environment: string | null] | null>(null);
  const id = useId();
  const network = place?.[0] ?? places?.[0]?.id ?? null;
  if (places?.length === 0) {
    return (
      <EmptyState title="You have no network to deploy in.">
        Create one, or ask the owner of one for the role of a member or operator.
      </EmptyState>
    );
  }
  return (
    <div className="form">
      <div className="input-fields">
        <PlaceFields
          places={places ?? []}
          networkId={network}
          environmentId={place?.[1] ?? null}
          onChange={(one, environment) => choosePlace([one, environment])}
        />
        <div className="field">
          <label htmlFor={id}>Licence</label>
          <select
            id={id}
            className="input"
            value={licence ?? ''}
            onChange={(event) => chooseLicence(event.target.value)}
          >
            {licences.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      </div>
      <DeployButton
        files={files}
        target={
          network && licence
            ? { networkId: network, environmentId: place?.[1] ?? null, licenceId: licence }
            : null
        }
        submit="Deploy"
        onDeployed={({ deployment }) => onDeployed(deployment.id)}
      />
    </div>
  );
}

function Test({
  deployment,
  manifest,
  number,
  templates,
  operates,
  changed,
}: {
  readonly deployment: DeploymentRowFragment;
  readonly manifest: unknown;
  readonly number: number;
  readonly templates: readonly Template[];
  readonly operates: boolean;
  readonly changed: boolean;
}) {
  const [run, setRun] = useState<string | null>(null);
  const view = viewOfManifest(manifest);
  return (
    <section className="section" aria-labelledby="studio-test">
      <div className="section-head">
        <h2 id="studio-test">Test</h2>
        <span className="muted num">
          runs version {number}
          {changed && ', without your changes'}
        </span>
      </div>
      <div className="aside-body">
        {!operates ? (
          <p className="muted">The licence’s holder and the network’s operators run it.</p>
        ) : deployment.status !== 'ACTIVE' ? (
          <EmptyState title={deployment.status === 'PAUSED' ? 'It is paused.' : 'It was stopped.'}>
            {deployment.status === 'PAUSED' ? 'Resume it under Schedule.' : 'Deploy again to go on.'}
          </EmptyState>
        ) : view ? (
          <TryRun
            deploymentId={deployment.id}
            schema={view.input}
            examples={examplesFor(templates, view.name)}
            onStarted={setRun}
            submit="Run on this input"
          />
        ) : null}
        {run && <RunPanel key={run} id={run} />}
      </div>
    </section>
  );
}
