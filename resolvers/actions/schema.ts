// The GraphQL types every action shares: how long to wait, and what became of the transaction.
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';
import type { ActionTransaction, UnsignedTransaction } from './action-runner.ts';

/** Adds them to a subgraph's builder. They are the same in every subgraph that acts, hence shareable. */
export function defineActionTypes<Context extends OperationContext>(builder: Builder<Context>) {
  const WaitFor = builder.enumType('WaitFor', {
    description: 'How far to follow a transaction before answering; never longer than 30 seconds.',
    values: {
      SUBMITTED: { description: 'The chain has accepted it for inclusion.' },
      INCLUDED: { description: 'It is in a block.' },
      INDEXED: { description: 'Its result can be queried; only then is the entity in the payload set.' },
    } as const,
  });
  const Status = builder.enumType('TransactionStatus', {
    description: 'How far a transaction has come.',
    values: {
      UNSIGNED: { description: "Nothing was sent: it is for the user's wallet to sign, or it was refused." },
      SUBMITTED: { description: 'Accepted for inclusion.' },
      INCLUDED: { description: 'In a block.' },
      INDEXED: { description: 'In a block, and its result can be queried.' },
      REVERTED: { description: 'In a block, but the contract refused it.' },
    } as const,
  });
  const Unsigned = builder.objectRef<UnsignedTransaction>('UnsignedTransaction');
  builder.objectType(Unsigned, {
    shareable: true,
    description: "A transaction for the user's own wallet.",
    fields: (t) => ({
      to: t.exposeString('to', { description: 'Contract, lower-case 0x hex.' }),
      data: t.exposeString('data', { description: 'Call data, 0x hex.' }),
      value: t.string({ description: 'Wei, decimal.', resolve: ({ value }) => value.toString() }),
      chainId: t.exposeInt('chainId', { description: 'The chain it is for.' }),
      summary: t.exposeString('summary', { description: 'What it does, in words.' }),
      final: t.exposeBoolean('final', {
        description:
          'False for a preparation, such as an approval: once it is included, call the mutation again.',
      }),
    }),
  });
  const Transaction = builder.objectRef<ActionTransaction>('ActionTransaction');
  builder.objectType(Transaction, {
    shareable: true,
    description: 'The transaction of an action.',
    fields: (t) => ({
      hash: t.exposeString('hash', { nullable: true, description: 'Null until it was sent.' }),
      status: t.expose('status', { type: Status, description: 'How far it came.' }),
      unsigned: t.field({
        type: Unsigned,
        nullable: true,
        description: 'Set when the wallet of the user is to sign.',
        resolve: (transaction) => transaction.unsigned,
      }),
    }),
  });
  return { WaitFor, Transaction };
}
