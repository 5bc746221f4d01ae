// What a workflow is, as its entry file says: agents by name, nodes with what each needs, and the output. Reading it checks all that can be
// known without the agents it calls: unknown nodes, circles, references to what is not earlier.
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { nestsDeeper } from '../runtime/json-depth.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Expression, parseExpression, type Reference, referencesOf } from './expressions.ts';

export const WORKFLOW_LIMITS = {
  bytes: 256 << 10,
  jsonDepth: 48,
  nodes: 200,
  agents: 64,
  mapItems: 1_000,
  mapConcurrency: 32,
  attempts: 10,
  waitMs: 366 * 86_400_000,
} as const;

/** A value with the field it was written in, for messages. */
export interface Field {
  readonly field: string;
  readonly expression: Expression;
}

export interface AgentCall {
  /** Id of the deployment that is called. */
  readonly deployment: string;
  /** Its name in this workflow. */
  readonly agent: string;
  readonly input: Field;
  /** What it may pay at most, smallest unit. */
  readonly budget: string;
}

export interface CapabilityCall {
  readonly capability: string;
  readonly args: Field;
}

export type Compensation =
  | ({ readonly kind: 'run' } & AgentCall)
  | ({ readonly kind: 'call' } & CapabilityCall);

export type NodeWork =
  | ({ readonly kind: 'run' } & AgentCall)
  | ({ readonly kind: 'call' } & CapabilityCall)
  | ({ readonly kind: 'map'; readonly over: Field; readonly concurrency: number } & AgentCall)
  | {
      readonly kind: 'branch';
      readonly cases: readonly { readonly name: string; readonly when: Field }[];
      readonly otherwise: string | null;
    }
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'message'; readonly topic: string; readonly where: Field }
  | {
      readonly kind: 'approval';
      readonly question: Field;
      readonly details: Field;
      /** What a "no" does: fail, or go on with `approved: false`. */
      readonly refused: 'fail' | 'continue';
    }
  | { readonly kind: 'delay'; readonly ms: Field };

export interface Need {
  readonly node: string;
  /** Of a branch: the case that must have been chosen. */
  readonly case: string | null;
}

export interface WorkflowNode {
  readonly name: string;
  readonly needs: readonly Need[];
  /** `all`: skipped when one of its needs was; `any`: skipped when all were. */
  readonly join: 'all' | 'any';
  readonly work: NodeWork;
  readonly retry: { readonly attempts: number; readonly delayMs: number };
  readonly timeoutMs: number | null;
  readonly compensate: Compensation | null;
}

export interface Workflow {
  /** Deployments by the names used here. */
  readonly agents: ReadonlyMap<string, string>;
  /** Each after all that it needs; among equals, as written. */
  readonly nodes: readonly WorkflowNode[];
  readonly output: Field;
}

const NODE_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,39}$/;
const name = z.string().regex(NODE_NAME, 'expected a letter, then up to 39 letters, digits, "_" or "-"');
const topic = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"');
const json: z.ZodType<Json> = z.json();
const budget = z
  .string()
  .regex(/^\d{1,60}$/, 'expected a decimal integer as text, in the smallest unit')
  .default('0');
