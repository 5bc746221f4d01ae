// A broker that grants nothing, and one that answers everything with what it was asked: for tests of what keeps runs.
import type { Broker, StepContext } from '../broker.ts';

export const refusingBroker: Broker = {
  async call(step: StepContext) {
    const answer = {
      error: { code: 'CAPABILITY_NOT_GRANTED', message: `${step.capability} is not granted` },
    };
    await step.answered(answer);
    return answer;
  },
};

/** Answers each call with its arguments; journaled, but nobody waits for that. */
export const echoBroker: Broker = {
  async call(step: StepContext) {
    const answer = { ok: step.args };
    void step.answered(answer);
    return answer;
  },
};
