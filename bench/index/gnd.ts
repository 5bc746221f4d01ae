// graph-node as a rival: gnd as npm ships it (built with debug assertions: an oracle, not graph-node's speed), or a release build of
// graph-node given by its path.
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { ask, BenchChild } from './child.ts';
import { DeployedFiles } from './ipfs-files.ts';
import type { Race, Rival, Running } from './rival.ts';
import { subgraphRows } from './subgraph-rows.ts';

const gndBinary = join(packageRoot, 'bench/peers/node_modules/.bin/gnd');
const NAME = 'subgraph-0';

/** Speaks as much of IPFS as graph-node needs: its version, and the files of the deployed subgraph. */
function serveIpfs(port: number, files: DeployedFiles): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://ipfs');
    const id = url.searchParams.get('arg') ?? url.pathname.split('/').find((part) => part.startsWith('Qm'));
    const file = id ? files.get(id.replace(/^\/?(ipfs\/)?/, '')) : undefined;
    if (file) response.end(file);
    else
      response
        .setHeader('content-type', 'application/json')
        .end('{"Version":"0.20.0","Commit":"","Repo":"12"}');
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

/** @param release path of a graph-node binary; undefined for gnd from npm */
export function graphNode(release?: string): Rival {
  return {
    name: release ? 'graph-node' : 'gnd',
    async start({ chain, project, databaseUrl, folder, dex }: Race): Promise<Running> {
      if (release ? !existsSync(release) : !existsSync(gndBinary))
        throw new Error(
          release ? `there is no ${release}` : 'gnd is not installed: run npm ci --prefix bench/peers',
        );
      const work = join(folder, 'project');
      mkdirSync(work, { recursive: true });
      cpSync(project, work, { recursive: true, filter: (path) => !path.includes('node_modules') });
      const files = DeployedFiles.of(join(work, 'build'));
      const [http, index, admin, metrics, ipfs] = await Promise.all(
        Array.from({ length: 5 }, () => freePort()),
      );
      const server = await serveIpfs(ipfs as number, files);
      const ports = [
        ...['--postgres-url', databaseUrl, '--ethereum-rpc', `mainnet:${chain.url}`],
        ...['--ipfs', `http://127.0.0.1:${ipfs}`, '--http-port', `${http}`, '--admin-port', `${admin}`],
        ...['--metrics-port', `${metrics}`],
      ];
      const child = new BenchChild(
        release ? 'graph-node' : 'gnd',
        release ?? gndBinary,
        release
          ? ['--node-id', 'bench', ...ports, '--index-node-port', `${index}`]
          : ['dev', '--manifests', './subgraph.yaml', ...ports, '--index-node-port', `${index}`],
        { cwd: work, folder, env: { ETHEREUM_REORG_THRESHOLD: '1', GRAPH_LOG: 'warn' } },
      );
      const status = async () => {
        const answer = await ask<{
          data?: { _meta?: { block: { number: number }; hasIndexingErrors: boolean } };
        }>(`http://127.0.0.1:${http}/subgraphs/name/${NAME}`, {
          query: '{ _meta { block { number } hasIndexingErrors } }',
        });
        return answer?.data?._meta;
      };
      if (release) await deployTo(child, `http://127.0.0.1:${admin}`, files.manifestId);
      return {
        pid: child.pid,
        arrived: () =>
          child.until(async () => {
            const meta = await status();
            if (meta?.hasIndexingErrors) throw new Error(`${child.pid} reports indexing errors`);
            return (meta?.block.number ?? -1) >= chain.head;
          }, 250),
        rows: () => subgraphRows(databaseUrl, dex),
        notes: () => [],
        async stop() {
          await child.stop();
          server.close();
        },
      };
    },
  };
}

async function deployTo(child: BenchChild, admin: string, id: string): Promise<void> {
  const order = (method: string, params: unknown) =>
    ask<{ error?: { message: string } }>(admin, { jsonrpc: '2.0', id: 1, method, params });
  await child.until(async () => (await order('subgraph_create', { name: NAME })) !== undefined);
  const answer = await order('subgraph_deploy', { name: NAME, ipfs_hash: id });
  if (answer?.error) throw new Error(`graph-node refused the subgraph: ${answer.error.message}`);
}
