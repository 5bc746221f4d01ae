// Circuits in words: what each input is, for whoever fills it in, and what a proof leaves open. Kept beside the catalogue, which names the
// inputs' shapes.

/** `secret`: a random number that nobody else may know, and whoever proves keeps. */
export type InputKind = 'number' | 'address' | 'secret';

export interface InputDescription {
  readonly description: string;
  readonly kind: InputKind;
}

export interface CircuitDescription {
  readonly title: string;
  /** What a proof does not say, in a sentence. */
  readonly unsaid: string;
  readonly inputs: Readonly<Record<string, InputDescription>>;
}

const number = (description: string): InputDescription => ({ description, kind: 'number' });
const secret = (description: string): InputDescription => ({ description, kind: 'secret' });
const context = number('What the proof is bound to, such as the number of a run.');

const mlp: CircuitDescription = {
  title: 'Perceptron',
  unsaid: 'It does not say that the model is good, nor what it is, nor where the input came from.',
  inputs: {
    in: number('The input, 8-bit numbers with 128 for zero.'),
    dataSalt: secret('Hides the input behind its commitment.'),
    hiddenWeight: number('Weights of the hidden layer, 8 bits, a list for each neuron.'),
    hiddenBias: number('Biases of the hidden layer, 16 bits.'),
    outputWeight: number('Weights of the output layer, 8 bits, a list for each label.'),
    outputBias: number('Biases of the output layer, 16 bits.'),
    modelSalt: secret('Hides the model behind its commitment.'),
    context,
  },
};

export const descriptions: Readonly<Record<string, CircuitDescription>> = {
  credential: {
    title: 'Credential',
    unsaid:
      'It does not say who vouched for the credential: whoever relies on it must know the commitment from its issuer.',
    inputs: {
      value: number('What the credential says: an age, a level.'),
      secret: secret("The holder's own; one nullifier a scope comes from it."),
      salt: secret('Hides the value behind its commitment.'),
      attribute: number('Which attribute it is, by number: 1 for an age.'),
      minimum: number('Least value to be shown.'),
      maximum: number('Greatest value to be shown.'),
      scope: number(
        'What it is shown for, by number; the same holder can be recognised within one scope only.',
      ),
      subject: { description: 'The account the proof is bound to.', kind: 'address' },
    },
  },
  'credit-policy': {
    title: 'Credit decision',
    unsaid:
      'It does not say that the values are true, nor that the policy is fair, nor what either is: it shows their commitments.',
    inputs: {
      value: number("The applicant's features, in the scorecard's order."),
      applicantSalt: secret('Hides the features behind their commitment.'),
      bound: number('Four ascending bounds for each feature.'),
      point: number('Points of the five bins of each feature.'),
      base: number('Points that everybody has.'),
      approveAt: number('Approved from this score on.'),
      reviewAt: number('Reviewed by a person from this score on.'),
      policySalt: secret('Hides the scorecard behind its commitment.'),
      context,
    },
  },
  'spend-guard': {
    title: 'Payments within caps',
    unsaid: 'It does not say that the payments were made, nor that there were no others.',
    inputs: {
      payee: number('Who is paid, 0 where nobody is.'),
      amount: number('How much each, in the smallest unit.'),
      batchSalt: secret('Hides the batch behind its commitment.'),
      allowed: number('Who may be paid, 0 where nobody is.'),
      paymentCap: number('Most a payment.'),
      totalCap: number('Most altogether.'),
      policySalt: secret('Hides the policy behind its commitment.'),
      sequence: number('Which batch this is, from 0.'),
      spent: number('What was spent before it.'),
      stateSalt: secret('Hides the running total behind its commitment.'),
      context,
    },
  },
  'mlp-1k': mlp,
  'mlp-10k': mlp,
};
