// A deployment's change feed as tests write it: creations, updates and reorganisations of entities, committed like the indexer does.
import type pg from 'pg';
import {
  appendChanges,
  type CommitSignal,
  commitTopic,
  type EntityJson,
  type NewEntityChange,
} from '#node/platform/events/change-feed.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import type { DeploymentAliases } from '../events/deployment-aliases.ts';

/** Writes a feed and keeps the state it leads to, so that changes carry the right `before`. */
export class FeedWriter {
  readonly deployment: string;
  readonly #pool: pg.Pool;
  readonly #state = new Map<string, EntityJson>();
  readonly #blocks: { number: number; changes: readonly NewEntityChange[] }[] = [];
  #fork = 0;

  constructor(pool: pg.Pool, deployment: string) {
    this.#pool = pool;
    this.deployment = deployment;
  }

  get head(): number {
    return this.#blocks.length;
  }

  /** Current entities of a type by id. */
  entities(type: string): ReadonlyMap<string, EntityJson> {
    const prefix = `${type}/`;
    return new Map(
      [...this.#state]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => [key.slice(prefix.length), value]),
    );
  }

  /** One block that sets (or with null removes) entities. */
  async block(writes: readonly { entity: string; id: string; data: EntityJson | null }[]): Promise<void> {
    const number = this.#blocks.length + 1;
    const hash = `0x${(this.#fork * 1_000_000 + number).toString(16).padStart(64, '0')}`;
    const changes = writes.map(({ entity, id, data }): NewEntityChange => {
      const before = this.#set(entity, id, data);
      return { block: { number, hash }, entity, id, before, after: data, reverted: false };
    });
    this.#blocks.push({ number, changes });
    await this.#commit(changes);
  }

  /** Takes back the last blocks, newest change first, as a reorganisation does. */
  async revert(depth: number): Promise<void> {
    this.#fork += 1;
    const undone: NewEntityChange[] = [];
    for (let n = 0; n < depth; n++) {
      for (const change of [...(this.#blocks.pop()?.changes ?? [])].reverse()) {
        this.#set(change.entity, change.id, change.before);
        undone.push({ ...change, before: change.after, after: change.before, reverted: true });
      }
    }
    await this.#commit(undone);
  }

  #set(entity: string, id: string, data: EntityJson | null): EntityJson | null {
    const key = `${entity}/${id}`;
    const before = this.#state.get(key) ?? null;
    if (data) this.#state.set(key, data);
    else this.#state.delete(key);
    return before;
  }

  async #commit(changes: readonly NewEntityChange[]): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await appendChanges(client, this.deployment, changes);
      await sendSignal(client, commitTopic, {
        deployment: this.deployment,
        block: null,
      } satisfies CommitSignal);
      await client.query('commit');
    } finally {
      client.release();
    }
  }
}

/** Aliases that a test sets. */
export class TestAliases implements DeploymentAliases {
  readonly #current = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  async current(alias: string): Promise<string | null> {
    return this.#current.get(alias) ?? null;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(alias: string, deployment: string): void {
    this.#current.set(alias, deployment);
    for (const listener of this.#listeners) listener();
  }
}
