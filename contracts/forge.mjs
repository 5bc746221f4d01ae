#!/usr/bin/env node
// Runs forge as this package is set up for it: `node contracts/forge.mjs build`, `… test`, `FOUNDRY_PROFILE=long node contracts/forge.mjs test`.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const contractsFolder = dirname(fileURLToPath(import.meta.url));
const root = dirname(contractsFolder);

/** Path of the forge binary that npm installed for this platform. */
export function resolveForgeBinary(platform = process.platform, arch = process.arch) {
  const system = platform === 'win32' ? 'win32' : platform;
  const name = `@foundry-rs/forge-${system}-${arch === 'x64' ? 'amd64' : arch}`;
  try {
    return join(
      dirname(require.resolve(`${name}/package.json`)),
      'bin',
      system === 'win32' ? 'forge.exe' : 'forge',
    );
  } catch {
    throw new Error(
      `forge for ${platform}/${arch} is not installed: package ${name} is missing. Run npm ci without --omit=optional; ` +
        'forge is published for linux and darwin (x64, arm64) and for Windows (x64).',
    );
  }
}

/**
 * Runs forge with the given arguments to its end. Its output is inherited, or collected with `capture`.
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function runForge(args, { capture = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(resolveForgeBinary(), [args[0], '--root', root, ...args.slice(1)], {
      cwd: root,
      env: {
        ...process.env,
        FOUNDRY_CONFIG: join(contractsFolder, 'foundry.toml'),
        FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
        ...env,
      },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr }));
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { code } = await runForge(process.argv.slice(2));
  process.exitCode = code;
}
