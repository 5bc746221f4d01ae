#!/usr/bin/env node
// Writes what the rest of the code knows of the contracts, all from forge's output: ABIs and bytecode as TypeScript, the subgraphs'
// ABI files, and the devnet's addresses in the subgraphs' manifests. `--check` writes nothing and fails when a committed file differs.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Interface, keccak256 } from 'ethers';
import { runForge } from './forge.mjs';

const contractsFolder = dirname(fileURLToPath(import.meta.url));
const root = dirname(contractsFolder);
const check = process.argv.includes('--check');

/** Solidity name → file and identifier in contracts/generated. */
const contracts = [
  { name: 'AiOSToken', file: 'aios-token', identifier: 'aiosToken' },
  { name: 'NetworkRegistry', file: 'network-registry', identifier: 'networkRegistry' },
  { name: 'AgentRegistry', file: 'agent-registry', identifier: 'agentRegistry' },
  { name: 'AiNFT', file: 'ai-nft', identifier: 'aiNft' },
  { name: 'FeePolicy', file: 'fee-policy', identifier: 'feePolicy' },
  { name: 'Marketplace', file: 'marketplace', identifier: 'marketplace' },
  { name: 'ModelRegistry', file: 'model-registry', identifier: 'modelRegistry' },
  { name: 'ProofRegistry', file: 'proof-registry', identifier: 'proofRegistry' },
  { name: 'RunAnchor', file: 'run-anchor', identifier: 'runAnchor' },
];

/** Which contracts' ABIs a house subgraph reads; a manifest's data source has the contract's name. */
const subgraphs = {
  directory: ['NetworkRegistry'],
  market: ['AiOSToken', 'AgentRegistry', 'AiNFT', 'Marketplace'],
  proofs: ['ModelRegistry', 'ProofRegistry', 'RunAnchor'],
};

const drifted = [];

