// Commits as the rooms want to hear of them, from the bus's one signal.
import type { Commit as QueryCommit, CommitFeed as QueryCommitFeed } from '#indexer/query/subscribe.ts';
import {
  type CommitSignal,
  commitTopic,
  type ServiceChange,
  serviceChangeTopic,
} from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Commit, CommitFeed } from '#schema/gateway/live/commit-feed.ts';

/**
 * For the gateway's live queries. When signals may have been missed (the listening connection broke), every known
 * deployment is reported as changed: re-executing too often is harmless, too seldom is not.
 */
export function gatewayCommitFeed(bus: EventBus, knownDeployments: () => Iterable<string>): CommitFeed {
  return {
    subscribe(listener: (commit: Commit) => void) {
      const everything = () => {
        for (const deployment of knownDeployments()) listener({ deployment, block: -1, entities: ['*'] });
      };
      const stops = [
        bus.onSignal(commitTopic, (payload) => {
          if (payload === undefined) return everything();
          const commit = payload as CommitSignal;
          listener({
            deployment: commit.deployment,
            block: commit.block?.number ?? -1,
            entities: commit.entities ?? ['*'],
          });
        }),
        bus.onSignal(serviceChangeTopic, (payload) => {
          const topics = payload === undefined ? ['*'] : (payload as ServiceChange).topics;
          listener({ deployment: '', block: -1, entities: [], topics });
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** For subscriptions at /subgraphs/name/X. */
export function queryCommitFeed(bus: EventBus): QueryCommitFeed {
  return {
    onCommit: (listener) =>
      bus.onSignal(commitTopic, (payload) => listener(payload as QueryCommit | undefined)),
  };
}
