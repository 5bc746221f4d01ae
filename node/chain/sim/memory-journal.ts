// A validator's journal on the simulator's disk: what was being written when the power went is there, or is not.
import type { Journal } from '../engine/validator.ts';
import { SigningHistory, type SigningRecord, voteRecord } from '../finality/signing-history.ts';
import type { Link } from '../types/vote.ts';

export class MemoryJournal implements Journal {
  readonly #history = new SigningHistory();
  readonly #sync: () => Promise<void>;
  readonly #written: SigningRecord[];
  #inFlight: SigningRecord | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param sync resolves when the disk has it */
  constructor(sync: () => Promise<void>, written: readonly SigningRecord[] = []) {
    this.#sync = sync;
    this.#written = [...written];
    for (const record of written) this.#history.remember(record);
  }

  vote(link: Link): Promise<void> {
    return this.#keep(voteRecord(link));
  }

  proposal(round: number, block: string): Promise<void> {
    return this.#keep({ kind: 'proposal', round, block });
  }

  /** What the disk has after a power cut. @param keepsLast whether what was in flight has reached it */
  survivors(keepsLast: boolean): readonly SigningRecord[] {
    return this.#inFlight && keepsLast ? [...this.#written, this.#inFlight] : this.#written;
  }

  #keep(record: SigningRecord): Promise<void> {
    const act = async () => {
      if (!this.#history.isNew(record)) return;
      this.#inFlight = record;
      await this.#sync();
      this.#inFlight = undefined;
      this.#written.push(record);
      this.#history.remember(record);
    };
    const acting = this.#writing.then(act, act);
    this.#writing = acting.catch(() => {});
    return acting;
  }
}
