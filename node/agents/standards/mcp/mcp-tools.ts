// Agents as tools of the Model Context Protocol: how a deployment is listed, and how a run's outcome is told.
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { AiosError } from '#node/platform/errors.ts';
import { agentDescription, agentEffects, agentName, agentTitle } from '../described.ts';
import type { CallableAgent, CalledRun } from '../supergraph-agents.ts';
import { valueObject } from '../value-object.ts';

export const inputOf = ({ manifest }: CallableAgent) => valueObject(manifest.input, 'input');
export const outputOf = ({ manifest }: CallableAgent) => valueObject(manifest.output, 'output');

export function toolOf(agent: CallableAgent): Tool {
  const { readOnly, openWorld } = agentEffects(agent);
  return {
    name: agentName(agent),
    title: agentTitle(agent),
    description: agentDescription(agent),
    inputSchema: inputOf(agent).schema,
    outputSchema: outputOf(agent).schema,
    annotations: {
      readOnlyHint: readOnly,
      openWorldHint: openWorld,
      ...(readOnly ? {} : { destructiveHint: agent.manifest.capabilities?.pay !== undefined }),
    },
    _meta: {
      'aios/deployment': agent.deploymentId,
      'aios/network': agent.network.id,
      'aios/version': agent.version,
      'aios/cid': agent.cid,
    },
  };
}

/** A run that has ended, as a call's result. */
export function resultOf(agent: CallableAgent, run: CalledRun): CallToolResult {
  const meta = { 'aios/run': run.id, 'aios/digest': run.digest, 'aios/gas': run.gas, 'aios/cost': run.cost };
  if (run.status !== 'COMPLETED') {
    const { code, message } = run.error ?? { code: run.status, message: 'The run did not complete.' };
    return failure(code, message, meta);
  }
  return {
    content: [{ type: 'text', text: JSON.stringify(run.output) }],
    structuredContent: outputOf(agent).toObject(run.output),
    _meta: meta,
  };
}

/** A refusal or failure that a model can read and act on. */
export function failure(code: string, message: string, meta: Record<string, unknown> = {}): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${message}` }],
    _meta: { ...meta, 'aios/error': { code, message } },
  };
}

export const refusalOf = (error: AiosError): CallToolResult =>
  failure(
    error.code,
    error.message,
    error.details.run === undefined ? {} : { 'aios/run': error.details.run },
  );