const capability = z.string().regex(/^[a-z]+\.[a-z]+$/, 'expected a capability such as "message.send"');
const compensation = z.union(
  [
    z.strictObject({ run: name, input: json.default(null), budget }),
    z.strictObject({ call: capability, args: json.default(null) }),
  ],
  'expected { "run": agent, "input": … } or { "call": capability, "args": … }',
);
const shared = {
  needs: z
    .array(
      z
        .string()
        .regex(/^[a-zA-Z][a-zA-Z0-9_-]*(?::[a-zA-Z][a-zA-Z0-9_-]*)?$/, 'expected "node" or "branch:case"'),
    )
    .max(64)
    .default([]),
  join: z.enum(['all', 'any']).default('all'),
  compensate: compensation.optional(),
  retry: z
    .strictObject({
      attempts: z.int().min(1).max(WORKFLOW_LIMITS.attempts),
      delayMs: z.int().min(0).max(3_600_000).default(1_000),
    })
    .default({ attempts: 1, delayMs: 0 }),
  timeoutMs: z.int().min(1).max(WORKFLOW_LIMITS.waitMs).optional(),
} as const;
const kinds = {
  run: z.strictObject({ ...shared, run: name, input: json.default(null), budget }),
  call: z.strictObject({ ...shared, call: capability, args: json.default(null) }),
  map: z.strictObject({
    ...shared,
    map: z.strictObject({
      over: json,
      run: name,
      input: json.default('${item}'),
      concurrency: z.int().min(1).max(WORKFLOW_LIMITS.mapConcurrency).default(4),
      budget,
    }),
  }),
  branch: z.strictObject({
    ...shared,
    branch: z
      .array(z.strictObject({ name, when: json }))
      .min(1)
      .max(16),
    else: name.optional(),
  }),
  signal: z.strictObject({ ...shared, signal: z.strictObject({ name: topic }) }),
  message: z.strictObject({
    ...shared,
    message: z.strictObject({ topic, where: z.record(z.string(), json).default({}) }),
  }),
  approval: z.strictObject({
    ...shared,
    approval: z.strictObject({
      question: z.string().min(1).max(2_000),
      details: json.default(null),
      refused: z.enum(['fail', 'continue']).default('fail'),
    }),
  }),
  delay: z.strictObject({ ...shared, delay: z.strictObject({ ms: json }) }),
} as const;
type Kind = keyof typeof kinds;
type Parsed = { [K in Kind]: z.output<(typeof kinds)[K]> };

const top = z.strictObject({
  agents: z.record(name, z.string().regex(/^\d{1,18}$/, 'expected the id of a deployment')).default({}),
  nodes: z.record(name, z.record(z.string(), json)),
  output: json.default(null),
});

function refuse(issues: readonly string[]): never {
  throw new AiosError('WORKFLOW_INVALID', issues.join('; '), { details: { issues } });
}

/**
 * Reads a workflow.
 *
 * @param file how its file is called, for messages
 * @throws AiosError `WORKFLOW_INVALID` naming file, node, field and fix of each mistake
 */
export function readWorkflow(file: string, bytes: Uint8Array): Workflow {
  const { bytes: most, jsonDepth } = WORKFLOW_LIMITS;
  if (bytes.length > most) refuse([`${file}: it has ${bytes.length} bytes, ${most} are allowed`]);
  if (nestsDeeper(bytes, jsonDepth))
    refuse([`${file}: it nests deeper than ${jsonDepth} levels: flatten it`]);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    refuse([`${file}: it is not JSON in UTF-8: ${messageOf(error)}`]);
  }
  const parsed = top.safeParse(value);
  if (!parsed.success) refuse(issuesOf(file, parsed.error.issues));
  const { agents, nodes, output } = parsed.data;
  const count = Object.keys(nodes).length;
  if (count === 0 || count > WORKFLOW_LIMITS.nodes)
    refuse([`${file}: nodes: it has ${count}; 1 to ${WORKFLOW_LIMITS.nodes} are allowed`]);
  if (Object.keys(agents).length > WORKFLOW_LIMITS.agents)
    refuse([`${file}: agents: at most ${WORKFLOW_LIMITS.agents} are allowed`]);
  const issues: string[] = [];
  const read: WorkflowNode[] = [];
  for (const [node, source] of Object.entries(nodes)) {
    try {
      read.push(readNode(`${file}: nodes.${node}`, node, source, agents));
    } catch (error) {
      issues.push(messageOf(error));
    }
  }
  if (issues.length > 0) refuse(issues.slice(0, 10));
  const ordered = inOrder(file, read);
  const field: Field = { field: `${file}: output`, expression: parseExpression(`${file}: output`, output) };
  checkReferences(ordered, field);
  return { agents: new Map(Object.entries(agents)), nodes: ordered, output: field };
}

function issuesOf(at: string, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues
    .slice(0, 10)
    .map(
      ({ path, message }) =>
        `${at}${path.length > 0 ? (at.includes('nodes.') ? '.' : ': ') : ''}${path.join('.')}: ${message}`,
    );
}

