// The indexer's I/O thread: owns PostgreSQL and RPC for all deployments of this process and starts their mapping workers. Started by
// IndexerService, never on the gateway's thread.
import { parentPort, workerData } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { createLogger } from '#node/platform/log.ts';
import { createPool } from '#node/platform/postgres/database.ts';
import { IndexerHost } from './pipeline/indexer-host.ts';
import type {
  ControlError,
  ControlMessage,
  Controls,
  IndexerSettings,
  ThreadMessage,
} from './pipeline/messages.ts';
import { createWasmMapper } from './pipeline/wasm-mapper.ts';
import { registeredChains } from './sources/registered-chains.ts';

const port = parentPort;
if (!port) throw new Error('the I/O thread is started by IndexerService');
const settings = workerData as IndexerSettings;
const log = createLogger(settings.log);
const pool = createPool({ url: settings.databaseUrl, name: 'indexer', max: 16, logger: log });
const tell = (message: ThreadMessage) => port.postMessage(message);

const host = new IndexerHost({
  ...settings,
  pool,
  log,
  createMapper: createWasmMapper,
  registeredChains: () => registeredChains(pool),
  onStatus: (status) => tell({ kind: 'status', status }),
});

async function answer({ control, request }: ControlMessage): Promise<Controls[typeof control]['answer']> {
  switch (control) {
    case 'deploy':
      return host.deploy(request as Controls['deploy']['request']);
    case 'remove':
      return host.remove((request as Controls['remove']['request']).name);
    case 'pause': {
      const { deployment, paused } = request as Controls['pause']['request'];
      await host.setPaused(deployment, paused);
      return null;
    }
    case 'status':
      return host.statuses();
    case 'stop':
      await host.stop();
      await pool.end();
      return null;
  }
}

function plain(error: unknown): ControlError {
  if (error instanceof AiosError)
    return { code: error.code, message: error.message, details: { ...error.details } };
  return { code: 'INDEXER_FAILED', message: messageOf(error), details: {} };
}

port.on('message', (message: ControlMessage) => {
  answer(message).then(
    (value) => {
      tell({ kind: 'answer', id: message.id, answer: value });
      if (message.control === 'stop') port.close();
    },
    (error: unknown) => tell({ kind: 'error', id: message.id, error: plain(error) }),
  );
});

host.start().then(
  () => tell({ kind: 'ready' }),
  (error: unknown) => {
    log.error({ err: error }, 'the indexer could not start');
    tell({ kind: 'unable', error: plain(error) });
  },
);
