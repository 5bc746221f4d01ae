// A workflow as a package: what its nodes do must be granted by its manifest, which is known before it is deployed anywhere.
import { AiosError } from '#node/platform/errors.ts';
import type { Manifest } from '../package/manifest.ts';
import type { PackageFiles } from '../package/package-files.ts';
import type { Workflow, WorkflowNode } from './definition.ts';
import { workflowOf } from './workflow-engine.ts';

/** @throws AiosError WORKFLOW_INVALID naming node, field and fix of each mistake */
export function checkWorkflowPackage(manifest: Manifest, files: PackageFiles): Workflow {
  const { entry, capabilities } = manifest;
  const workflow = workflowOf({ entry, files });
  const issues: string[] = [];
  const granted = new Set(capabilities.agent?.deployments ?? []);
  for (const [name, deployment] of workflow.agents) {
    if (!granted.has(deployment))
      issues.push(
        `${entry}: agents.${name}: deployment ${deployment} is not granted: add it to capabilities.agent.deployments in agent.json`,
      );
  }
  for (const node of workflow.nodes) {
    const at = `${entry}: nodes.${node.name}`;
    for (const { field, grant } of grantsNeeded(node)) {
      if (!Object.hasOwn(capabilities, grant) || !capabilities[grant as keyof typeof capabilities])
        issues.push(`${at}.${field}: it needs ${grant}: add capabilities.${grant} to agent.json`);
    }
  }
  if (issues.length > 0)
    throw new AiosError('WORKFLOW_INVALID', issues.slice(0, 10).join('; '), { details: { issues } });
  return workflow;
}

function grantsNeeded({
  work,
  compensate,
}: WorkflowNode): readonly { readonly field: string; readonly grant: string }[] {
  const needed: { field: string; grant: string }[] = [];
  const grantOf = (capability: string) => capability.split('.')[0] ?? '';
  if (work.kind === 'call') needed.push({ field: 'call', grant: grantOf(work.capability) });
  if (work.kind === 'approval') needed.push({ field: 'approval', grant: 'approval' });
  if ((work.kind === 'run' || work.kind === 'map') && work.budget !== '0')
    needed.push({ field: 'budget', grant: 'pay' });
  if (compensate?.kind === 'call')
    needed.push({ field: 'compensate.call', grant: grantOf(compensate.capability) });
  if (compensate?.kind === 'run' && compensate.budget !== '0')
    needed.push({ field: 'compensate.budget', grant: 'pay' });
  return needed;
}
