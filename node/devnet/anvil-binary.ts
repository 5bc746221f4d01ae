// Where npm put the anvil binary for this platform.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';

/**
 * Path of the anvil executable from its platform package (no install script is needed).
 * @throws AiosError ANVIL_MISSING
 */
export function resolveAnvilBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@foundry-rs/anvil-${platform}-${arch === 'x64' ? 'amd64' : arch}`;
  const require = createRequire(join(packageRoot, 'package.json'));
  try {
    const binary = join(
      dirname(require.resolve(`${name}/package.json`)),
      'bin',
      platform === 'win32' ? 'anvil.exe' : 'anvil',
    );
    if (existsSync(binary)) return binary;
  } catch {
    // Said below.
  }
  throw new AiosError(
    'ANVIL_MISSING',
    `The devnet needs anvil, and ${name} is not installed. Run npm ci without --omit=optional, or use a chain of your own ` +
      '(anvil is published for Linux and macOS on x64 and arm64, and for Windows on x64).',
  );
}
