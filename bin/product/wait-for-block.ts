// Waiting until a deployment has indexed a block: what a mutation with waitFor INDEXED does.
import type { DeploymentStore } from '#indexer/store/index.ts';
import { type CommitSignal, commitTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { WaitForBlock } from '#resolvers/actions/index.ts';
import type { DeployedSubgraphs } from './deployed-subgraph.ts';

export function waitForBlock(
  store: DeploymentStore,
  deployed: DeployedSubgraphs,
  bus: EventBus,
): WaitForBlock {
  return async (alias, block, signal) => {
    let check = () => {};
    let id: string | undefined;
    const stop = bus.onSignal(commitTopic, (payload) => {
      const commit = payload as CommitSignal | undefined;
      if (commit === undefined || commit.deployment === id) check();
    });
    try {
      for (;;) {
        // Registered before the look, so that a commit between the two is not missed.
        const changed = new Promise<void>((resolve, reject) => {
          check = resolve;
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        changed.catch(() => {});
        signal.throwIfAborted();
        id = await deployed.idOf(alias);
        const head = id && (await store.heads()).get(id);
        if (head && head.number >= block) return;
        await changed;
      }
    } finally {
      stop();
    }
  };
}
