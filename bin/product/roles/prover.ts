// The role `prover`: makes the proofs that wait in the queue, each in a process of its own.
import { join } from 'node:path';
import { JobQueue } from '#circuits/prover/job-queue.ts';
import { Prover } from '#circuits/prover/prover.ts';
import type { Config } from '#node/platform/config/schema.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import type { DatabaseService } from '../database.ts';

export class ProverService implements Service {
  readonly name = 'prover';
  readonly #options: {
    readonly config: Config;
    readonly database: DatabaseService;
    readonly logger: Logger;
    readonly chainId: number;
  };
  #prover: Prover | undefined;

  constructor(options: { config: Config; database: DatabaseService; logger: Logger; chainId: number }) {
    this.#options = options;
  }

  async start(report: (message: string) => void): Promise<void> {
    const { config, database, logger, chainId } = this.#options;
    const { pool, bus } = database.database;
    const { workers, memoryMb, timeoutSeconds, cacheMb, keys } = config.proving;
    const prover = new Prover({
      queue: await JobQueue.open(pool, bus),
      store: {
        folder: join(config.dataDir, 'proving'),
        ceremonyKeys: keys,
        limitBytes: cacheMb * 2 ** 20,
        use: { production: config.production, chainId },
      },
      workers,
      memoryBytes: memoryMb * 2 ** 20,
      timeoutMs: timeoutSeconds * 1_000,
      logger,
    });
    prover.start();
    this.#prover = prover;
    report(`${workers} proof${workers === 1 ? '' : 's'} at a time${keys ? '' : ', development keys'}`);
  }

  async stop(): Promise<void> {
    await this.#prover?.stop();
  }

  health(): ServiceHealth {
    return { status: 'ok', details: { busy: this.#prover?.busy ?? 0 } };
  }
}
