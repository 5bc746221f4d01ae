// One node as a process runs it: opens what is on disk, joins the network, follows the chain, validates if it has the keys, and answers readers.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { Bls12381Signer } from '../crypto/bls-signer.ts';
import { Bls12381 } from '../crypto/bls12-381.ts';
import { Ed25519Signer } from '../crypto/ed25519-signer.ts';
import { Ed25519Workers } from '../crypto/ed25519-workers.ts';
import { readKeyFile } from '../crypto/keystore.ts';
import { fastPairHasher } from '../crypto/pair-hasher.ts';
import type { ChainNode } from '../engine/chain-node.ts';
import { systemClock } from '../engine/clock.ts';
import { NodeView } from '../engine/node-view.ts';
import { openNode } from '../engine/open-node.ts';
import { Peering } from '../engine/peering.ts';
import { Reporter } from '../engine/reporter.ts';
import { type Conduct, Validator } from '../engine/validator.ts';
import { SigningJournal } from '../finality/signing-journal.ts';
import { Libp2pNetwork } from '../net/libp2p-network.ts';
import { openNodeKey } from '../net/node-key.ts';
import { GrpcSubmit } from '../rpc/grpc-submit.ts';
import { RpcServer } from '../rpc/rpc-server.ts';
import { LmdbStore } from '../store/lmdb-store.ts';
import { hexOf } from '../types/identifiers.ts';
import { type ChainConfig, chainFolder, readChainFolder } from './chain-folder.ts';

export interface RunChainNodeOptions {
  readonly folder: string;
  readonly logger: Logger;
  /** Of encrypted key files. */
  readonly password?: string;
  /** Deletes the store first, to fetch everything from peers. The journal stays. */
  readonly resync?: boolean;
  /** Instead of what the configuration file says. */
  readonly override?: Partial<Pick<ChainConfig, 'listen' | 'bootstrap' | 'rpc' | 'grpc'>>;
  /** For trials of what the others do about it. */
  readonly conduct?: Conduct;
}

export interface RunningChainNode {
  readonly node: ChainNode;
  readonly view: NodeView;
  readonly rpcUrl: string;
  readonly grpcAddress: string | undefined;
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

/** @throws AiosError of whatever part cannot start, with what to do about it; what has started is closed again */
export async function runChainNode(options: RunChainNodeOptions): Promise<RunningChainNode> {
  const { logger } = options;
  const closers: (() => Promise<void>)[] = [];
  /** In the opposite order of opening. */
  const close = async () => {
    for (const each of closers.splice(0).reverse())
      await each().catch((error: unknown) => logger.error({ error: messageOf(error) }, 'did not close'));
  };
  try {
    return { ...(await open(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: RunChainNodeOptions, closers: (() => Promise<void>)[]) {
  const { logger, override, resync } = options;
  const paths = chainFolder(options.folder);
  const { genesis, config: written } = await readChainFolder(paths);
  const config = { ...written, ...override };
  if (resync) await rm(paths.store, { recursive: true, force: true });
  const bls = new Bls12381();
  const signatures = await Ed25519Workers.start({ workers: config.signatureWorkers, logger });
  closers.push(() => signatures.close());
  const clock = systemClock;
  const key = await openNodeKey(paths.nodeKey);
  // The network's protocols carry the genesis id, which follows from the state that it leads to.
  const { node, ledger, mempool, network, store } = await openNode({
    ...{ genesis, bls, signatures, clock, log: logger, hashPairs: fastPairHasher() },
    onProgress: (blocks) => logger.info({ blocks }, 'reading blocks'),
    openStore: async (genesisId) => {
      const opened = await LmdbStore.open({ folder: paths.store, genesis: genesisId });
      closers.push(() => opened.close());
      return opened;
    },
    joinNetwork: (genesisId) =>
      Libp2pNetwork.create({
        ...{ genesis: genesisId, key, log: logger },
        ...{ listen: config.listen, bootstrap: config.bootstrap, maxPeers: config.maxPeers },
      }),
  });
  const peering = new Peering({
    ...{ node, network, store, clock, log: logger },
    certificatesFrom: () => [],
  });
  closers.push(() => peering.close());
  const view = new NodeView({ node, ledger, mempool, store, peering, network });
  await peering.start();
  const rpc = await RpcServer.open({
    ...{ view, host: config.rpc.host, port: config.rpc.port, origins: config.rpc.origins },
    notReady: () => (peering.isSynced ? node.halted?.message : 'it is catching up with its peers'),
  });
  closers.push(() => rpc.close());
  const grpc = config.grpc && (await GrpcSubmit.open({ view, ...config.grpc }));
  if (grpc) closers.push(() => grpc.close());
  const validator = await openValidator();
  if (validator) {
    closers.push(validator.close);
    validator.start();
  }
  const commits = commitNowAndThen(store, logger);
  closers.push(async () => commits());
  const rpcUrl = `http://${config.rpc.host}:${rpc.port}`;
  logger.info(
    {
      ...{
        genesis: node.index.genesisId,
        blocks: node.index.size,
        rpc: rpcUrl,
        peers: config.bootstrap.length,
      },
      validator: validator?.address,
    },
    'running',
  );
  return {
    node,
    view,
    rpcUrl,
    grpcAddress: grpc && config.grpc && `${config.grpc.host}:${grpc.port}`,
    addresses: network.addresses,
  };

  async function openValidator() {
    if (!existsSync(paths.votingKey)) return undefined;
    const { password, conduct } = options;
    const [voting, account] = await Promise.all([
      readKeyFile(paths.votingKey, password),
      readKeyFile(paths.accountKey, password),
    ]);
    const owner = new Ed25519Signer(account.secret);
    const address = hexOf(owner.address);
    const journal = await SigningJournal.open(paths.journal);
    const validating = new Validator({
      ...{ node, address, journal, clock, store, mempool, log: logger, conduct },
      signer: new Bls12381Signer(voting.secret),
      announce: (what) =>
        'block' in what ? peering.announceBlock(what.block) : peering.announceVote(what.vote),
      isSynced: () => peering.isSynced,
    });
    const reporter = new Reporter({
      ...{ node, ledger, mempool, signer: owner, clock, log: logger },
      announce: (encoded) => peering.announceTransaction(encoded),
    });
    return {
      address,
      start: () => {
        validating.start();
        reporter.start();
      },
      close: async () => {
        validating.close();
        reporter.close();
        await journal.close();
      },
    };
  }
}

/** What was taken in reaches the disk within this time, also of nodes that sign nothing. */
const commitEveryMs = 500;

function commitNowAndThen(store: LmdbStore, logger: Logger): () => void {
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => {
      store.commit().then(next, (error: unknown) => {
        logger.error({ error: messageOf(error) }, 'the store cannot be written');
        throw new AiosError('STORE_FAILED', messageOf(error), { cause: error });
      });
    }, commitEveryMs);
  };
  next();
  return () => clearTimeout(timer);
}
