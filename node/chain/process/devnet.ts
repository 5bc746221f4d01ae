// Several validators on this machine, each a process of its own: what `npm start` runs, and the trials kill.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import {
  CHAIN_PROCESS_SETTINGS,
  type ChainProcessMessage,
  type ChainProcessSettings,
} from './chain-process.ts';
import type { DevnetNode } from './init-chain.ts';

export interface DevnetProcessesOptions {
  readonly nodes: readonly DevnetNode[];
  /** Of the first node's RPC, the others take free ones; 0 for a free one too. */
  readonly rpcPort?: number;
  readonly grpc?: boolean;
  readonly logLevel?: ChainProcessSettings['logLevel'];
  /** By a node's place, what it does wrong. */
  readonly misconduct?: ReadonlyMap<number, string>;
  /** Called when a process ends that nobody ended. */
  readonly onExit?: (node: number, code: number | null, signal: NodeJS.Signals | null) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly rpcUrl: string;
  readonly grpcAddress: string | undefined;
}

interface Ports {
  readonly peers: number;
  readonly rpc: number;
  readonly grpc: number;
}

const startTimeoutMs = 120_000;
const endTimeoutMs = 15_000;

export class DevnetProcesses {
  readonly #options: DevnetProcessesOptions;
  readonly #ports: readonly Ports[];
  readonly #running: (Running | undefined)[];

  private constructor(options: DevnetProcessesOptions, ports: readonly Ports[]) {
    this.#options = options;
    this.#ports = ports;
    this.#running = options.nodes.map(() => undefined);
  }

  /** Starts all of them. @throws AiosError of the first that cannot start; the others are ended */
  static async start(options: DevnetProcessesOptions): Promise<DevnetProcesses> {
    const ports: Ports[] = [];
    for (const [nth] of options.nodes.entries())
      ports.push({
        peers: await freePort(),
        rpc: nth === 0 && options.rpcPort ? options.rpcPort : await freePort(),
        grpc: await freePort(),
      });
    const devnet = new DevnetProcesses(options, ports);
    try {
      await Promise.all(options.nodes.map((_, nth) => devnet.startNode(nth)));
    } catch (error) {
      await devnet.close();
      throw error;
    }
    return devnet;
  }

  /** Undefined of a node that does not run. */
  rpcUrl(nth: number): string | undefined {
    return this.#running[nth]?.rpcUrl;
  }

  grpcAddress(nth: number): string | undefined {
    return this.#running[nth]?.grpcAddress;
  }

  pid(nth: number): number | undefined {
    return this.#running[nth]?.child.pid;
  }

  logFile(nth: number): string {
    return join(this.#node(nth).folder, 'node.log');
  }

  /** @throws AiosError as the node gives it; CHAIN_NODE_ENDED when it ends without a word */
  async startNode(nth: number): Promise<void> {
    if (this.#running[nth]) return;
    const { logLevel = 'info', misconduct, grpc } = this.#options;
    const own = this.#portsOf(nth);
    const settings: ChainProcessSettings = {
      ...{ folder: this.#node(nth).folder, logFile: this.logFile(nth), logLevel },
      misconduct: misconduct?.get(nth),
      override: {
        listen: [`/ip4/127.0.0.1/tcp/${own.peers}`],
        bootstrap: this.#options.nodes.flatMap(({ peer }, other) =>
          other === nth ? [] : [`/ip4/127.0.0.1/tcp/${this.#portsOf(other).peers}/p2p/${peer}`],
        ),
        rpc: { host: '127.0.0.1', port: own.rpc, origins: [] },
        ...(grpc && { grpc: { host: '127.0.0.1', port: own.grpc } }),
      },
    };
    const child = fork(bundledEntry('chain-node.mjs'), [], {
      env: { ...process.env, [CHAIN_PROCESS_SETTINGS]: JSON.stringify(settings) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const message = await firstMessage(child, nth, this.logFile(nth));
    if (message.kind === 'failed') throw new AiosError(message.code ?? 'CHAIN_NODE_FAILED', message.message);
    this.#running[nth] = { child, rpcUrl: message.rpcUrl, grpcAddress: message.grpcAddress };
    child.once('exit', (code, signal) => {
      if (this.#running[nth]?.child !== child) return;
      this.#running[nth] = undefined;
      this.#options.onExit?.(nth, code, signal);
    });
  }

  /** As a power cut would end it. Resolves when it is gone. */
  async kill(nth: number): Promise<void> {
    await this.#end(nth, 'SIGKILL');
  }

  /** In order. */
  async stop(nth: number): Promise<void> {
    await this.#end(nth, 'SIGTERM');
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((_, nth) => this.stop(nth)));
  }

  async #end(nth: number, signal: NodeJS.Signals): Promise<void> {
    const running = this.#running[nth];
    if (!running) return;
    this.#running[nth] = undefined;
    const { child } = running;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      child.kill(signal);
    });
  }

  #node(nth: number): DevnetNode {
    return this.#options.nodes[nth] as DevnetNode;
  }

  #portsOf(nth: number): Ports {
    return this.#ports[nth] as Ports;
  }
}

function firstMessage(child: ChildProcess, nth: number, logFile: string): Promise<ChainProcessMessage> {
  return new Promise((resolve, reject) => {
    const ended = (why: string) =>
      new AiosError('CHAIN_NODE_ENDED', `Node ${nth + 1} ${why}. Its log is ${logFile}.`);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(ended(`did not start within ${startTimeoutMs / 1_000} s`));
    }, startTimeoutMs);
    const exit = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      reject(ended(`ended at once (${signal ?? code})`));
    };
    child.once('exit', exit);
    child.once('message', (message) => {
      clearTimeout(timer);
      child.off('exit', exit);
      resolve(message as ChainProcessMessage);
    });
  });
}
