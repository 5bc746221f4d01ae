// The members of the supergraph that ship with the product, as they are committed: what deployments are composed with.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { SubgraphDefinition } from '#schema/compose/compose-supergraph.ts';
import { houseSubgraphs } from '../house.ts';

const extension = '.graphql';

/** @throws AiosError `SUPERGRAPH_UNREADABLE` */
export async function committedSubgraphs(): Promise<SubgraphDefinition[]> {
  const folder = join(packageRoot, 'schema/subgraphs');
  const house = new Set(houseSubgraphs.map(({ name }) => name));
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith(extension)).sort();
    return await Promise.all(
      files.map(async (file) => {
        const name = basename(file, extension);
        return { name, sdl: await readFile(join(folder, file), 'utf8'), indexed: house.has(name) };
      }),
    );
  } catch (error) {
    throw new AiosError(
      'SUPERGRAPH_UNREADABLE',
      `${folder} cannot be read (${messageOf(error)}). Restore it from version control, or run: npm run aios -- supergraph compose`,
    );
  }
}
