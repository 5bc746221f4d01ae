// Starts nodes' networks in processes of their own, and speaks to them.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '#node/platform/package-root.ts';
import type { PeerId, Topic } from '../network.ts';

export interface LoadOrder {
  readonly kind: 'load';
  readonly seconds: number;
  /** Of each process. */
  readonly messagesPerSecond: number;
  readonly messageBytes: number;
  readonly topic: Topic;
  /** Of each process; answers have 100 KB. */
  readonly asksPerSecond: number;
}

export type NodeOrder = LoadOrder | { readonly kind: 'close' };

export interface LoadFigures {
  readonly kind: 'figures';
  readonly sent: number;
  readonly received: number;
  readonly bytes: number;
  readonly duplicates: number;
  readonly dropped: number;
  readonly asked: number;
  readonly answered: number;
  /** CPU seconds a second. */
  readonly cores: number;
  readonly latencies: readonly number[];
  readonly askTimes: readonly number[];
  readonly rssMb: number;
}

export type NodeReport =
  | { readonly kind: 'ready'; readonly self: PeerId; readonly addresses: readonly string[] }
  | { readonly kind: 'peers'; readonly peers: readonly PeerId[] }
  | LoadFigures;

let bundle: Promise<string> | undefined;

/** One file, below the package so that it finds its packages. */
async function bundled(): Promise<string> {
  const outfile = join(packageRoot, `dist/testing/network-node-${process.pid}.mjs`);
  await build({
    absWorkingDir: packageRoot,
    entryPoints: ['node/chain/net/testing/node-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}

export interface NodeProcessSettings {
  readonly genesis: string;
  /** One that a process had before makes the same name again. */
  readonly keyFile?: string;
  readonly listen?: string;
  readonly bootstrap: readonly string[];
}

export class NodeProcess {
  readonly #child: ChildProcess;
  readonly keyFile: string;
  self: PeerId = '';
  addresses: readonly string[] = [];
  peers: readonly PeerId[] = [];
  /** What it wrote to the standard error: nothing, if nothing was thrown that nobody caught. */
  errors = '';

  private constructor(child: ChildProcess, keyFile: string) {
    this.#child = child;
    this.keyFile = keyFile;
    child.stderr?.on('data', (text) => {
      this.errors += text;
    });
    child.on('message', (message: NodeReport) => {
      if (message.kind === 'peers') this.peers = message.peers;
    });
  }

  static async start(settings: NodeProcessSettings): Promise<NodeProcess> {
    bundle ??= bundled();
    const keyFile = settings.keyFile ?? join(mkdtempSync(join(tmpdir(), 'aios-net-')), 'node.key');
    const listen = settings.listen ?? '/ip4/127.0.0.1/tcp/0';
    const child = fork(await bundle, {
      env: { ...process.env, NODE_SETTINGS: JSON.stringify({ ...settings, listen, keyFile }) },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const node = new NodeProcess(child, keyFile);
    const { self, addresses } = await node.#heard('ready');
    node.self = self;
    node.addresses = addresses;
    return node;
  }

  async load(order: Omit<LoadOrder, 'kind'>): Promise<LoadFigures> {
    const figures = this.#heard('figures');
    this.#child.send({ kind: 'load', ...order });
    return figures;
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.send({ kind: 'close' });
    await ended;
  }

  #heard<Kind extends NodeReport['kind']>(kind: Kind): Promise<Extract<NodeReport, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`A node's process has ended: ${this.errors}`));
      const heard = (message: NodeReport) => {
        if (message.kind !== kind) return;
        this.#child.off('message', heard);
        this.#child.off('exit', ended);
        resolve(message as Extract<NodeReport, { kind: Kind }>);
      };
      this.#child.on('message', heard);
      this.#child.once('exit', ended);
    });
  }
}
