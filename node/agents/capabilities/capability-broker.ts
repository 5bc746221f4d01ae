// Every call of every guest passes here: granted? → budget → policy → act → log. Nothing else acts for a guest.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { Broker, StepContext } from '../runs/broker.ts';
import type { HostAnswer } from '../runtime/runtime.ts';
import { type Capability, notGranted, refusal } from './capability.ts';
import type { Grants } from './grants.ts';

export interface CapabilityBrokerOptions {
  readonly capabilities: readonly Capability[];
  readonly logger: Logger;
  /** Told of every call, for metrics. */
  readonly onCall?: (capability: string, outcome: 'ok' | 'refused' | 'waiting') => void;
}

/** What is thrown past the guest: it must not see an answer that is not stored. */
const fatal = new Set(['LEASE_LOST', 'PAYMENT_OPEN']);

export class CapabilityBroker implements Broker {
  readonly #capabilities: ReadonlyMap<string, Capability>;
  readonly #logger: Logger;
  readonly #onCall: CapabilityBrokerOptions['onCall'];

  constructor(options: CapabilityBrokerOptions) {
    this.#capabilities = new Map(options.capabilities.map((capability) => [capability.name, capability]));
    this.#logger = options.logger;
    this.#onCall = options.onCall;
  }

  async call(step: StepContext): Promise<HostAnswer | undefined> {
    try {
      const answer = await this.#find(step).act(step);
      this.#onCall?.(step.capability, answer ? 'ok' : 'waiting');
      return answer;
    } catch (error) {
      if (error instanceof AiosError && fatal.has(error.code)) throw error;
      // The database being away is no answer: the run is taken up again from its journal.
      if (isDatabaseError(error)) throw error;
      this.#onCall?.(this.#capabilities.has(step.capability) ? step.capability : 'unknown', 'refused');
      const known =
        error instanceof AiosError
          ? error
          : new AiosError('CAPABILITY_FAILED', `${step.capability} failed here: try again.`);
      if (known !== error)
        this.#logger.error(
          { err: messageOf(error), run: step.run.id, capability: step.capability },
          'a capability failed',
        );
      const answer = refusal(known);
      await step.answered(answer);
      return answer;
    }
  }

  #find(step: StepContext): Capability {
    const capability = this.#capabilities.get(step.capability);
    const [grant = ''] = step.capability.split('.');
    if (!capability) {
      throw new AiosError(
        'CAPABILITY_UNKNOWN',
        `There is no capability ${JSON.stringify(step.capability.slice(0, 80))}. There are: ${[...this.#capabilities.keys()].join(', ')}.`,
      );
    }
    if (!Object.hasOwn(step.grants, grant) || !step.grants[grant as keyof Grants])
      throw notGranted(step.capability);
    return capability;
  }
}

/** PostgreSQL's errors carry a five-character SQLSTATE, lost connections a code of the system. */
function isDatabaseError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    typeof code === 'string' &&
    (/^(08|53|57|58)[0-9A-Z]{3}$/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code)) &&
    !(error instanceof AiosError)
  );
}
