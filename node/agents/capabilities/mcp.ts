// Tools of MCP servers for guests: only servers and tools of the manifest, only public addresses unless the operator says otherwise.
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { StepContext } from '../runs/broker.ts';
import { nestsDeeper } from '../runtime/json-depth.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf, outcomeUnknown, readAnswer } from './capability.ts';
import type { Grants } from './grants.ts';
import { hostAllowed } from './http.ts';
import { McpFailure, type McpServer, McpSession } from './mcp-session.ts';
import type { Resolve } from './outside-request.ts';

export interface McpOptions {
  /** Servers of the operator, by name. */
  readonly servers?: Readonly<
    Record<string, { readonly url: string; readonly headers?: Readonly<Record<string, string>> }>
  >;
  /** Hosts of the operator's own network that guests may reach all the same. */
  readonly privateHosts?: readonly string[];
  readonly resolve?: Resolve;
}

type McpGrant = NonNullable<Grants['mcp']>;

/** Levels of an answer: what a guest can be handed. */
const maxDepth = 100;

const server = z.string().min(1).max(64);
const toolsArgs = z.strictObject({ server });
const callArgs = z.strictObject({
  server,
  tool: z.string().min(1).max(128),
  arguments: z.record(z.string(), z.json()).default({}),
});

export function mcpCapabilities(options: McpOptions = {}): readonly Capability[] {
  const within = (step: StepContext, grant: McpGrant) => ({
    bytes: grant.bytes,
    timeoutMs: grant.timeoutMs,
    signal: step.signal,
  });
  return [
    {
      name: 'mcp.tools',
      async act(step) {
        const args = checkedArgs(step, toolsArgs);
        const grant = grantOf(step, 'mcp');
        const target = serverOf(args.server, grant, options);
        const tools = await orReason(
          McpSession.with(target, within(step, grant), options.resolve, (session) => session.tools()),
        );
        const allowed = tools.filter(({ name }) => usage(args.server, name, grant) !== undefined);
        return readAnswer(
          step,
          plain(
            target.name,
            allowed.map(({ name, title, description, inputSchema, outputSchema }) => ({
              ...{ name, title: title ?? null, description: description ?? null },
              ...{ inputSchema, outputSchema: outputSchema ?? null },
            })),
          ),
        );
      },
    },
    {
      name: 'mcp.call',
      async act(step) {
        const args = checkedArgs(step, callArgs);
        const grant = grantOf(step, 'mcp');
        const target = serverOf(args.server, grant, options);
        const use = usage(args.server, args.tool, grant);
        if (!use)
          throw new AiosError(
            'TOOL_NOT_ALLOWED',
            `${JSON.stringify(args.tool)} is not among the tools of the manifest. Add it to capabilities.mcp.tools (or to reads, when it changes nothing) and deploy a new version.`,
          );
        const acts = use === 'tools';
        const what = `${args.server}/${args.tool}`;
        if (acts && step.inDoubt) throw outcomeUnknown(what);
        if (acts) await step.begin();
        let answer: Json;
        try {
          const result = await McpSession.with(target, within(step, grant), options.resolve, (session) =>
            session.call(args.tool, args.arguments, step.key),
          );
          const { content, structuredContent, isError } = result;
          answer = plain(target.name, {
            content,
            structured: structuredContent ?? null,
            isError: isError === true,
          });
        } catch (error) {
          if (!(error instanceof McpFailure)) throw acts ? outcomeUnknown(what, reasonText(error)) : error;
          throw acts && error.mayHaveActed ? outcomeUnknown(what, error.reason.message) : error.reason;
        }
        if (!acts) return readAnswer(step, answer);
        await step.answered({ ok: answer });
        return { ok: answer };
      },
    },
  ];
}

function serverOf(name: string, grant: McpGrant, options: McpOptions): McpServer {
  const granted = grant.servers.find((candidate) => candidate.name === name);
  if (!granted)
    throw new AiosError(
      'SERVER_NOT_ALLOWED',
      `${JSON.stringify(name)} is not among the servers of the manifest. Add it to capabilities.mcp.servers and deploy a new version.`,
    );
  if (granted.url !== undefined)
    return {
      ...{ name, url: granted.url },
      mayBePrivate: hostAllowed(new URL(granted.url), options.privateHosts ?? []),
    };
  const own = options.servers && Object.hasOwn(options.servers, name) ? options.servers[name] : undefined;
  if (!own)
    throw new AiosError(
      'MCP_NOT_CONFIGURED',
      `The operator has configured no MCP server ${JSON.stringify(name)}. Let it be added to agents.mcpServers, or give its url in the manifest.`,
    );
  return { name, ...own, mayBePrivate: true };
}

/** How a tool was granted. */
function usage(serverName: string, tool: string, grant: McpGrant): 'tools' | 'reads' | undefined {
  const named = (list: readonly string[]) => list.includes(tool) || list.includes(`${serverName}/${tool}`);
  if (named(grant.tools)) return 'tools';
  return named(grant.reads) ? 'reads' : undefined;
}

async function orReason<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof McpFailure ? error.reason : error;
  }
}

const reasonText = (error: unknown) => (error instanceof AiosError ? error.message : undefined);

/** @throws AiosError MCP_MALFORMED for what no guest can be handed */
function plain(name: string, value: unknown): Json {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // So deep that it cannot even be written.
    if (!(error instanceof RangeError)) throw error;
  }
  if (text === undefined || nestsDeeper(Buffer.from(text), maxDepth))
    throw new AiosError('MCP_MALFORMED', `${name} answered with more than ${maxDepth} levels. Ask for less.`);
  return JSON.parse(text) as Json;
}