function readNode(
  at: string,
  node: string,
  source: Readonly<Record<string, Json>>,
  agents: Readonly<Record<string, string>>,
): WorkflowNode {
  const kind = (Object.keys(kinds) as Kind[]).filter((key) => Object.hasOwn(source, key));
  const [only] = kind;
  if (kind.length !== 1 || !only)
    refuse([
      `${at}: a node has one of ${Object.keys(kinds).join(', ')}; this one has ${kind.length === 0 ? 'none' : kind.join(' and ')}`,
    ]);
  const result = kinds[only].safeParse(source);
  if (!result.success) refuse(issuesOf(at, result.error.issues));
  const data = result.data as Parsed[Kind];
  const value = (field: string, expression: Json): Field => ({
    field: `${at}.${field}`,
    expression: parseExpression(`${at}.${field}`, expression),
  });
  const agentCall = (
    field: string,
    call: { readonly run: string; readonly input: Json; readonly budget: string },
  ): AgentCall => {
    const deployment = Object.hasOwn(agents, call.run) ? agents[call.run] : undefined;
    if (deployment === undefined)
      refuse([
        `${at}.${field}run: there is no agent ${call.run}: add it to agents with the id of its deployment`,
      ]);
    return { deployment, agent: call.run, input: value(`${field}input`, call.input), budget: call.budget };
  };
  const work = (): NodeWork => {
    if ('run' in data) return { kind: 'run', ...agentCall('', data) };
    if ('call' in data) return { kind: 'call', capability: data.call, args: value('args', data.args) };
    if ('map' in data) {
      const { over, concurrency, ...call } = data.map;
      return { kind: 'map', over: value('map.over', over), concurrency, ...agentCall('map.', call) };
    }
    if ('branch' in data) {
      const cases = data.branch.map((choice, index) => ({
        name: choice.name,
        when: value(`branch[${index}].when`, choice.when),
      }));
      return { kind: 'branch', cases, otherwise: data.else ?? null };
    }
    if ('signal' in data) return { kind: 'signal', name: data.signal.name };
    if ('message' in data)
      return {
        kind: 'message',
        topic: data.message.topic,
        where: value('message.where', data.message.where),
      };
    if ('approval' in data) {
      const { question, details, refused } = data.approval;
      return {
        kind: 'approval',
        question: value('approval.question', question),
        details: value('approval.details', details),
        refused,
      };
    }
    return { kind: 'delay', ms: value('delay.ms', data.delay.ms) };
  };
  const { compensate } = data;
  return {
    name: node,
    needs: data.needs.map((need) => {
      const [before = '', choice] = need.split(':');
      return { node: before, case: choice ?? null };
    }),
    join: data.join,
    work: work(),
    retry: data.retry,
    timeoutMs: data.timeoutMs ?? null,
    compensate: !compensate
      ? null
      : 'run' in compensate
        ? { kind: 'run', ...agentCall('compensate.', compensate) }
        : { kind: 'call', capability: compensate.call, args: value('compensate.args', compensate.args) },
  };
}

/** Each node after its needs. @throws AiosError WORKFLOW_INVALID for unknown nodes and cases, and for circles */
function inOrder(file: string, nodes: readonly WorkflowNode[]): readonly WorkflowNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const issues: string[] = [];
  for (const { name: node, needs } of nodes) {
    for (const need of needs) {
      const at = `${file}: nodes.${node}.needs`;
      const before = byName.get(need.node);
      if (!before)
        issues.push(
          `${at}: there is no node ${need.node}: name one of ${[...byName.keys()].slice(0, 20).join(', ')}`,
        );
      else if (need.case !== null) {
        const cases = before.work.kind === 'branch' ? casesOf(before.work) : [];
        if (!cases.includes(need.case))
          issues.push(
            cases.length === 0
              ? `${at}: ${need.node} is no branch: write "${need.node}" without ":${need.case}"`
              : `${at}: branch ${need.node} has no case ${need.case}: name one of ${cases.join(', ')}`,
          );
      }
    }
  }
  if (issues.length > 0) refuse(issues.slice(0, 10));
  const ordered: WorkflowNode[] = [];
  const placed = new Set<string>();
  let waiting = nodes;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((need) => placed.has(need.node)));
    if (ready.length === 0) {
      const circle = circleIn(waiting);
      refuse([
        `${file}: nodes.${circle[0]}.needs: it needs itself, by way of ${circle.join(' → ')}: remove one of these needs`,
      ]);
    }
    for (const node of ready) {
      placed.add(node.name);
      ordered.push(node);
    }
    waiting = waiting.filter(({ name: node }) => !placed.has(node));
  }
  return ordered;
}

