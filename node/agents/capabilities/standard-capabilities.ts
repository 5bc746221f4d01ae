// All capabilities of the product, put together from what the operator hands in.
import type pg from 'pg';
import type { Capability } from './capability.ts';
import { graphqlCapability, type OperationExecutor } from './graphql.ts';
import { type HttpOptions, httpCapability } from './http.ts';
import { type LlmEndpoint, llmCapability } from './llm.ts';
import { type McpOptions, mcpCapabilities } from './mcp.ts';
import { messageCapability } from './messages.ts';
import { agentCapability, approvalCapability, scheduleCapability } from './own-runs.ts';
import { type PaymentExecutor, payCapability } from './pay.ts';
import { type ProofRequester, proveCapability } from './prove.ts';
import { storageCapabilities } from './storage.ts';
import { waitCapabilities } from './waits.ts';

export interface StandardCapabilitiesOptions {
  readonly pool: pg.Pool;
  readonly http?: HttpOptions;
  readonly llm?: LlmEndpoint;
  readonly mcp?: McpOptions;
  /** Absent: `graphql.run` is unknown here. */
  readonly graphql?: OperationExecutor;
  /** Absent: `pay.send` is unknown here. */
  readonly pay?: PaymentExecutor;
  /** Absent: `prove.request` is unknown here. */
  readonly prove?: ProofRequester;
}

export function standardCapabilities(options: StandardCapabilitiesOptions): readonly Capability[] {
  const { pool, graphql, pay, prove } = options;
  return [
    ...storageCapabilities(pool),
    httpCapability(options.http),
    llmCapability(options.llm),
    ...mcpCapabilities(options.mcp),
    messageCapability(),
    scheduleCapability(),
    agentCapability(),
    approvalCapability(),
    ...waitCapabilities(),
    ...(graphql ? [graphqlCapability(graphql)] : []),
    ...(pay ? [payCapability({ pool, execute: pay })] : []),
    ...(prove ? [proveCapability(prove)] : []),
  ];
}
