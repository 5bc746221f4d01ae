// Walks a workflow: begins what is ready, waits for whichever of the open things ends first, and on failure undoes what was done. It asks the
// world one question after the other; what runs at the same time are the things it has opened, and the order in which they ended is an
// answer like any other. So the same answers always lead to the same walk.
import { AiosError } from '#node/platform/errors.ts';
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import {
  type AgentCall,
  casesOf,
  type Field,
  type NodeWork,
  WORKFLOW_LIMITS,
  type Workflow,
  type WorkflowNode,
} from './definition.ts';
import { Evaluation, kindOf, type Scope } from './expressions.ts';

/** The world as the interpreter sees it. Both throw what ends the run. */
export interface WorkflowWorld {
  /** Asks and waits for the answer. */
  ask(capability: string, args: Json): Promise<{ readonly step: number; readonly answer: HostAnswer }>;
  /** Begins something. @returns its step, by which `wait.any` tells of its end */
  open(capability: string, args: Json): Promise<number>;
  /** Counts work. */
  spend(gas: number): void;
  log(level: 'info' | 'warn', text: string): void;
}

export type NodeStatus =
  | 'pending'
  | 'running'
  | 'completed'
  | 'failed'
  | 'skipped'
  /** Let go because another node had failed. */
  | 'cancelled'
  | 'compensating'
  | 'compensated'
  | 'compensation_failed';

export interface NodeFailure {
  readonly code: string;
  readonly message: string;
}

/** How far a node is. */
export interface NodeState {
  readonly name: string;
  readonly kind: NodeWork['kind'];
  status: NodeStatus;
  /** Times its work was begun; of a map, that of the item that was begun most often. */
  attempts: number;
  output: Json;
  /** Of a branch: which case was chosen. */
  chosen: string | null;
  error: NodeFailure | null;
  /** Steps of the run's journal that belong to it. */
  readonly steps: number[];
  /** Of a map: how many items there are, and are done. */
  items: { readonly total: number; done: number } | null;
}

export type WorkflowResult =
  | { readonly status: 'completed'; readonly output: Json }
  | { readonly status: 'failed'; readonly failure: NodeFailure };

interface Open {
  readonly state: NodeState;
  readonly node: WorkflowNode;
  readonly purpose: 'work' | 'retry' | 'timeout';
  /** Of a map. */
  readonly item: number | null;
}

interface MapProgress {
  readonly items: readonly Json[];
  readonly outputs: Json[];
  readonly attempts: number[];
  next: number;
  active: number;
  done: number;
}

const GAS = { node: 10, answer: 5 } as const;
const longestDelay = 3_600_000;

export class Interpreter {
  readonly states: ReadonlyMap<string, NodeState>;
  readonly #workflow: Workflow;
  readonly #input: Json;
  readonly #world: WorkflowWorld;
  readonly #outputs = new Map<string, Json>();
  readonly #open = new Map<number, Open>();
  readonly #maps = new Map<string, MapProgress>();
  /** In the order in which they were completed. */
  readonly #completed: WorkflowNode[] = [];
  #failure: (NodeFailure & { readonly node: string }) | undefined;

  constructor(workflow: Workflow, input: Json, world: WorkflowWorld) {
    this.#workflow = workflow;
    this.#input = input;
    this.#world = world;
    this.states = new Map(
      workflow.nodes.map((node) => [
        node.name,
        {
          ...{ name: node.name, kind: node.work.kind, status: 'pending', attempts: 0, output: null },
          ...{ chosen: null, error: null, steps: [], items: null },
        },
      ]),
    );
  }

