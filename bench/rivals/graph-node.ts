// graph-node (gnd, from npm, or a release build) as a process: what answers are compared with, and what speed is.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';

export interface GraphNodeOptions {
  /** Folder of a built project: `subgraph.yaml`, `schema.graphql`, modules and ABIs as `graph build` writes them. */
  readonly build: string;
  /** Network that the manifest names, and its node. */
  readonly network: string;
  readonly rpcUrl: string;
  /** A server to make graph-node's own database on (UTF8, locale C), as a user who may; the URL holds a password. */
  readonly postgresUrl: string;
  readonly databaseName?: string;
  /** graph-node's own settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of what it logs. */
  readonly onLog?: (text: string) => void;
}

/** Where npm puts gnd; @throws Error naming the command that installs it */
export function gndBinary(): string {
  const binary = join(packageRoot, 'bench/peers/node_modules/@graphprotocol/gnd-linux-x64/bin/gnd');
  if (!existsSync(binary))
    throw new Error('gnd is not installed: run "npm ci --prefix bench/peers" (Linux on x64 only)');
  return binary;
}

/**
 * ```ts
 * const node = await GraphNode.start({ build, network: 'devnet', rpcUrl, postgresUrl });
 * await node.reached(10);
 * await node.query('{ tokens { id } }');
 * ```
 */
export class GraphNode {
  readonly #child: ChildProcess;
  readonly #ipfs: Server;
  /** `/subgraphs/name/subgraph-0`: where gnd serves the first manifest. */
  readonly queryUrl: string;
  readonly statusUrl: string;
  readonly databaseUrl: string;
  #log = '';

  private constructor(
    child: ChildProcess,
    ipfs: Server,
    ports: { readonly http: number; readonly status: number },
    databaseUrl: string,
    onLog: ((text: string) => void) | undefined,
  ) {
    this.#child = child;
    this.#ipfs = ipfs;
    this.queryUrl = `http://127.0.0.1:${ports.http}/subgraphs/name/subgraph-0`;
    this.statusUrl = `http://127.0.0.1:${ports.status}/graphql`;
    this.databaseUrl = databaseUrl;
    const listen = (text: Buffer) => {
      this.#log = (this.#log + text.toString()).slice(-20_000);
      onLog?.(text.toString());
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  }

  /** Starts it and waits until it answers. */
  static async start(options: GraphNodeOptions): Promise<GraphNode> {
    const binary = gndBinary();
    const databaseUrl = await createDatabase(options.postgresUrl, options.databaseName ?? 'graph_node');
    const ipfs = await stubIpfs();
    const [http, status, admin, metrics] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const child = spawn(
      binary,
      [
        ...['dev', '--manifests', `./subgraph.yaml:${options.build}`, '--database-dir', options.build],
        ...['--postgres-url', databaseUrl, '--ethereum-rpc', `${options.network}:${options.rpcUrl}`],
        ...['--ipfs', `http://127.0.0.1:${(ipfs.address() as AddressInfo).port}`],
        ...['--http-port', String(http), '--index-node-port', String(status)],
        ...['--admin-port', String(admin), '--metrics-port', String(metrics)],
      ],
      {
        cwd: options.build,
        env: { ...process.env, ETHEREUM_REORG_THRESHOLD: '1', GRAPH_LOG: 'error', ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const node = new GraphNode(child, ipfs, { http, status }, databaseUrl, options.onLog);
    await node.#until(async () => {
      const { data } = await node.status('{ indexingStatuses { subgraph } }');
      return ((data as { indexingStatuses?: unknown[] } | undefined)?.indexingStatuses?.length ?? 0) > 0;
    }, 'deployed the subgraph');
    return node;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it has indexed a block. @throws Error when the subgraph fails, the process ends, or it takes too long */
  async reached(block: number, timeoutMs = 120_000): Promise<void> {
    await this.#until(
      async () => {
        const { data } = await this.status(
          '{ indexingStatuses { fatalError { message } chains { latestBlock { number } } } }',
        );
        const [found] = (data as { indexingStatuses: readonly IndexingStatus[] }).indexingStatuses;
        if (found?.fatalError)
          throw new Error(`graph-node: the subgraph failed: ${found.fatalError.message}`);
        return Number(found?.chains[0]?.latestBlock?.number ?? -1) >= block;
      },
      `indexed block ${block}`,
      timeoutMs,
    );
  }

  /** The text of an answer, as it came. */
  async queryText(query: string, variables?: Readonly<Record<string, unknown>>): Promise<string> {
    return (await post(this.queryUrl, { query, variables })).text();
  }

  async query(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer> {
    return JSON.parse(await this.queryText(query, variables)) as GraphQLAnswer;
  }

  /** Asks the index node's GraphQL. */
  async status(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer> {
    return (await post(this.statusUrl, { query, variables })).json() as Promise<GraphQLAnswer>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
      this.#child.kill('SIGKILL');
      await ended;
    }
    this.#ipfs.close();
    this.#ipfs.closeAllConnections();
  }

  async #until(condition: () => Promise<boolean>, what: string, timeoutMs = 120_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let problem: unknown;
    while (Date.now() < deadline) {
      if (this.#child.exitCode !== null)
        throw new Error(`graph-node ended with ${this.#child.exitCode} before it ${what}:\n${this.#log}`);
      try {
        if (await condition()) return;
      } catch (error) {
        // Connections are refused until it listens.
        if (!(error instanceof TypeError)) throw error;
        problem = error;
      }
      await delay(100);
    }
    throw new Error(
      `graph-node has not ${what} within ${timeoutMs / 1_000} s: ${problem ?? ''}\n${this.#log}`,
    );
  }
}

export interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

interface IndexingStatus {
  readonly fatalError: { readonly message: string } | null;
  readonly chains: readonly { readonly latestBlock: { readonly number: string } | null }[];
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** graph-node wants a database of locale C, and one of its own. */
async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(
      `create database "${name}" template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`,
    );
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** It asks an IPFS node for its version before it does anything; what it indexes here lies in files. */
async function stubIpfs(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Version: '0.30.0', Commit: '', Repo: '15', System: 'amd64/linux' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
