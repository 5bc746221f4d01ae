// What users do with agents: deploy, run, schedule, pause, stop, replay, approve; each checked against the chain before it is done.
import type pg from 'pg';
import {
  type AgentPackage,
  agentCodeOf,
  openPackage,
  packageOf,
  packPackage,
} from '#node/agents/package/agent-package.ts';
import { readManifest } from '#node/agents/package/manifest.ts';
import { PackageCollector } from '#node/agents/package/package-files.ts';
import { approveStep } from '#node/agents/runs/approve-step.ts';
import { cancelRun } from '#node/agents/runs/cancel-runs.ts';
import {
  type Deployment,
  DeploymentStore,
  type NewSchedule,
  type NewTrigger,
  type Version,
} from '#node/agents/runs/deployment-store.ts';
import { signalRun } from '#node/agents/runs/run-signals.ts';
import { type Run, RunStore } from '#node/agents/runs/run-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import type { NodeState } from '#node/agents/workflow/interpreter.ts';
import { nodeStates } from '#node/agents/workflow/node-states.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { AgentAccess, WantedPlace } from './agent-access.ts';
import { AnchorBatches } from './anchoring/anchor-batches.ts';
import { checkWorkflow } from './check-workflow.ts';
import type { Page, PageSize } from './pages.ts';

/** Deployments looked at for one page of those that somebody may operate; the next page goes on from there. */
const searchedAtOnce = 1_000;
const searchStep = 200;

export interface PackageInput {
  /** A `.tar.gz` in base64. */
  readonly archive?: string | null;
  readonly files?:
    | readonly { readonly path: string; readonly text?: string | null; readonly base64?: string | null }[]
    | null;
  readonly cid?: string | null;
}

/** A node of a workflow as it is in one run. */
export interface RunNode extends NodeState {
  /** Ids of runs that it called. */
  readonly runs: readonly string[];
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

const archivesAnOperation = 8;

export class AgentService {
  readonly deployments: DeploymentStore;
  readonly runs: RunStore;
  readonly access: AgentAccess;
  readonly anchors: AnchorBatches;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool, access: AgentAccess) {
    this.#pool = pool;
    this.deployments = new DeploymentStore(pool);
    this.runs = new RunStore(pool);
    this.access = access;
    this.anchors = new AnchorBatches(pool);
  }

  /** @throws AiosError of the package, the manifest, the code, or NOT_AUTHORISED; nothing is stored then */
  async deploy(
    viewer: Viewer,
    wanted: WantedPlace,
    input: PackageInput,
  ): Promise<{ deployment: Deployment; version: Version }> {
    const content = readInput(input);
    // Code that could not even be prepared is refused now, not at the first run.
    await agentCodeOf(content);
    const deployed = await this.#deployedAt(wanted);
    const place = await this.access.requireDeployer(viewer, wanted, deployed);
    const { manifest, source, cid, files } = content;
    if (manifest.language === 'workflow') await checkWorkflow(this.deployments, content, place.network);
    const made = await this.deployments.deploy(
      place,
      { cid, language: manifest.language, entry: manifest.entry, manifest: source, files },
      viewer.did,
      manifest.health ?? null,
    );
    if (manifest.schedule) {
      await this.deployments.schedule(made.deployment, {
        rhythm:
          'cron' in manifest.schedule
            ? manifest.schedule
            : { everyMs: manifest.schedule.everyMs, anchor: new Date() },
        missed: 'once',
        input: null,
      });
    }
    return made;
  }

