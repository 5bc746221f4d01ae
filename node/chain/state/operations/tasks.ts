// Work of agents that is paid for in advance: an amount set aside until it is settled or given back. A task's id is never used again.
import { hexOf } from '../../types/identifiers.ts';
import type { Operation } from '../../types/operation.ts';
import type { BlockContext } from '../block-context.ts';
import { ExecutionFailure, type Outcome } from '../execution-failure.ts';
import type { Task } from '../records.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

export function escrowTask(context: BlockContext, operation: OperationOf<'taskEscrow'>): Outcome {
  const { task, agent, amount, untilRound } = operation;
  const { tasks } = context.state;
  if (tasks.get(hexOf(task))) return ExecutionFailure.taskExists;
  if (untilRound < BigInt(context.round)) return ExecutionFailure.taskRoundPassed;
  if (!context.debitSender(amount)) return ExecutionFailure.insufficientBalance;
  tasks.set(hexOf(task), { payer: context.sender, agent, amount, untilRound, status: 'open' });
  context.move({ escrowed: amount });
  context.emit({
    kind: 'taskEscrowed',
    task,
    payer: context.senderName,
    agent: hexOf(agent),
    amount,
    untilRound,
  });
  return undefined;
}

export function settleTask(context: BlockContext, operation: OperationOf<'taskSettle'>): Outcome {
  const { task: id, amount: paid, result } = operation;
  const { state } = context;
  const task = state.tasks.get(hexOf(id));
  if (!task) return ExecutionFailure.taskUnknown;
  if (task.status !== 'open') return ExecutionFailure.taskOver;
  if (!isSame(task.payer, context.sender)) return ExecutionFailure.taskNotYours;
  if (paid > task.amount) return ExecutionFailure.taskTooMuch;
  const returned = task.amount - paid;
  state.tasks.set(hexOf(id), { ...task, status: 'settled' });
  context.move({ escrowed: -task.amount });
  state.credit(task.agent, paid);
  state.credit(task.payer, returned);
  context.emit({ kind: 'taskSettled', task: id, ...partiesOf(task), paid, returned, result });
  return undefined;
}

/** Gives all back: by the agent at any time, by who pays once the task's last round is over. */
export function refundTask(context: BlockContext, { task: id }: OperationOf<'taskRefund'>): Outcome {
  const { state } = context;
  const task = state.tasks.get(hexOf(id));
  if (!task) return ExecutionFailure.taskUnknown;
  if (task.status !== 'open') return ExecutionFailure.taskOver;
  if (!isSame(task.agent, context.sender)) {
    if (!isSame(task.payer, context.sender)) return ExecutionFailure.taskNotYours;
    if (BigInt(context.round) <= task.untilRound) return ExecutionFailure.taskRoundNotOver;
  }
  state.tasks.set(hexOf(id), { ...task, status: 'refunded' });
  context.move({ escrowed: -task.amount });
  state.credit(task.payer, task.amount);
  context.emit({ kind: 'taskRefunded', task: id, ...partiesOf(task), amount: task.amount });
  return undefined;
}

const partiesOf = ({ payer, agent }: Task) => ({ payer: hexOf(payer), agent: hexOf(agent) });

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