  /** Walks to the end. Throws only what the world throws. */
  async run(): Promise<WorkflowResult> {
    await this.#beginReady();
    while (this.#open.size > 0) {
      for (const [step, answer] of await this.#arrivals([...this.#open.keys()]))
        await this.#arrived(step, answer);
      await this.#beginReady();
    }
    if (this.#failure) return this.#undo(this.#failure);
    try {
      return { status: 'completed', output: this.#evaluate(this.#workflow.output, {}) };
    } catch (error) {
      return this.#undo({ node: 'output', ...failureOf(error) });
    }
  }

  // ------------------------------------------------------------------ what is ready

  /** Begins every node whose needs are settled; what ends at once may make others ready. */
  async #beginReady(): Promise<void> {
    let again = true;
    while (again && !this.#failure) {
      again = false;
      for (const node of this.#workflow.nodes) {
        const state = this.#state(node);
        if (this.#failure || state.status !== 'pending') continue;
        const needs = node.needs.map((need) => this.#settled(need.node, need.case));
        if (needs.includes('open')) continue;
        again = true;
        const alive = needs.filter((need) => need === 'alive').length;
        const runs = needs.length === 0 || (node.join === 'any' ? alive > 0 : alive === needs.length);
        if (!runs) {
          state.status = 'skipped';
          continue;
        }
        this.#world.spend(GAS.node);
        state.status = 'running';
        await this.#guarded(node, () => this.#begin(node, state));
      }
    }
  }

  #settled(name: string, choice: string | null): 'open' | 'alive' | 'dead' {
    const state = this.states.get(name);
    if (state?.status === 'skipped') return 'dead';
    if (state?.status !== 'completed') return 'open';
    return choice === null || state.chosen === choice ? 'alive' : 'dead';
  }

  async #begin(node: WorkflowNode, state: NodeState): Promise<void> {
    const { work } = node;
    if (work.kind === 'branch') {
      const choice = work.cases.find(({ when }) => this.#condition(when));
      const chosen = choice?.name ?? work.otherwise;
      if (chosen === null)
        throw new AiosError('NO_CASE', `none of the cases ${casesOf(work).join(', ')} holds: add "else"`);
      state.chosen = chosen;
      return this.#complete(node, state, chosen);
    }
    if (work.kind === 'map') {
      const items = this.#evaluate(work.over, {});
      if (!Array.isArray(items))
        throw new AiosError(
          'EXPRESSION_FAILED',
          `${work.over.field}: a map goes over an array, not ${kindOf(items)}`,
        );
      const list = items as readonly Json[];
      if (list.length > WORKFLOW_LIMITS.mapItems)
        throw new AiosError(
          'MAP_TOO_LARGE',
          `${work.over.field}: ${list.length} items; at most ${WORKFLOW_LIMITS.mapItems} are allowed: split them`,
        );
      state.items = { total: list.length, done: 0 };
      this.#maps.set(node.name, {
        items: list,
        outputs: list.map(() => null),
        attempts: list.map(() => 0),
        next: 0,
        active: 0,
        done: 0,
      });
      if (list.length === 0) return this.#complete(node, state, []);
      await this.#moreItems(node, state);
    } else await this.#attempt(node, state, null);
    if (node.timeoutMs !== null && state.status === 'running')
      await this.#opened({ node, state, purpose: 'timeout', item: null }, 'wait.delay', {
        ms: node.timeoutMs,
      });
  }

  /** Begins the work of a node, or of an item of a map, once. */
  async #attempt(node: WorkflowNode, state: NodeState, item: number | null): Promise<void> {
    const { work } = node;
    const open = (capability: string, args: Json) =>
      this.#opened({ node, state, purpose: 'work', item }, capability, args);
    const map = this.#maps.get(node.name);
    if (map && item !== null) {
      map.attempts[item] = (map.attempts[item] ?? 0) + 1;
      state.attempts = Math.max(state.attempts, map.attempts[item] ?? 0);
    } else state.attempts += 1;
    switch (work.kind) {
      case 'run':
        return open('agent.call', this.#callArgs(work, {}));
      case 'map':
        return open(
          'agent.call',
          this.#callArgs(work, { item: map?.items[item ?? 0] ?? null, index: item ?? 0 }),
        );
      case 'call': {
        const answer = await this.#ask(state, work.capability, this.#evaluate(work.args, {}));
        return this.#worked(node, state, null, answer);
      }
      case 'approval': {
        const question = this.#evaluate(work.question, {});
        const text = typeof question === 'string' ? question : JSON.stringify(question);
        return open('approval.ask', {
          question: text.slice(0, 2_000),
          details: this.#evaluate(work.details, {}),
        });
      }
      case 'signal':
        return open('wait.signal', { name: work.name });
      case 'message':
        return open('wait.message', { topic: work.topic, where: this.#evaluate(work.where, {}) });
      case 'delay': {
        const ms = this.#evaluate(work.ms, {});
        if (typeof ms !== 'number' || !(ms >= 0) || ms > WORKFLOW_LIMITS.waitMs)
          throw new AiosError(
            'EXPRESSION_FAILED',
            `${work.ms.field}: a delay is 0 to ${WORKFLOW_LIMITS.waitMs} ms`,
          );
        return open('wait.delay', { ms: Math.round(ms) });
      }
    }
  }

  #callArgs(work: AgentCall, extra: Partial<Scope>): Json {
    return { deployment: work.deployment, input: this.#evaluate(work.input, extra), budget: work.budget };
  }

  async #moreItems(node: WorkflowNode, state: NodeState): Promise<void> {
    const map = this.#maps.get(node.name);
    if (!map || node.work.kind !== 'map') return;
    while (!this.#failure && map.active < node.work.concurrency && map.next < map.items.length) {
      const item = map.next++;
      map.active += 1;
      await this.#attempt(node, state, item);
    }
  }

  // ------------------------------------------------------------------ what ends

  async #arrived(step: number, answer: HostAnswer): Promise<void> {
    this.#world.spend(GAS.answer);
    const open = this.#open.get(step);
    this.#open.delete(step);
    if (!open) return;
    const { node, state, purpose, item } = open;
    if (state.status !== 'running') {
      // What a map's other items did counts, though the map has failed.
      const map = this.#maps.get(node.name);
      if (map && item !== null && purpose === 'work' && 'ok' in answer)
        this.#itemDone(map, state, item, outputOf(node.work, answer.ok));
      return;
    }
    await this.#guarded(node, async () => {
      if (purpose === 'work') return this.#worked(node, state, item, answer);
      if (purpose === 'timeout') {
        await this.#drop((other) => other.node === node);
        throw new AiosError(
          'TIMED_OUT',
          `it took longer than ${node.timeoutMs} ms: raise timeoutMs, or look at what it waits for`,
        );
      }
      return this.#attempt(node, state, item);
    });
  }

  /** The work of a node, or of an item, was answered. */
  async #worked(
    node: WorkflowNode,
    state: NodeState,
    item: number | null,
    answer: HostAnswer,
  ): Promise<void> {
    const map = this.#maps.get(node.name);
    if ('error' in answer) {
      const attempts = map && item !== null ? (map.attempts[item] ?? 1) : state.attempts;
      if (!this.#failure && attempts < node.retry.attempts) {
        const ms = Math.min(longestDelay, node.retry.delayMs * 2 ** (attempts - 1));
        this.#world.log(
          'warn',
          `${node.name}: ${answer.error.code}; attempt ${attempts + 1} follows in ${ms} ms`,
        );
        return this.#opened({ node, state, purpose: 'retry', item }, 'wait.delay', { ms });
      }
      if (map) map.active -= 1;
      throw new AiosError(answer.error.code, answer.error.message);
    }
    const output = outputOf(node.work, answer.ok);
    if (
      node.work.kind === 'approval' &&
      node.work.refused === 'fail' &&
      (output as { approved?: Json }).approved !== true
    )
      throw new AiosError('NOT_APPROVED', `${(output as { by?: string }).by ?? 'somebody'} did not approve.`);
    if (!map || item === null) return this.#complete(node, state, output);
    this.#itemDone(map, state, item, output);
    if (map.done === map.items.length) return this.#complete(node, state, map.outputs);
    await this.#moreItems(node, state);
  }

  #itemDone(map: MapProgress, state: NodeState, item: number, output: Json): void {
    map.outputs[item] = output;
    map.active -= 1;
    map.done += 1;
    if (state.items) state.items.done = map.done;
  }

  async #complete(node: WorkflowNode, state: NodeState, output: Json): Promise<void> {
    state.status = 'completed';
    state.output = output;
    this.#outputs.set(node.name, output);
    this.#completed.push(node);
    await this.#drop((open) => open.node === node);
    this.#world.log('info', `${node.name}: completed`);
  }

  /** What a node throws is its failure; what the world throws ends the run. */
  async #guarded(node: WorkflowNode, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      const state = this.#state(node);
      if (state.status === 'failed') return;
      const failure = { code: error.code, message: error.message };
      state.status = 'failed';
      state.error = failure;
      this.#world.log('warn', `${node.name}: failed: ${error.code}`);
      this.#failure ??= { node: node.name, ...failure };
      // Agents that run are waited for, since what they have done must be known; everything else is let go.
      await this.#drop(
        ({ purpose, state: { kind } }) => purpose === 'retry' || (kind !== 'run' && kind !== 'map'),
      );
    }
  }

  // ------------------------------------------------------------------ undoing

  async #undo(failure: NodeFailure & { readonly node: string }): Promise<WorkflowResult> {
    const left: string[] = [];
    for (const state of this.states.values()) {
      if (state.status === 'running') state.status = 'cancelled';
      if (state.status === 'pending') state.status = 'skipped';
    }
    // A map that did not come to its end has done something if any of its items was.
    const partly = this.#workflow.nodes.filter(
      (node) => !this.#completed.includes(node) && (this.#maps.get(node.name)?.done ?? 0) > 0,
    );
    for (const node of [...this.#completed, ...partly].toReversed()) {
      if (!node.compensate) continue;
      const state = this.#state(node);
      if (partly.includes(node)) state.output = this.#maps.get(node.name)?.outputs ?? null;
      state.status = 'compensating';
      const problem = await this.#compensate(node, state);
      state.status = problem ? 'compensation_failed' : 'compensated';
      this.#world.log(
        problem ? 'warn' : 'info',
        `${node.name}: ${problem ? `compensation failed: ${problem.code}` : 'compensated'}`,
      );
      if (!problem) continue;
      state.error = problem;
      left.push(`${node.name} (${problem.code})`);
    }
    const rest = left.length > 0 ? ` What could not be undone: ${left.join(', ')}.` : '';
    return {
      status: 'failed',
      failure: {
        code: failure.code,
        message: `${failure.node}: ${failure.code}: ${failure.message}${rest}`.slice(0, 4_000),
      },
    };
  }

  /** Undoes one node, as often as its retry policy says. @returns why it could not */
  async #compensate(node: WorkflowNode, state: NodeState): Promise<NodeFailure | undefined> {
    const { compensate, retry } = node;
    if (!compensate) return undefined;
    for (let attempt = 1; ; attempt += 1) {
      let answer: HostAnswer;
      try {
        this.#world.spend(GAS.node);
        const extra = { output: state.output };
        answer =
          compensate.kind === 'call'
            ? await this.#ask(state, compensate.capability, this.#evaluate(compensate.args, extra))
            : await this.#alone(state, 'agent.call', this.#callArgs(compensate, extra));
      } catch (error) {
        return failureOf(error);
      }
      if ('ok' in answer) return undefined;
      if (attempt >= retry.attempts) return answer.error;
      await this.#alone(state, 'wait.delay', {
        ms: Math.min(longestDelay, retry.delayMs * 2 ** (attempt - 1)),
      });
    }
  }

  // ------------------------------------------------------------------ the world

  async #ask(state: NodeState, capability: string, args: Json): Promise<HostAnswer> {
    const { step, answer } = await this.#world.ask(capability, args);
    state.steps.push(step);
    return answer;
  }

  async #opened(open: Open, capability: string, args: Json): Promise<void> {
    const step = await this.#world.open(capability, args);
    open.state.steps.push(step);
    this.#open.set(step, open);
  }

  /** Opens one thing and waits for it alone. */
  async #alone(state: NodeState, capability: string, args: Json): Promise<HostAnswer> {
    const step = await this.#world.open(capability, args);
    state.steps.push(step);
    for (const [arrived, answer] of await this.#arrivals([step])) if (arrived === step) return answer;
    throw new Error('wait.any told of something else than was asked for');
  }

  async #arrivals(steps: readonly number[]): Promise<readonly (readonly [number, HostAnswer])[]> {
    const { answer } = await this.#world.ask('wait.any', { steps: [...steps] });
    if ('error' in answer) throw new Error(`wait.any: ${answer.error.message}`);
    return (answer.ok as readonly { readonly step: number; readonly answer: HostAnswer }[]).map((arrival) => [
      arrival.step,
      arrival.answer,
    ]);
  }

  #forget(which: (open: Open) => boolean): readonly number[] {
    const steps = [...this.#open].filter(([, open]) => which(open)).map(([step]) => step);
    for (const step of steps) this.#open.delete(step);
    return steps;
  }

  /** Lets go of what is open, so that nobody answers it any more. */
  async #drop(which: (open: Open) => boolean): Promise<void> {
    const dropped = this.#forget(which);
    if (dropped.length > 0) await this.#world.ask('wait.drop', { steps: dropped });
  }

  #state(node: WorkflowNode): NodeState {
    return this.states.get(node.name) as NodeState;
  }

  #evaluate({ field, expression }: Field, extra: Partial<Scope>): Json {
    const evaluation = new Evaluation(field, { input: this.#input, nodes: this.#outputs, ...extra });
    try {
      return evaluation.value(expression);
    } finally {
      this.#world.spend(evaluation.steps);
    }
  }

  #condition({ field, expression }: Field): boolean {
    const evaluation = new Evaluation(field, { input: this.#input, nodes: this.#outputs });
    try {
      return evaluation.condition(expression);
    } finally {
      this.#world.spend(evaluation.steps);
    }
  }
}

/** What later nodes see of an answer: of an agent its output alone. */
function outputOf(work: NodeWork, ok: Json): Json {
  if (work.kind !== 'run' && work.kind !== 'map') return ok;
  return (ok as { readonly output?: Json }).output ?? null;
}

function failureOf(error: unknown): NodeFailure {
  if (error instanceof AiosError) return { code: error.code, message: error.message };
  throw error;
}
