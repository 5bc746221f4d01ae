#!/usr/bin/env node
import { spawn } from 'node:child_process';
// Builds the projects of The Graph in this folder with graph-cli (codegen and build) into dist/subgraphs/NAME, as graph-cli lays
// them out, and leaves alone what has not changed. `node subgraphs/build.mjs` builds all; `--project DIR --out DIR` builds any other
// project; `--force` builds what is up to date, too.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const house = dirname(fileURLToPath(import.meta.url));
const root = dirname(house);
const graphCli = join(dirname(require.resolve('@graphprotocol/graph-cli/package.json')), 'bin', 'run.js');

/** graph-cli is busy on one core for seconds; more at once than this only makes a small machine swap. */
const atOnce = 2;

const { values } = parseArgs({
  options: { project: { type: 'string' }, out: { type: 'string' }, force: { type: 'boolean' } },
});
if ((values.project === undefined) !== (values.out === undefined)) {
  process.stderr.write(
    '--project DIR and --out DIR go together: where the project is, and where the build goes\n',
  );
  process.exit(2);
}

/** Files that decide the build: everything in the project but what graph-cli writes there, and graph-cli itself. */
function contentHash(folder) {
  const hash = createHash('sha256');
  for (const name of ['@graphprotocol/graph-cli', '@graphprotocol/graph-ts']) {
    hash.update(`${name} ${require(`${name}/package.json`).version}\n`);
  }
  const visit = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (directory !== folder || !['build', 'generated', 'node_modules'].includes(entry.name)) visit(path);
      } else {
        const content = readFileSync(path);
        hash.update(`${relative(folder, path)} ${content.length}\n`).update(content);
      }
    }
  };
  visit(folder);
  return hash.digest('hex');
}

function graph(folder, ...args) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [graphCli, ...args], {
      cwd: folder,
      // Its notices and its telemetry have no place in a build.
      env: { ...process.env, CI: '1', NO_COLOR: '1', NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0
        ? done()
        : fail(new Error(`graph ${args[0]} failed in ${relative(process.cwd(), folder) || '.'}:\n${output}`)),
    );
  });
}

async function buildProject(folder, out) {
  const started = performance.now();
  const stamp = join(out, 'content-hash');
  const hash = contentHash(folder);
  if (!values.force && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  // Built aside and moved: a build that is interrupted leaves the old one.
  const aside = `${out}.${process.pid}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(dirname(out), { recursive: true });
  await graph(folder, 'codegen', '--output-dir', 'generated');
  await graph(folder, 'build', '--output-dir', aside);
  writeFileSync(join(aside, 'content-hash'), hash);
  rmSync(out, { recursive: true, force: true });
  renameSync(aside, out);
  process.stdout.write(
    `subgraph ${relative(root, folder)}: built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
}

const projects = values.project
  ? [{ folder: resolve(values.project), out: resolve(values.out) }]
  : readdirSync(house)
      .filter((name) => existsSync(join(house, name, 'subgraph.yaml')))
      .map((name) => ({ folder: join(house, name), out: join(root, 'dist', 'subgraphs', name) }));

const failures = [];
await Promise.all(
  Array.from({ length: Math.min(atOnce, projects.length) }, async () => {
    for (let project = projects.pop(); project; project = projects.pop()) {
      await buildProject(project.folder, project.out).catch((error) => failures.push(error));
    }
  }),
);
for (const error of failures) process.stderr.write(`${error.message}\n`);
if (failures.length > 0) process.exit(1);
