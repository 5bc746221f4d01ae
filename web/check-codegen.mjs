// Fails when web/generated differs from what codegen.yml makes of schema/supergraph.graphql and web's operations now.
// Generates into a scratch folder beside it and compares; never changes web/generated itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(root, 'web/.codegen-'));
try {
  const config = join(scratch, 'codegen.yml');
  const text = readFileSync(join(root, 'codegen.yml'), 'utf8');
  writeFileSync(config, text.replace('web/generated/:', `${scratch}/out/:`));
  const bin = join(root, 'node_modules/@graphql-codegen/cli/esm/bin.js');
  execFileSync(process.execPath, [bin, '--config', config], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  const folder = (path) =>
    new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
  const committed = folder(join(root, 'web/generated'));
  const fresh = folder(join(scratch, 'out'));
  const drifted = [...new Set([...committed.keys(), ...fresh.keys()])].filter(
    (name) => committed.get(name) !== fresh.get(name),
  );
  if (drifted.length > 0) {
    console.error(`check-codegen: web/generated is not what codegen makes now: ${drifted.join(', ')}.`);
    console.error('Run `npx graphql-codegen --config codegen.yml` and commit the result.');
    process.exitCode = 1;
  } else {
    console.log(`web/generated agrees with codegen.yml (${fresh.size} files)`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
