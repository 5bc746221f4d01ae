// `aios supergraph compose`: the committed contract, from the subgraphs of this checkout.
import { join } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { writeSupergraph } from '#schema/compose/write-supergraph.ts';
import { green } from '../cli/screen.ts';
import { subgraphDefinitions } from '../product/members.ts';

export async function compose(options: { check?: boolean }): Promise<void> {
  const { drifted } = await writeSupergraph({
    subgraphs: await subgraphDefinitions(),
    folder: join(packageRoot, 'schema'),
    check: options.check,
  });
  if (options.check && drifted.length > 0) {
    throw new AiosError(
      'SUPERGRAPH_DRIFT',
      `What is committed differs from the code: ${drifted.map((file) => `schema/${file}`).join(', ')}. Run: npm run aios -- supergraph compose`,
    );
  }
  process.stdout.write(
    `${green('ok')} ${drifted.length > 0 ? `wrote ${drifted.map((file) => `schema/${file}`).join(', ')}` : 'nothing has changed'}\n`,
  );
}
