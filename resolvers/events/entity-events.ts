// Event streams over the change feed: entities that come into being (or are undone by a reorganisation), in order, resumable by cursor.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import {
  changeHead,
  type EntityChange,
  type EntityJson,
  followChanges,
} from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import type { DeploymentAliases } from './deployment-aliases.ts';

export interface EntityEvent {
  /** Where to go on after this event. Opaque to clients. */
  readonly cursor: string;
  /** True when the creation is undone: its block left the chain. */
  readonly reverted: boolean;
  readonly id: string;
  readonly block: BlockPointer;
  /** The entity as it was created; also when that is undone. */
  readonly entity: EntityJson;
}

export interface EntityEventsOptions {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly aliases: DeploymentAliases;
}

export interface EntityEventsRequest {
  readonly alias: string;
  readonly entity: string;
  /** A cursor of an earlier event; absent: only what happens from now on. */
  readonly after?: string | null;
  readonly signal?: AbortSignal;
}

/** Creations of entities of one type, as streams. */
export class EntityEvents {
  readonly #options: EntityEventsOptions;

  constructor(options: EntityEventsOptions) {
    this.#options = options;
  }

  /**
   * Every creation after the cursor, once each and in the order of commit, then each new one. Where the stream starts is
   * settled before this returns, so nothing that commits afterwards is missed.
   * @throws AiosError NOT_DEPLOYED, CURSOR_INVALID, CURSOR_EXPIRED (another deployment, or the feed was trimmed)
   */
  async subscribe(request: EntityEventsRequest): Promise<AsyncIterableIterator<EntityEvent>> {
    const { pool, bus, aliases } = this.#options;
    const deployment = await aliases.current(request.alias);
    if (deployment === null) {
      throw new AiosError(
        'NOT_DEPLOYED',
        `No subgraph is deployed under ${request.alias} yet. Try again once it is indexed.`,
      );
    }
    const head = await changeHead(pool, deployment);
    const after = request.after ? decodeCursor(request.after, deployment, head) : head;
    if (after < head) await this.#checkKept(deployment, after);
    const changes = followChanges(
      { pool, bus },
      { deployment, entities: [request.entity], after, signal: request.signal },
    );
    return filtered(changes, (change) => toEvent(change));
  }

  /** Changes are numbered without gaps, so the one after the cursor is there unless it was trimmed. */
  async #checkKept(deployment: string, after: bigint): Promise<void> {
    const { rows } = await this.#options.pool.query<{ kept: boolean }>(
      'select exists (select from platform.entity_changes where deployment = $1 and seq = $2) as kept',
      [deployment, after + 1n],
    );
    if (!rows[0]?.kept) {
      throw new AiosError(
        'CURSOR_EXPIRED',
        'Events after this cursor are no longer kept. Query the current state, then subscribe without a cursor.',
      );
    }
  }
}

function toEvent(change: EntityChange): EntityEvent | undefined {
  const created = change.before === null && change.after !== null && !change.reverted;
  const undone = change.reverted && change.after === null && change.before !== null;
  const entity = created ? change.after : undone ? change.before : null;
  if (!entity) return undefined;
  return {
    cursor: encodeCursor(change.deployment, change.seq),
    reverted: undone,
    id: change.id,
    block: change.block,
    entity,
  };
}

function filtered<In, Out>(
  source: AsyncIterableIterator<In>,
  map: (item: In) => Out | undefined,
): AsyncIterableIterator<Out> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      for (;;) {
        const item = await source.next();
        if (item.done) return { done: true, value: undefined };
        const mapped = map(item.value);
        if (mapped !== undefined) return { done: false, value: mapped };
      }
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

function encodeCursor(deployment: string, seq: bigint): string {
  return Buffer.from(`1:${deployment}:${seq}`).toString('base64url');
}

function decodeCursor(cursor: string, deployment: string, head: bigint): bigint {
  const match = /^1:([^:]+):(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) {
    throw new AiosError(
      'CURSOR_INVALID',
      'This is not a cursor of an event stream. Use one that an event carried.',
    );
  }
  const seq = BigInt(match[2] ?? '');
  if (match[1] !== deployment || seq > head) {
    throw new AiosError(
      'CURSOR_EXPIRED',
      'This cursor belongs to an earlier deployment of the subgraph. Query the current state, then subscribe without a cursor.',
    );
  }
  return seq;
}
