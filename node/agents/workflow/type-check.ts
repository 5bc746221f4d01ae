// Types of a workflow's values against the JSON Schemas of the agents it calls, at deployment. What is certainly wrong is told; what the
// schemas leave open is left to the run.
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import type { AgentCall, Field, Workflow, WorkflowNode } from './definition.ts';
import type { Expression, Reference } from './expressions.ts';

type Schema = Readonly<Record<string, Json>>;

/** What is known of an agent that is called. */
export interface AgentTypes {
  readonly input: Schema;
  readonly output: Schema;
}

/** JSON Schema of a value as far as it is known; `{}`: nothing is. */
const unknown: Schema = {};
const isObject = (value: Json | undefined): value is Schema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const schemaAt = (value: Json | undefined): Schema => (isObject(value) ? value : unknown);
const MOST_DEPTH = 24;

class Checker {
  readonly issues: string[] = [];
  readonly #workflow: Workflow;
  readonly #input: Schema;
  readonly #types: ReadonlyMap<string, AgentTypes>;

  constructor(workflow: Workflow, input: Schema, types: ReadonlyMap<string, AgentTypes>) {
    this.#workflow = workflow;
    this.#input = input;
    this.#types = types;
  }

  check(output: Schema): void {
    for (const node of this.#workflow.nodes) {
      const { work, compensate } = node;
      if (work.kind === 'run') this.#call(work, unknown);
      if (work.kind === 'map') {
        const list = this.#typeOf(work.over.expression, unknown, unknown);
        this.#kind(work.over.field, list.schema, ['array'], 'a map goes over an array');
        this.#call(work, schemaAt(list.schema.items));
      }
      if (work.kind === 'branch') {
        for (const { when } of work.cases)
          this.#kind(
            when.field,
            this.#typeOf(when.expression, unknown, unknown).schema,
            ['boolean'],
            'a condition is true or false',
          );
      }
      if (work.kind === 'delay')
        this.#kind(
          work.ms.field,
          this.#typeOf(work.ms.expression, unknown, unknown).schema,
          ['number'],
          'a delay is a number of milliseconds',
        );
      if (compensate?.kind === 'run') this.#call(compensate, unknown, this.#outputOf(node));
    }
    this.#fits(
      this.#workflow.output,
      this.#workflow.output.expression,
      output,
      unknown,
      unknown,
      'output in agent.json',
    );
  }

  #call({ agent, deployment, input }: AgentCall, item: Schema, own: Schema = unknown): void {
    const types = this.#types.get(deployment);
    if (types) this.#fits(input, input.expression, types.input, item, own, `the input of ${agent}`);
  }

  #outputOf({ work }: WorkflowNode): Schema {
    switch (work.kind) {
      case 'run':
        return this.#types.get(work.deployment)?.output ?? unknown;
      case 'map':
        return { type: 'array', items: this.#types.get(work.deployment)?.output ?? unknown };
      case 'branch':
        return { type: 'string' };
      case 'approval':
        return {
          type: 'object',
          properties: {
            approved: { type: 'boolean' },
            by: { type: 'string' },
            note: { type: ['string', 'null'] },
          },
          additionalProperties: false,
        };
      case 'signal':
        return {
          type: 'object',
          properties: { payload: {}, by: { type: 'string' } },
          additionalProperties: false,
        };
      case 'message':
        return {
          type: 'object',
          properties: {
            id: { type: 'string' },
            topic: { type: 'string' },
            from: { type: 'string' },
            body: {},
          },
          additionalProperties: false,
        };
      default:
        return unknown;
    }
  }

  /** The schema of an expression's value; `missing` when a reference leads to what certainly is not there. */
  #typeOf(
    expression: Expression,
    item: Schema,
    own: Schema,
  ): { readonly schema: Schema; readonly missing?: string } {
    switch (expression.kind) {
      case 'literal':
        return { schema: { type: typeNames(expression.value) } };
      case 'text':
        return { schema: { type: 'string' } };
      case 'array':
        return { schema: { type: 'array' } };
      case 'object':
        return { schema: { type: 'object' } };
      case 'reference':
        return this.#lookup(expression.reference, item, own);
      case 'operation': {
        const { operator } = expression;
        if (operator === 'first') return { schema: unknown };
        const number = operator === 'length' || operator === 'sum' || operator === 'product';
        return { schema: { type: number ? 'number' : 'boolean' } };
      }
    }
  }

  #lookup({ root, node, path, text }: Reference, item: Schema, own: Schema) {
    const source = this.#workflow.nodes.find(({ name }) => name === node);
    const start: Schema =
      root === 'nodes'
        ? source
          ? this.#outputOf(source)
          : unknown
        : { input: this.#input, item, index: { type: 'integer' }, output: own }[root];
    // What only one of several branches makes may be null: nothing certain is known of it.
    let schema = start;
    for (const step of path) {
      if ('$ref' in schema || 'anyOf' in schema || 'oneOf' in schema || 'allOf' in schema)
        return { schema: unknown };
      const types = typesOf(schema);
      if (typeof step === 'number') {
        if (types && !types.includes('array'))
          return {
            schema: unknown,
            missing: `\${${text}}: there is no [${step}] in what is ${types.join(' or ')}`,
          };
        schema = schemaAt(schema.items);
        continue;
      }
      if (types && !types.includes('object'))
        return {
          schema: unknown,
          missing: `\${${text}}: there is no ${step} in what is ${types.join(' or ')}`,
        };
      const properties = schemaAt(schema.properties);
      if (Object.hasOwn(properties, step)) schema = schemaAt(properties[step]);
      else if (schema.additionalProperties === false && !('patternProperties' in schema))
        return {
          schema: unknown,
          missing: `\${${text}}: there is no ${step}: it has ${Object.keys(properties).join(', ') || 'nothing'}`,
        };
      else schema = schemaAt(schema.additionalProperties);
    }
    return { schema };
  }

  #kind(field: string, schema: Schema, wanted: readonly string[], rule: string): void {
    const types = typesOf(schema);
    if (
      types &&
      !types.some((type) => wanted.includes(type) || (type === 'integer' && wanted.includes('number')))
    )
      this.issues.push(`${field}: ${rule}, and this is ${types.join(' or ')}`);
  }

  /** Whether a value can be what a schema asks for. */
  #fits(
    at: Field,
    expression: Expression,
    target: Schema,
    item: Schema,
    own: Schema,
    whose: string,
    path = '',
    depth = 0,
  ): void {
    if (depth > MOST_DEPTH || '$ref' in target) return;
    const place = `${at.field}${path}`;
    const { schema, missing } = this.#typeOf(expression, item, own);
    if (missing) this.issues.push(`${place}: ${missing}: refer to what is there`);
    const [have, want] = [typesOf(schema), typesOf(target)];
    if (have && want && !have.some((type) => accepts(want, type))) {
      this.issues.push(
        `${place}: it is ${have.join(' or ')}, and ${whose} asks for ${want.join(' or ')} here: convert it, or refer to something else`,
      );
      return;
    }
    if (expression.kind === 'object') {
      const properties = schemaAt(target.properties);
      const given = new Map(expression.entries);
      for (const required of Array.isArray(target.required) ? (target.required as readonly Json[]) : []) {
        if (!given.has(String(required)))
          this.issues.push(`${place}: ${whose} needs ${String(required)}: add it`);
      }
      for (const [key, value] of given) {
        if (Object.hasOwn(properties, key))
          this.#fits(at, value, schemaAt(properties[key]), item, own, whose, `${path}.${key}`, depth + 1);
        else if (target.additionalProperties === false && !('patternProperties' in target))
          this.issues.push(
            `${place}.${key}: ${whose} has no ${key}: remove it, or use one of ${Object.keys(properties).join(', ')}`,
          );
      }
    } else if (expression.kind === 'array') {
      for (const [index, value] of expression.items.entries())
        this.#fits(at, value, schemaAt(target.items), item, own, whose, `${path}[${index}]`, depth + 1);
    } else if (expression.kind === 'literal' && isObject(expression.value)) {
      const entries = Object.entries(expression.value).map(
        ([key, value]) => [key, { kind: 'literal', value }] as const,
      );
      this.#fits(at, { kind: 'object', entries }, target, item, own, whose, path, depth + 1);
    }
  }
}

function typeNames(value: Json): Json {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typesOf(schema: Schema): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? (type as readonly string[]) : undefined;
}

/** Whether one of the wanted types may hold a value of this one; a number may happen to be whole. */
function accepts(wanted: readonly string[], type: string): boolean {
  return (
    wanted.includes(type) ||
    (type === 'integer' && wanted.includes('number')) ||
    (type === 'number' && wanted.includes('integer'))
  );
}

/**
 * Checks what the nodes are given against the agents that are called.
 *
 * @param own schemas of the workflow's own manifest
 * @param types of the agents that are known, by the id of their deployment
 * @throws AiosError WORKFLOW_INVALID naming node, field and fix of each mistake
 */
export function checkWorkflowTypes(
  workflow: Workflow,
  own: AgentTypes,
  types: ReadonlyMap<string, AgentTypes>,
): void {
  const checker = new Checker(workflow, own.input, types);
  checker.check(own.output);
  if (checker.issues.length > 0)
    throw new AiosError('WORKFLOW_INVALID', checker.issues.slice(0, 10).join('; '), {
      details: { issues: checker.issues },
    });
}
