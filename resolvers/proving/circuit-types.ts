// Circuits in GraphQL: what can be proved, and what has to be given for it.
import { type Circuit, circuits, type ProofSystem } from '#circuits/catalogue.ts';
import { descriptions, type InputKind } from '#circuits/descriptions.ts';
import { examples } from '#circuits/examples.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';

interface Input {
  readonly name: string;
  readonly shape: readonly number[];
  readonly description: string;
  readonly kind: InputKind;
}

/** Adds `circuits`. `System` is the enum of proof systems. */
export function defineCircuits<Context extends OperationContext>(
  builder: Builder<Context>,
  System: ReturnType<typeof defineProofSystem<Context>>,
): void {
  const Kind = builder.enumType('CircuitInputKind', {
    description: 'What kind of numbers an input takes.',
    values: {
      NUMBER: { value: 'number' as InputKind, description: 'Whole numbers.' },
      ADDRESS: { value: 'address' as InputKind, description: 'An account of the chain.' },
      SECRET: {
        value: 'secret' as InputKind,
        description: 'A random number that only who proves knows, and keeps.',
      },
    },
  });
  const InputType = builder.objectRef<Input>('CircuitInput').implement({
    description: 'What a circuit takes.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name in the input of requestProof.' }),
      description: t.exposeString('description', { description: 'What it is.' }),
      kind: t.expose('kind', { type: Kind, description: 'What kind of numbers.' }),
      shape: t.intList({
        description: 'Empty: one number; [8]: a list of 8; [8, 4]: a list of 8 lists of 4.',
        resolve: ({ shape }) => [...shape],
      }),
    }),
  });
  const CircuitType = builder.objectRef<Circuit>('Circuit').implement({
    description: 'Something that can be proved.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Such as credential.' }),
      title: t.string({ description: 'For people.', resolve: ({ id }) => descriptions[id]?.title ?? id }),
      statement: t.exposeString('statement', { description: 'What a proof says.' }),
      unsaid: t.string({
        description: 'What a proof does not say.',
        resolve: ({ id }) => descriptions[id]?.unsaid ?? '',
      }),
      systems: t.field({
        type: [System],
        description: 'Proof systems it is set up for.',
        resolve: ({ systems }) => [...systems],
      }),
      publicSignals: t.stringList({
        description: 'What a proof shows, in order.',
        resolve: ({ publicSignals }) => [...publicSignals],
      }),
      inputs: t.field({
        type: [InputType],
        description: 'What it takes.',
        resolve: ({ id, inputs }) =>
          Object.entries(inputs).map(
            ([name, shape]): Input => ({
              name,
              shape,
              description: descriptions[id]?.inputs[name]?.description ?? '',
              kind: descriptions[id]?.inputs[name]?.kind ?? 'number',
            }),
          ),
      }),
      example: t.field({
        type: 'JSON',
        nullable: true,
        description: "An input that it accepts; nobody's data.",
        resolve: ({ id }) => examples[id] ?? null,
      }),
    }),
  });
  builder.queryField('circuits', (t) =>
    t.field({
      type: [CircuitType],
      description: 'What can be proved.',
      resolve: () => [...circuits],
    }),
  );
}

/** The enum of proof systems. */
export function defineProofSystem<Context extends OperationContext>(builder: Builder<Context>) {
  return builder.enumType('ProofSystem', {
    description: 'How a proof is made and verified.',
    values: {
      GROTH16: { value: 'groth16' as ProofSystem, description: 'Smallest and fastest; a setup per circuit.' },
      FFLONK: {
        value: 'fflonk' as ProofSystem,
        description: 'Cheapest to verify; one setup for all circuits.',
      },
      PLONK: { value: 'plonk' as ProofSystem, description: 'One setup for all circuits.' },
    },
  });
}