  async run(viewer: Viewer, deploymentId: string, input: Json, maxAttempts: number): Promise<Run> {
    const deployment = await this.operated(viewer, deploymentId);
    if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 10)
      throw new AiosError('BAD_USER_INPUT', 'maxAttempts is a whole number from 1 to 10.');
    const content = await this.deployments.packageOf(deployment.versionId);
    if (!content)
      throw new AiosError('VERSION_UNKNOWN', 'The active version is gone. Deploy the agent again.');
    const mistakes = readManifest(Buffer.from(JSON.stringify(content.manifest))).input.mistakesOf(input);
    if (mistakes.length > 0)
      throw new AiosError(
        'INPUT_INVALID',
        `The input is not what the manifest's schema asks for: ${mistakes.join('; ')}.`,
      );
    const id = await this.deployments.startRun(deployment, { input, viewer: viewer.did, maxAttempts });
    return this.existingRun(id);
  }

  async schedule(
    viewer: Viewer,
    deploymentId: string,
    schedule: NewSchedule | null,
    triggers: readonly NewTrigger[] | null,
  ): Promise<Deployment> {
    const deployment = await this.operated(viewer, deploymentId);
    await this.deployments.schedule(deployment, schedule);
    if (triggers) await this.deployments.setTriggers(deployment, triggers);
    return deployment;
  }

  async pause(viewer: Viewer, deploymentId: string, paused: boolean): Promise<Deployment> {
    const deployment = await this.operated(viewer, deploymentId);
    if (deployment.status === 'stopped')
      throw new AiosError(
        'DEPLOYMENT_NOT_ACTIVE',
        `Deployment ${deployment.id} was stopped: deploy the agent again.`,
      );
    return paused ? this.deployments.pause(deployment) : this.deployments.resume(deployment);
  }

  async stop(viewer: Viewer, deploymentId: string): Promise<Deployment> {
    return this.deployments.stop(await this.operated(viewer, deploymentId));
  }

  async replay(viewer: Viewer, runId: string): Promise<Run> {
    const run = await this.lookedAt(viewer, runId);
    return this.existingRun(await this.runs.replay(run, viewer.did));
  }

  async approve(
    viewer: Viewer,
    runId: string,
    step: number,
    approved: boolean,
    note: string | null,
  ): Promise<Run> {
    const run = await this.existingRun(runId);
    await this.operated(viewer, run.deploymentId);
    await approveStep(this.#pool, run.id, step, {
      approved,
      by: viewer.did,
      note: note?.slice(0, 2_000) ?? null,
    });
    return this.existingRun(runId);
  }

  /** Ends a run that has not ended; one that has stays as it is. */
  async cancel(viewer: Viewer, runId: string): Promise<Run> {
    const run = await this.existingRun(runId);
    await this.operated(viewer, run.deploymentId);
    await cancelRun(this.#pool, run.id);
    return this.existingRun(runId);
  }

  /** Active deployments that the viewer may run, newest first. A page may be short, or empty, and yet not the last. */
  async runnable(viewer: Viewer, { first, before }: PageSize): Promise<Page<Deployment>> {
    const nodes: Deployment[] = [];
    let last = before;
    for (let searched = 0; searched < searchedAtOnce; searched += searchStep) {
      const found = await this.deployments.listDeployments(
        { status: 'active' },
        { first: searchStep, before: last },
      );
      for (const deployment of await this.access.operatedOf(viewer, found)) {
        if (nodes.length === first)
          return { nodes, hasNextPage: true, hasPreviousPage: before !== undefined };
        nodes.push(deployment);
      }
      if (found.length < searchStep)
        return { nodes, hasNextPage: false, hasPreviousPage: before !== undefined };
      last = found.at(-1)?.id;
    }
    const end = last === undefined ? undefined : { id: last };
    return { nodes, hasNextPage: true, hasPreviousPage: before !== undefined, end };
  }

  async signal(viewer: Viewer, runId: string, name: string, payload: Json): Promise<Run> {
    const run = await this.existingRun(runId);
    await this.operated(viewer, run.deploymentId);
    await signalRun(this.#pool, run.id, { name, payload, by: viewer.did });
    return this.existingRun(runId);
  }

  /** The nodes of a workflow's run; null when it runs no workflow. */
  async nodesOf(run: Run): Promise<readonly RunNode[] | null> {
    const content = await this.deployments.packageOf(run.versionId);
    if (content?.language !== 'workflow') return null;
    const walked = run.replayOf ?? run.id;
    const [steps, called] = await Promise.all([this.runs.steps([walked]), this.runs.calledBy(walked)]);
    const journal = steps.get(walked) ?? [];
    const { entry, files } = content;
    const states = await nodeStates(
      { entry, file: files.get(entry) ?? new Uint8Array() },
      run.input,
      journal,
    );
    return states.map((state) => {
      const own = state.steps.flatMap((step) => journal[step] ?? []);
      const over = !['pending', 'running', 'compensating'].includes(state.status);
      const ends = own.flatMap(({ answeredAt }) => answeredAt ?? []);
      return {
        ...state,
        runs: state.steps.flatMap((step) => called.get(step) ?? []),
        startedAt: own[0]?.startedAt ?? null,
        finishedAt: over && ends.length > 0 ? new Date(Math.max(...ends.map(Number))) : null,
      };
    });
  }

  /** @throws AiosError DEPLOYMENT_UNKNOWN, NOT_AUTHORISED */
  async operated(viewer: Viewer, deploymentId: string): Promise<Deployment> {
    const deployment = await this.deployments.deployment(idOf(deploymentId, 'deploymentId'));
    if (!deployment)
      throw new AiosError(
        'DEPLOYMENT_UNKNOWN',
        `There is no deployment ${deploymentId}. Look at agentDeployments for those that are.`,
      );
    await this.access.requireOperator(viewer, deployment);
    return deployment;
  }

  /** @throws AiosError RUN_UNKNOWN, also for runs that the viewer may not look at */
  async lookedAt(viewer: Viewer | null, runId: string): Promise<Run> {
    const run = await this.existingRun(runId);
    const deployment = await this.deployments.deployment(run.deploymentId);
    if (deployment && (await this.access.mayLook(viewer, deployment))) return run;
    throw unknownRun(runId);
  }

  /** Reads archives for one operation: a few, since each may have megabytes. @throws AiosError LIMIT_EXCEEDED */
  archives(): (version: Version) => Promise<string | null> {
    let left = archivesAnOperation;
    return async (version) => {
      if (left-- === 0)
        throw new AiosError(
          'LIMIT_EXCEEDED',
          `One operation reads the archives of at most ${archivesAnOperation} versions. Ask for fewer at a time.`,
        );
      const content = await this.deployments.packageOf(version.id);
      return content && Buffer.from(packPackage(content)).toString('base64');
    };
  }

  async existingRun(runId: string): Promise<Run> {
    const run = (await this.runs.runs([idOf(runId, 'runId')])).get(runId);
    if (!run) throw unknownRun(runId);
    return run;
  }

  async #deployedAt({ networkId, environmentId, licenceId }: WantedPlace): Promise<boolean> {
    const bare = environmentId?.replace(`${networkId}-`, '');
    const environment = bare ? `${networkId}-${bare}` : '';
    const { rowCount } = await this.#pool.query(
      'select from agents.deployments where network = $1 and environment = $2 and licence_id = $3',
      [networkId, environment, licenceId],
    );
    return rowCount === 1;
  }
}

