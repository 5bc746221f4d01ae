// Checks, when a subgraph is deployed, that the deployment it grafts onto can give it the history it asks for.
import { fileEntities } from '#indexer/manifest/file-template.ts';
import type { LoadedSubgraph } from '#indexer/manifest/manifest.ts';
import { type DeploymentStore, graftObstacles, layoutOf } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { SourceSpec } from '../sources/open-source.ts';
import type { Overrides } from './assignments.ts';
import { boundId } from './bound-id.ts';

/**
 * The base that the manifest names, checked as graph-node checks it. On another network than the manifest's, the base is looked
 * for as it was bound there.
 *
 * @throws AiosError `GRAFT_INVALID` naming the line and what to do
 */
export async function graftOf(
  store: DeploymentStore,
  subgraph: LoadedSubgraph,
  id: string,
  source: SourceSpec,
  network: string,
  overrides: Overrides,
  reorgThreshold: number,
): Promise<{ base: string; block: number } | undefined> {
  const { graft } = subgraph;
  if (!graft) return undefined;
  const records = new Map((await store.list()).map((record) => [record.id, record]));
  // What stands already was checked when it was made; its base may be gone since.
  if (records.has(id)) return graft;
  const bound = boundId(graft.base, source, overrides);
  const base = records.get(graft.base) ?? records.get(bound) ?? records.get(boundId(graft.base, source, {}));
  const { block } = graft;
  const refuse = (what: string) =>
    new AiosError('GRAFT_INVALID', `subgraph.yaml:${graft.line}: graft: ${what}`, { details: { ...graft } });
  if (!base)
    throw refuse(
      `the base ${graft.base} is not deployed here: deploy it first (aios subgraph deploy NAME FOLDER) and let it pass block ${block}`,
    );
  const what = `cannot graft onto ${base.id} at block ${block}: `;
  if (base.chain !== network) throw refuse(`${what}it indexes ${base.chain}, not ${network}`);
  if (!base.head)
    throw refuse(`${what}it has not processed any blocks yet; wait until it has passed block ${block}`);
  const { number } = base.head;
  if (base.firstErrorBlock !== null && block >= number)
    throw refuse(`${what}it is not healthy; graft at block ${number - 1} or before`);
  if (number < block)
    throw refuse(`${what}it has only processed block ${number}; wait, or graft at an earlier block`);
  if (base.firstErrorBlock === null && block + reorgThreshold > number)
    throw refuse(
      `${what}it is at block ${number}, within the ${reorgThreshold} blocks that may be reorganised; wait, or graft at block ${Math.max(0, number - reorgThreshold)}`,
    );
  if (block < base.earliestBlock)
    throw refuse(`${what}its earliest block is ${base.earliestBlock}; graft there or later`);
  const deployment = await store.open(base.id);
  const obstacles = graftObstacles(
    layoutOf(subgraph.schema, 0, { fileEntities: fileEntities(subgraph) }),
    deployment.layout,
  );
  const templates = new Set(subgraph.templates.map(({ name }) => name));
  for (const { template, createdAt } of await deployment.dataSources())
    if (createdAt <= block && !templates.has(template))
      obstacles.push(`the base has data sources of the template ${template}, which this subgraph lacks`);
  if (obstacles.length > 0)
    throw refuse(`${what}the schemas do not fit: ${[...new Set(obstacles)].join('; ')}`);
  return { base: base.id, block };
}
