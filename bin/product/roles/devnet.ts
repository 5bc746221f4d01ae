// The role `devnet`: an EVM chain of our own, the contracts on it, and the demo's businesses.
import type { Addresses } from '#contracts/deploy.ts';
import { devnetChainId } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { type DemoDocument, demoDocuments } from '#node/devnet/demo/documents.ts';
import { type DemoProgress, runDemo } from '#node/devnet/demo/run.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import { saveChain } from '#node/platform/settings.ts';
import { DocumentStore } from '#resolvers/documents/index.ts';
import type { DatabaseService } from '../database.ts';

export const devnetName = 'devnet';

/** The demo's history is spread over this many days. */
const historyDays = 30;

export function createDevnet(dataDir: string, demo: boolean): AnvilDevnet {
  return new AnvilDevnet({ dataDir, historySeconds: demo ? historyDays * 86_400 : 0 });
}

/** Puts the contracts on the devnet and tells every process over the database where chain and contracts are. */
export class ContractsService implements Service {
  readonly name = 'contracts';
  readonly #devnet: AnvilDevnet;
  readonly #database: DatabaseService;
  #addresses: Addresses | undefined;

  constructor(devnet: AnvilDevnet, database: DatabaseService) {
    this.#devnet = devnet;
    this.#database = database;
  }

  get addresses(): Addresses {
    if (!this.#addresses) throw new Error('the contracts have not been deployed');
    return this.#addresses;
  }

  async start(report: (message: string) => void): Promise<void> {
    this.#addresses = await prepareDevnet(this.#devnet.rpcUrl, report);
    const wsUrl = this.#devnet.rpcUrl.replace(/^http/, 'ws');
    await saveChain(this.#database.database.pool, {
      name: devnetName,
      chainId: devnetChainId,
      rpcUrls: [this.#devnet.rpcUrl, wsUrl],
      finalityDepth: 0,
      pollMs: 250,
      devnet: true,
      contracts: { ...this.#addresses },
    });
    report(`${Object.keys(this.#addresses).length} contracts`);
  }

  async stop(): Promise<void> {}
}

/** The demo: its documents and its history at start, then a few transactions a minute until stopped. */
export class DemoService implements Service {
  readonly name = 'demo businesses';
  readonly #devnet: AnvilDevnet;
  readonly #contracts: ContractsService;
  readonly #database: DatabaseService;
  readonly #logger: Logger;
  readonly #abort = new AbortController();
  #progress: DemoProgress | undefined;
  #running: Promise<void> | undefined;
  #publishing: Promise<void> = Promise.resolve();

  constructor(devnet: AnvilDevnet, contracts: ContractsService, database: DatabaseService, logger: Logger) {
    this.#devnet = devnet;
    this.#contracts = contracts;
    this.#database = database;
    this.#logger = logger;
  }

  /** Returns once the history stands on the chain. */
  async start(report: (message: string) => void): Promise<void> {
    const store = await DocumentStore.open(this.#database.database.pool);
    const catalogue = demoDocuments();
    for (const [cid, document] of catalogue) await put(store, cid, document);
    const published = new Set(catalogue.keys());
    await new Promise<void>((resolve, reject) => {
      this.#running = runDemo({
        rpcUrl: this.#devnet.rpcUrl,
        addresses: this.#contracts.addresses,
        signal: this.#abort.signal,
        // Networks and agents beyond the catalogue.
        onDocument: (cid, document) => {
          if (published.has(cid)) return;
          published.add(cid);
          this.#publishing = this.#publishing
            .then(() => put(store, cid, document))
            .catch((error: unknown) =>
              this.#logger.error({ err: error, cid }, 'a document was not published'),
            );
        },
        onProgress: (progress) => {
          this.#progress = progress;
          if (progress.phase === 'live') resolve();
          else if (progress.phase === 'backfill')
            report(`${progress.done} of ${progress.total} transactions`);
          else {
            report(`waiting for the chain: ${progress.message}`);
            this.#logger.warn({ progress }, 'the demo waits for the chain');
          }
        },
      }).then(resolve, reject);
    });
    await this.#publishing;
    report(`${this.#progress?.total ?? 0} transactions of history`);
    this.#running?.catch((error: unknown) => this.#logger.error({ err: error }, 'the demo ended'));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running?.catch(() => {});
    await this.#publishing;
  }

  health(): ServiceHealth {
    const progress = this.#progress;
    return progress?.phase === 'waiting'
      ? { status: 'degraded', details: { message: progress.message } }
      : { status: 'ok', details: { steps: progress?.done } };
  }
}

function put(store: DocumentStore, cid: string, document: DemoDocument): Promise<void> {
  return store.put(cid, Buffer.from(JSON.stringify(document)));
}