export function casesOf(work: NodeWork & { readonly kind: 'branch' }): readonly string[] {
  return [...work.cases.map((choice) => choice.name), ...(work.otherwise === null ? [] : [work.otherwise])];
}

/** A circle among nodes of which each needs another of them. */
function circleIn(nodes: readonly WorkflowNode[]): readonly string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const path: string[] = [];
  let at = nodes[0];
  while (at && !path.includes(at.name)) {
    path.push(at.name);
    at = at.needs.map((need) => byName.get(need.node)).find((node) => node !== undefined);
  }
  const circle = path.slice(path.indexOf(at?.name ?? ''));
  return [...circle, circle[0] ?? ''];
}

/** Fields of a node, each with what it may refer to besides the workflow's input and earlier nodes. */
function* fieldsOf(
  node: WorkflowNode,
): Generator<{ readonly value: Field; readonly extra: readonly Reference['root'][]; readonly own: boolean }> {
  const plain = (value: Field) => ({ value, extra: [], own: false });
  const { work, compensate } = node;
  if (work.kind === 'run') yield plain(work.input);
  else if (work.kind === 'call') yield plain(work.args);
  else if (work.kind === 'map') {
    yield plain(work.over);
    yield { value: work.input, extra: ['item', 'index'], own: false };
  } else if (work.kind === 'branch') for (const choice of work.cases) yield plain(choice.when);
  else if (work.kind === 'message') yield plain(work.where);
  else if (work.kind === 'approval') {
    yield plain(work.question);
    yield plain(work.details);
  } else if (work.kind === 'delay') yield plain(work.ms);
  if (compensate)
    yield {
      value: compensate.kind === 'run' ? compensate.input : compensate.args,
      extra: ['output'],
      own: true,
    };
}

/** @throws AiosError WORKFLOW_INVALID for references to nodes that are not there or not earlier */
function checkReferences(nodes: readonly WorkflowNode[], output: Field): void {
  const issues: string[] = [];
  const names = new Set(nodes.map((node) => node.name));
  const ancestors = ancestorsOf(nodes);
  const check = (
    { field, expression }: Field,
    seen: ReadonlySet<string>,
    extra: readonly Reference['root'][],
  ) => {
    for (const { root, node, text } of referencesOf(expression)) {
      if (root === 'nodes') {
        if (!names.has(node ?? '')) issues.push(`${field}: \${${text}}: there is no node ${node}`);
        else if (!seen.has(node ?? ''))
          issues.push(`${field}: \${${text}}: ${node} is not earlier than this: add "${node}" to its needs`);
      } else if (root !== 'input' && !extra.includes(root)) {
        const where = root === 'output' ? 'in compensate' : "in a map's input";
        issues.push(`${field}: \${${text}}: there is ${root} only ${where}`);
      }
    }
  };
  for (const node of nodes) {
    const before = ancestors.get(node.name) ?? new Set();
    for (const { value, extra, own } of fieldsOf(node))
      check(value, own ? new Set([...before, node.name]) : before, extra);
  }
  check(output, names, []);
  if (issues.length > 0) refuse(issues.slice(0, 10));
}

/** Topics of messages that its nodes wait for. */
export function topicsOf({ nodes }: Workflow): string[] {
  return [...new Set(nodes.flatMap(({ work }) => (work.kind === 'message' ? [work.topic] : [])))];
}

export function ancestorsOf(nodes: readonly WorkflowNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { name: node, needs } of nodes) {
    const all = new Set<string>();
    for (const need of needs) {
      all.add(need.node);
      for (const further of ancestors.get(need.node) ?? []) all.add(further);
    }
    ancestors.set(node, all);
  }
  return ancestors;
}
