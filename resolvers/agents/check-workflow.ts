// A workflow against what is deployed: the agents it calls must be there, in its network, and take what it gives them.
import type { AgentPackage } from '#node/agents/package/agent-package.ts';
import type { DeploymentStore } from '#node/agents/runs/deployment-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { type AgentTypes, checkWorkflowTypes } from '#node/agents/workflow/type-check.ts';
import { workflowOf } from '#node/agents/workflow/workflow-engine.ts';
import { AiosError } from '#node/platform/errors.ts';

type Schema = Readonly<Record<string, Json>>;

/** @throws AiosError WORKFLOW_INVALID naming agent or node, field and fix */
export async function checkWorkflow(
  deployments: DeploymentStore,
  { manifest, files }: Pick<AgentPackage, 'manifest' | 'files'>,
  network: string,
): Promise<void> {
  const { entry } = manifest;
  const workflow = workflowOf({ entry, files });
  const ids = [...workflow.agents.values()];
  const called = await deployments.deployments(ids);
  const versions = await deployments.versions([...called.values()].map(({ versionId }) => versionId));
  const manifests = await deployments.manifests([...versions.values()].map(({ packageCid }) => packageCid));
  const issues: string[] = [];
  const types = new Map<string, AgentTypes>();
  for (const [name, id] of workflow.agents) {
    const deployment = called.get(id);
    if (deployment?.network !== network) {
      issues.push(
        `${entry}: agents.${name}: there is no deployment ${id} in network ${network}: deploy the agent there, and write its id`,
      );
      continue;
    }
    const cid = versions.get(deployment.versionId)?.packageCid;
    const known =
      cid === undefined
        ? undefined
        : (manifests.get(cid)?.manifest as { readonly input?: Schema; readonly output?: Schema } | undefined);
    types.set(id, { input: known?.input ?? {}, output: known?.output ?? {} });
  }
  if (issues.length > 0) throw new AiosError('WORKFLOW_INVALID', issues.join('; '), { details: { issues } });
  checkWorkflowTypes(workflow, manifest, types);
}
