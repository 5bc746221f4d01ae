// Deploying a package: where it goes and under which licence, packed in the browser and named by its content before it is sent.
import { useId, useMemo, useState } from 'react';
import { useAct } from '../actions/use-act.ts';
import { base64, type PackageTexts, packageCid, packFiles } from '../client/agent-package.ts';
import { DeployAgentDocument, type DeployAgentMutation } from '../generated/graphql.ts';
import { Problem } from '../ui/problem.tsx';
import { Hash } from '../ui/values.tsx';
import { manifestOf } from './manifest.ts';
import type { Place } from './use-places.ts';

export type Deployed = Required<{
  [Key in 'deployment' | 'version']: NonNullable<DeployAgentMutation['deployAgent'][Key]>;
}>;

export interface DeployTarget {
  readonly networkId: string;
  readonly environmentId: string | null;
  readonly licenceId: string;
}

/** The button, what keeps it from working, and the content identifier of what would be deployed. */
export function DeployButton({
  files,
  target,
  submit,
  onDeployed,
  primary = true,
}: {
  readonly files: PackageTexts;
  /** Null while it has not been chosen. */
  readonly target: DeployTarget | null;
  readonly submit: string;
  readonly primary?: boolean;
  readonly onDeployed: (deployed: Deployed) => void;
}) {
  const { act, busy, problem, tell } = useAct(DeployAgentDocument, (data) => data.deployAgent);
  const { mistake } = manifestOf(files);
  const cid = useMemo(() => packageCid(files), [files]);

  async function deploy(): Promise<void> {
    if (!target || mistake) return;
    let archive: string;
    try {
      archive = base64(await packFiles(files));
    } catch (error) {
      return tell(error instanceof Error ? error.message : 'The files could not be packed.');
    }
    const { networkId, environmentId, licenceId } = target;
    const done = await act({ networkId, environmentId, licenceId, archive, cid });
    if (done?.deployment && done.version) onDeployed({ deployment: done.deployment, version: done.version });
  }

  return (
    <div className="form">
      <div className="form-actions">
        <button
          type="button"
          className={primary ? 'button button-primary' : 'button'}
          disabled={busy || !target || mistake !== undefined}
          onClick={() => void deploy()}
        >
          {busy ? 'Deploying…' : submit}
        </button>
        <span className="muted">
          as <Hash value={cid} label="content identifier" head={12} />
        </span>
      </div>
      <Problem problem={mistake === undefined ? problem : { message: mistake }} />
    </div>
  );
}

/** Which network, and which environment of it. */
export function PlaceFields({
  places,
  networkId,
  environmentId,
  onChange,
}: {
  readonly places: readonly Place[];
  readonly networkId: string | null;
  readonly environmentId: string | null;
  readonly onChange: (networkId: string, environmentId: string | null) => void;
}) {
  const id = useId();
  const place = places.find((one) => one.id === networkId);
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-network`}>Network</label>
        <select
          id={`${id}-network`}
          className="input"
          value={networkId ?? ''}
          onChange={(event) => onChange(event.target.value, null)}
        >
          {!place && (
            <option value="" disabled>
              Choose one of yours
            </option>
          )}
          {places.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      {place && place.environments.length > 0 && (
        <div className="field">
          <label htmlFor={`${id}-environment`}>Environment</label>
          <select
            id={`${id}-environment`}
            className="input"
            value={environmentId ?? ''}
            onChange={(event) => onChange(place.id, event.target.value || null)}
          >
            <option value="">The whole network</option>
            {place.environments.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </div>
      )}
    </>
  );
}

/** Which of several licences; nothing to choose when there is one. */
export function useChoice(options: readonly string[]): readonly [string | null, (chosen: string) => void] {
  const [chosen, choose] = useState<string | null>(null);
  return [chosen !== null && options.includes(chosen) ? chosen : (options[0] ?? null), choose];
}