function emit(path, content) {
  let present;
  try {
    present = readFileSync(path, 'utf8');
  } catch {
    present = undefined;
  }
  if (present === content) return;
  if (check) {
    drifted.push(relative(root, path));
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  process.stdout.write(`wrote ${relative(root, path)}\n`);
}

function artifactOf(name) {
  return JSON.parse(readFileSync(join(contractsFolder, 'out', `${name}.sol`, `${name}.json`), 'utf8'));
}

/** keccak256 of the runtime code with every immutable zeroed, and where the immutables are: [start, length] in bytes. */
function codeFingerprint(artifact) {
  const code = Buffer.from(artifact.deployedBytecode.object.slice(2), 'hex');
  const immutables = Object.values(artifact.deployedBytecode.immutableReferences ?? {})
    .flat()
    .map(({ start, length }) => [start, length])
    .sort((left, right) => left[0] - right[0]);
  for (const [start, length] of immutables) code.fill(0, start, start + length);
  return { immutables, codeHash: keccak256(code) };
}

const { code, stdout, stderr } = await runForge(['build'], { capture: true });
if (code !== 0) {
  process.stderr.write(`${stdout}${stderr}\nforge could not build the contracts (exit ${code}); see above\n`);
  process.exit(1);
}

for (const { name, file, identifier } of contracts) {
  const artifact = artifactOf(name);
  const { immutables, codeHash } = codeFingerprint(artifact);
  const abi = artifact.abi.map((entry) => `  ${JSON.stringify(entry)},`).join('\n');
  emit(
    join(contractsFolder, 'generated', `${file}.ts`),
    `// Generated from contracts/src by contracts/generate.mjs. Do not edit.

/** ABI of ${name}. */
export const ${identifier}Abi = [
${abi}
] as const;

/** Everything needed to deploy ${name} and to recognise it: \`codeHash\` is of the runtime code with the \`immutables\` ([start, length]) zeroed. */
export const ${identifier}Artifact = {
  name: ${JSON.stringify(name)},
  abi: ${identifier}Abi,
  bytecode: ${JSON.stringify(artifact.bytecode.object)},
  codeHash: ${JSON.stringify(codeHash)},
  immutables: ${JSON.stringify(immutables)},
} as const;
`,
  );
}

// The verifiers that `npm run zk:verifiers` wrote, with what the registries need to know of each.
const verifiers = JSON.parse(readFileSync(join(contractsFolder, 'src/verifiers/verifiers.json'), 'utf8'));
emit(
  join(contractsFolder, 'generated', 'verifiers.ts'),
  `// Generated from contracts/src/verifiers by contracts/generate.mjs. Do not edit.

/** Verifiers of the development keys (DEV-INSECURE: their secret is published), for the devnet only. */
export const developmentVerifiers = [
${verifiers
  .map((entry) => {
    const artifact = artifactOf(entry.name);
    const { immutables, codeHash } = codeFingerprint(artifact);
    const { selector } = new Interface(artifact.abi).getFunction('verifyProof');
    const { name, ...facts } = entry;
    return `  {
${Object.entries({ ...facts, selector })
  .map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`)
  .join('\n')}
    artifact: {
      name: ${JSON.stringify(name)},
      abi: ${JSON.stringify(artifact.abi)},
      bytecode: ${JSON.stringify(artifact.bytecode.object)},
      codeHash: ${JSON.stringify(codeHash)},
      immutables: ${JSON.stringify(immutables)},
    },
  },`;
  })
  .join('\n')}
] as const;
`,
);

for (const [subgraph, names] of Object.entries(subgraphs)) {
  for (const name of names) {
    emit(
      join(root, 'subgraphs', subgraph, 'abis', `${name}.json`),
      `${JSON.stringify(artifactOf(name).abi, null, 2)}\n`,
    );
  }
}
// An ERC-20 as any token emits it; the standard functions only.
const erc20 = artifactOf('AiOSToken').abi.filter(
  (entry) =>
    (entry.type === 'event' && entry.name === 'Transfer') ||
    (entry.type === 'function' && ['name', 'symbol', 'decimals'].includes(entry.name)),
);
emit(join(root, 'subgraphs', 'erc20', 'abis', 'ERC20.json'), `${JSON.stringify(erc20, null, 2)}\n`);

if (drifted.length === 0) {
  const planFile = join(contractsFolder, 'out', 'deployment-plan.mjs');
  await build({
    entryPoints: [join(contractsFolder, 'deployment-plan.ts')],
    outfile: planFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { devnetParties, planDeployment } = await import(pathToFileURL(planFile).href);
  const plan = planDeployment(devnetParties);
  const addressOf = new Map(plan.map(({ artifact, address }) => [artifact.name, address]));
  emit(
    join(contractsFolder, 'generated', 'devnet-addresses.ts'),
    `// Generated from contracts/deployment-plan.ts by contracts/generate.mjs. Do not edit.

/** Where the contracts stand on every devnet: CREATE2 addresses, the same on each chain for the same code and parties. */
export const devnetAddresses = {
${plan
  .filter(({ key }) => key)
  .map(({ key, address }) => `  ${key}: '${address}',`)
  .join('\n')}
} as const;
`,
  );
  for (const subgraph of Object.keys(subgraphs)) {
    const folder = join(root, 'subgraphs', subgraph);
    const networks = {
      devnet: Object.fromEntries(
        subgraphs[subgraph].map((name) => [name, { address: addressOf.get(name), startBlock: 0 }]),
      ),
    };
    emit(join(folder, 'networks.json'), `${JSON.stringify(networks, null, 2)}\n`);
    if (readdirSync(folder).includes('subgraph.yaml')) {
      let manifest = readFileSync(join(folder, 'subgraph.yaml'), 'utf8');
      for (const name of subgraphs[subgraph]) {
        manifest = manifest.replace(
          new RegExp(`(name: ${name}\\n\\s+network: devnet\\n\\s+source:\\n\\s+address: ')[^']*'`),
          `$1${addressOf.get(name)}'`,
        );
      }
      emit(join(folder, 'subgraph.yaml'), manifest);
    }
  }
}

if (drifted.length > 0) {
  process.stderr.write(
    `these files do not say what contracts/ says; run node contracts/generate.mjs and commit:\n${drifted
      .map((file) => `  ${file}\n`)
      .join('')}`,
  );
  process.exit(1);
}