function unknownRun(runId: string): AiosError {
  return new AiosError(
    'RUN_UNKNOWN',
    `There is no run ${runId.slice(0, 30)} that you may look at. Runs are shown to the licence's holder and to operators and auditors of the network.`,
  );
}

/** @throws AiosError BAD_USER_INPUT */
export function idOf(text: string, field: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw new AiosError('BAD_USER_INPUT', `${field} is not an id: ${JSON.stringify(text.slice(0, 40))}.`);
}

function readInput({ archive, files, cid }: PackageInput): AgentPackage {
  if ((archive == null) === (files == null))
    throw new AiosError('BAD_USER_INPUT', 'Give either archive (a .tar.gz in base64) or files.');
  if (archive != null) return openPackage(fromBase64(archive, 'archive'), cid ?? undefined);
  const collector = new PackageCollector();
  for (const { path, text, base64 } of files ?? []) {
    if ((text == null) === (base64 == null))
      throw new AiosError('BAD_USER_INPUT', `files: ${path.slice(0, 80)}: give either text or base64.`);
    const bytes = text != null ? new TextEncoder().encode(text) : fromBase64(base64 ?? '', path.slice(0, 80));
    collector.expect(path, bytes.length);
    collector.add(path, bytes);
  }
  const content = packageOf(collector.finish());
  if (cid != null && cid !== content.cid)
    throw new AiosError(
      'PACKAGE_OTHER',
      `These files are ${content.cid}, not ${cid}. Give the right identifier, or leave it out.`,
    );
  return content;
}

function fromBase64(text: string, field: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new AiosError('BAD_USER_INPUT', `${field} is not base64.`);
  return new Uint8Array(Buffer.from(text, 'base64'));
}
