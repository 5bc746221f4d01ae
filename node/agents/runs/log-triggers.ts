// Turns logs of EVM chains into runs: each trigger remembers the last block that it has read and its hash. When that block is no longer the
// chain's it reads again from further back; what it has seen before does not start a second run, since a log is known by its transaction.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { enqueueRuns, type NewRun } from './enqueue.ts';

/** JSON-RPC of a chain by its configured name; undefined: there is no such chain. */
export type ChainRpc = (
  chain: string,
) => ((method: string, params: readonly unknown[]) => Promise<unknown>) | undefined;

export interface LogTriggersOptions {
  readonly pool: pg.Pool;
  readonly chains: ChainRpc;
  readonly logger: Logger;
}

interface ChainLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

interface TriggerRow {
  readonly id: string;
  readonly deployment_id: string;
  readonly version_id: string;
  readonly network: string;
  readonly environment: string;
  readonly status: string;
  readonly chain: string;
  readonly address: string | null;
  readonly topics: Json;
  readonly confirmations: number;
  readonly cursor: string;
  readonly first_block: string | null;
  readonly block_hash: string | null;
}

const idleMs = 1_000;
/** Blocks in one question. */
const pageBlocks = 2_000;
/** How far back it reads when its last block left the chain. */
const rewindBlocks = 256;
const runsAtOnce = 500;

export class LogTriggers {
  readonly #options: LogTriggersOptions;
  readonly #looking: LookAgain;

  constructor(options: LogTriggersOptions) {
    this.#options = options;
    this.#looking = new LookAgain({
      look: () => this.#followAll(),
      idleMs,
      onError: (error) =>
        options.logger.warn(
          { error: messageOf(error) },
          'triggers on logs could not be followed; trying again',
        ),
    });
  }

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  /** Reads every trigger's chain to its head. */
  follow(): Promise<void> {
    return this.#looking.now();
  }

  async #followAll(): Promise<void> {
    const { pool, logger } = this.#options;
    const { rows } = await pool.query<{ id: string }>(
      `select id from agents.triggers where kind = 'log' order by id`,
    );
    const heads: Heads = new Map();
    for (const { id } of rows) {
      // A chain that is away must not keep the others from being read.
      await this.#toHead(id, heads).catch((error: unknown) =>
        logger.warn(
          { error: messageOf(error), trigger: id },
          'a chain could not be read for a trigger; trying again',
        ),
      );
    }
  }

  async #toHead(id: string, heads: Heads): Promise<void> {
    while (!this.#looking.closed && (await this.#followOne(id, heads))) {
      // There is more.
    }
  }

  /** One page of one trigger. @returns whether there is more */
  async #followOne(id: string, heads: Heads): Promise<boolean> {
    return inTransaction(this.#options.pool, async (client) => {
      const { rows } = await client.query<TriggerRow>(
        `select t.*, coalesce(t.confirmations, 0) as confirmations, d.version_id, d.status
           from agents.triggers t join agents.deployments d on d.id = t.deployment_id where t.id = $1 for update of t skip locked`,
        [id],
      );
      const trigger = rows[0];
      const rpc = trigger && this.#options.chains(trigger.chain);
      if (!trigger || !rpc) return false;
      const head = await headOf(trigger.chain, rpc, heads);
      const safe = head - trigger.confirmations;
      if (safe < 0) return false;
      const move = async (block: number, hash: string | null, first: number | null = null) => {
        await client.query(
          'update agents.triggers set cursor = $2, block_hash = $3, first_block = coalesce($4, first_block) where id = $1',
          [id, block, hash, first],
        );
      };
      // A new trigger, or an agent that pauses: what comes from now on counts.
      if (trigger.block_hash === null || trigger.status !== 'active') {
        await move(safe, await hashOf(rpc, safe), head + 1);
        return false;
      }
      const cursor = Number(trigger.cursor);
      const stands = (await hashOf(rpc, cursor)) === trigger.block_hash;
      if (stands && cursor >= safe) return false;
      const first = Number(trigger.first_block ?? 0);
      const from = Math.max(first, stands ? cursor + 1 : Math.min(cursor, safe) - rewindBlocks);
      const to = Math.min(safe, from + pageBlocks - 1);
      if (to < from) return false;
      const last = await hashOf(rpc, to);
      const logs = (await rpc('eth_getLogs', [
        {
          fromBlock: hex(from),
          toBlock: hex(to),
          ...(trigger.address === null ? {} : { address: trigger.address }),
          ...(Array.isArray(trigger.topics) ? { topics: trigger.topics } : {}),
        },
      ])) as readonly ChainLog[];
      // The chain changed while it was read: look again.
      if (last === null || (await hashOf(rpc, to)) !== last) return false;
      const runs = runsOf(trigger, logs);
      for (let at = 0; at < runs.length; at += runsAtOnce)
        await enqueueRuns(client, runs.slice(at, at + runsAtOnce));
      await move(to, last);
      return to < safe;
    });
  }
}

/** Heads of chains as one look at all triggers found them: asked for once, however many triggers read a chain. */
type Heads = Map<string, Promise<number>>;

function headOf(chain: string, rpc: NonNullable<ReturnType<ChainRpc>>, heads: Heads): Promise<number> {
  const known = heads.get(chain) ?? rpc('eth_blockNumber', []).then(Number);
  heads.set(chain, known);
  return known;
}

const hex = (number: number) => `0x${number.toString(16)}`;

async function hashOf(rpc: NonNullable<ReturnType<ChainRpc>>, block: number): Promise<string | null> {
  const found = (await rpc('eth_getBlockByNumber', [hex(block), false])) as { readonly hash?: string } | null;
  return found?.hash ?? null;
}

/** A run for each log. The same transaction in another block is the same event: logs are counted within their transaction. */
function runsOf(trigger: TriggerRow, logs: readonly ChainLog[]): readonly NewRun[] {
  const seen = new Map<string, number>();
  const ordered = logs.toSorted(
    (a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex),
  );
  return ordered.map((log) => {
    const nth = seen.get(log.transactionHash) ?? 0;
    seen.set(log.transactionHash, nth + 1);
    return {
      deploymentId: trigger.deployment_id,
      versionId: trigger.version_id,
      network: trigger.network,
      environment: trigger.environment,
      trigger: { kind: 'log' as const, key: `log:${trigger.id}:${log.transactionHash}:${nth}` },
      input: {
        trigger: 'log',
        chain: trigger.chain,
        address: log.address.toLowerCase(),
        topics: log.topics,
        data: log.data,
        transaction: log.transactionHash,
        block: { number: Number(log.blockNumber), hash: log.blockHash },
      },
    };
  });
}
