// A deployment's mapping thread, answered from its tables and its source.
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { MappingWorker } from '../mapping/mapping-worker.ts';
import { storeAndChainHost } from '../mapping/store-and-chain-host.ts';
import type { BlockPointer, Hex } from '../model.ts';
import type { CallResult, Source } from '../sources/source.ts';
import type { MapperContext } from './indexer-host.ts';

/** Starts the thread; see `MappingWorker` for what it throws. */
export function createWasmMapper({
  deployment,
  subgraph,
  source,
  log,
  sourceSchemas,
}: MapperContext): Promise<MappingWorker> {
  const host = storeAndChainHost(deployment, answering(source, log), ({ level, text, handler }, { number }) =>
    log[LEVELS[level]]({ handler, block: number }, text),
  );
  // The change feed tells states before and after; the thread knows the former, and the writer then need not read it back.
  return MappingWorker.start({ ...subgraph, sourceSchemas }, host, {
    before: deployment.feed,
    proof: deployment.proof,
    nonFatalErrors: subgraph.features.includes('nonFatalErrors'),
  });
}

const LEVELS = { critical: 'error', error: 'error', warning: 'warn', info: 'info', debug: 'debug' } as const;
const UNANSWERED_LOGGED = 20;

/**
 * The chain's state as handlers may ask for it. A source that has no calls at all answers them as reverted, so that a mapping
 * that asks with `try_` goes on without; each is named in the log. In a source that has some, a missing one fails by name.
 */
function answering(source: Source, log: Logger): Pick<Source, 'call' | 'getBalance' | 'hasCode'> {
  if (source.capabilities.calls) return source;
  let unanswered = 0;
  return {
    async call({ to, data, block }: { to: Hex; data: Hex; block: BlockPointer }): Promise<CallResult> {
      if (unanswered++ < UNANSWERED_LOGGED)
        log.warn({ to, data, block: block.number }, 'the source has no contract calls: answered as reverted');
      return { reverted: true, reason: `the source of ${source.name} has no contract calls` };
    },
    getBalance: (address, block) => Promise.reject(cannot(source, 'balances', address, block)),
    hasCode: (address, block) => Promise.reject(cannot(source, 'code', address, block)),
  };
}

function cannot(source: Source, what: string, address: Hex, block: BlockPointer): AiosError {
  return new AiosError(
    'SOURCE_CANNOT_SERVE',
    `the mapping asks for the ${what} of ${address} at block ${block.number}, which the source of ${source.name} does not have; index from a live node`,
  );
}
