// `aios agent deploy`: a folder becomes the active version of an agent in a network.
import { resolve } from 'node:path';
import type { AiosClient } from '#node/agents/client/index.ts';
import { agentCodeOf, packPackage, readPackage } from '#node/agents/package/agent-package.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bold, dim, green } from '../../cli/screen.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { stage } from './stage.ts';

export interface DeployOptions extends ConnectionOptions {
  readonly licence?: string;
  readonly network?: string;
  readonly environment?: string;
  readonly json?: boolean;
}

export async function deploy(folder: string, options: DeployOptions): Promise<void> {
  const quiet = options.json;
  const agent = await stage(
    'package',
    quiet,
    async () => {
      const read = await readPackage(resolve(folder));
      // What could not even be prepared is told before anything is sent.
      await agentCodeOf(read);
      return read;
    },
    ({ manifest, files, cid }) => `${manifest.name} ${manifest.version}, ${files.size} files, ${cid}`,
  );
  const client = await stage(
    'sign in',
    quiet,
    () => connect(options),
    ({ did }) => did,
  );
  const { licence, network } = await placeOf(client, options);
  const { deployment, version } = await stage('deploy', quiet, async () => {
    try {
      return await client.deploy({
        licenceId: licence,
        networkId: network,
        ...(options.environment === undefined ? {} : { environmentId: options.environment }),
        archive: packPackage(agent),
        cid: agent.cid,
      });
    } catch (error) {
      if (error instanceof AiosError && error.code === 'BODY_TOO_LARGE')
        throw new AiosError(
          error.code,
          `${error.message} Leave what the agent does not read out of the package, or raise limits.maxSignedInBodyBytes of the endpoint.`,
        );
      throw error;
    }
  });
  // The endpoint was told to refuse any other package; that it answers with this one is looked at all the same.
  if (version.cid !== agent.cid)
    throw new AiosError(
      'PACKAGE_OTHER',
      `The endpoint deployed ${version.cid}, not ${agent.cid}: do not run it, and ask the operator of ${client.endpoint.url}.`,
    );
  if (options.json) {
    const outcome = { deployment: deployment.id, version: version.number, cid: version.cid };
    process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${green('deployed')} version ${version.number} as deployment ${bold(deployment.id)} ${dim(`(${version.cid}, the same as here)`)}\n\nNext:\n  ${bold(`aios agent run ${deployment.id} --input '{…}' --follow`)}\n`,
  );
}

interface Places {
  readonly me: {
    readonly account: {
      readonly addresses: readonly string[];
    } | null;
  } | null;
}

interface Owned {
  readonly licences: readonly { readonly id: string; readonly agent: { readonly id: string } | null }[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
}

const ADDRESSES = 'query Addresses { me { account { addresses } } }';
const OWNED = `query Owned($owners: [Bytes!]!) {
  licences(first: 10, where: { owner_in: $owners }, orderBy: id) { id agent { id } }
  networks(first: 10, where: { owner_in: $owners }, orderBy: id) { id name } }`;

/** Where to deploy; when the caller did not say, what they could say is told. */
async function placeOf(
  client: AiosClient,
  { licence, network }: DeployOptions,
): Promise<{ readonly licence: string; readonly network: string }> {
  if (licence !== undefined && network !== undefined) return { licence, network };
  const { me } = await client.ask<Places>(ADDRESSES);
  const owners = (me?.account?.addresses ?? []).map((address) => address.replace(/^eip155:\d+:/, ''));
  const { licences, networks } = await client.ask<Owned>(OWNED, { owners });
  const list = (items: readonly string[]) => (items.length > 0 ? items.join(', ') : 'none');
  throw new AiosError(
    'PLACE_MISSING',
    `Say under which licence and in which network: --licence ID --network ID.\nYou hold licences: ${list(licences.map(({ id, agent }) => `${id} (agent ${agent?.id ?? '?'})`))}.\nYou own networks: ${list(networks.map(({ id, name }) => `${id} (${name})`))}. Networks that gave you a role work as well.\nThe studio's market sells licences and its networks page makes networks.`,
  );
}
