// The data that the query benchmark asks for: a directory and a market, written as the indexer writes them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { devnetAddresses } from '#contracts/generated/devnet-addresses.ts';
import type { BlockOutcome, EntityModification, Hex } from '#indexer/model.ts';
import { type Deployment, DeploymentStore, type Lease } from '#indexer/store/index.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { saveChain } from '#node/platform/settings.ts';

export const CHAIN_ID = 31_337;

const MEMBERS = 3;
const GRANTS = 2;
const BLOCKS = 20;
const START = 1_700_000_000n;

const hashOf = (number: number): Hex => `0x${number.toString(16).padStart(64, '0')}`;

/** 20 bytes that differ with the seed, or 32. */
function bytes(seed: number, length = 20): Uint8Array {
  const made = new Uint8Array(length).fill(0x11);
  new DataView(made.buffer).setUint32(0, seed);
  return made;
}

/** Owners are fewer than networks, as in a real directory. */
const ownerOf = (network: number) => bytes(network % 500);

function outcome(number: number, modifications: readonly EntityModification[]): BlockOutcome {
  return {
    block: { number, hash: hashOf(number) },
    parentHash: hashOf(number - 1),
    timestamp: Number(START) + number,
    modifications,
    createdDataSources: [],
  };
}

function network(number: number, name: string, createdAt: bigint): EntityModification {
  const id = String(number);
  const owner = ownerOf(number);
  return {
    type: 'Network',
    id,
    isNew: true,
    data: {
      id,
      tokenId: BigInt(number),
      owner,
      creator: owner,
      name,
      metadataURI: `ipfs://network/${id}`,
      isPublic: true,
      communityCount: 0,
      environmentCount: 0,
      memberCount: MEMBERS,
      createdAt,
      createdAtBlock: createdAt - START,
      createdTransaction: bytes(number, 32),
      updatedAt: createdAt,
    },
  };
}

function membersOf(number: number, createdAt: bigint): EntityModification[] {
  const made: EntityModification[] = [];
  const roles = ['ADMIN', 'MEMBER'];
  for (let index = 0; index < MEMBERS; index++) {
    const address = bytes(10_000 + ((number * 7 + index) % 5_000));
    const member = `${number}-${index}`;
    const data = { id: member, network: String(number), address, roles, active: true, joinedAt: createdAt };
    made.push({ type: 'Member', id: member, isNew: true, data });
    for (const roleName of roles.slice(0, GRANTS)) {
      const id = `${number}-${roleName}-${index}`;
      const grant = {
        id,
        network: String(number),
        member,
        role: bytes(roleName.length, 32),
        roleName,
        account: address,
        grantedBy: ownerOf(number),
        grantedAt: createdAt,
        active: true,
      };
      made.push({ type: 'RoleGrant', id, isNew: true, data: grant });
    }
  }
  return made;
}

function trade(number: number): EntityModification[] {
  const at = START + BigInt(number);
  const id = String(number);
  const agent = String(number % 100);
  const [seller, buyer, transaction] = [ownerOf(number), ownerOf(number + 1), bytes(number, 32)];
  const price = 10n ** 18n * BigInt(1 + (number % 50));
  const listing = {
    id,
    listingId: BigInt(number),
    collection: bytes(1),
    tokenId: BigInt(number),
    amount: 1n,
    agent,
    seller,
    price,
    status: 'SOLD',
    createdAt: at,
    createdTransaction: transaction,
    closedAt: at,
  };
  const saleId = bytes(number, 36);
  const sale = {
    id: saleId,
    listing: id,
    agent,
    collection: bytes(1),
    tokenId: BigInt(number),
    amount: 1n,
    seller,
    buyer,
    price,
    fee: price / 20n,
    burned: price / 40n,
    buyback: price / 200n,
    treasury: price / 50n,
    royalty: 0n,
    royaltyReceiver: bytes(0),
    proceeds: price - price / 20n,
    timestamp: at,
    block: BigInt(number),
    transaction,
  };
  return [
    { type: 'Listing', id, isNew: true, data: listing },
    { type: 'Sale', id: saleId, isNew: true, data: sale },
  ];
}

async function deploy(store: DeploymentStore, name: string): Promise<[Deployment, Lease]> {
  const schema = readFileSync(join(packageRoot, 'subgraphs', name, 'schema.graphql'), 'utf8');
  const id = `QmBench${name}`;
  const deployment = await store.create({ id, chain: 'bench', manifest: '', schema, feed: true });
  const lease = await deployment.acquireLease('bench', 3_600_000);
  if (!lease) throw new Error(`the lease of ${id} is taken`);
  await store.assignName(name, id);
  return [deployment, lease];
}

/** A directory under the writer's control. */
export interface Directory {
  /** Commits one new network in a block of its own. */
  create(name: string): Promise<void>;
}

/**
 * Deploys `directory` and `market` and fills them through `commitBatch`, the indexer's own way of writing: as many networks
 * (each with 3 members of 2 roles) and sales as asked. Services add theirs once they have made their tables (`seedServices`).
 */
export async function seedDeployments(pool: pg.Pool, networks: number): Promise<Directory> {
  const store = new DeploymentStore(pool);
  const [directory, lease] = await deploy(store, 'directory');
  const [market, marketLease] = await deploy(store, 'market');
  const share = Math.ceil(networks / BLOCKS);
  for (let block = 1; block <= BLOCKS; block++) {
    const numbers = Array.from({ length: share }, (_, index) => (block - 1) * share + index + 1);
    const entities = numbers.flatMap((number) => {
      const createdAt = START + BigInt(number);
      return [network(number, `Network ${number}`, createdAt), ...membersOf(number, createdAt)];
    });
    await directory.commitBatch(lease, [outcome(block, entities)]);
    await market.commitBatch(marketLease, [outcome(block, numbers.flatMap(trade))]);
  }
  await pool.query('analyze');
  let block = BLOCKS;
  let number = share * BLOCKS;
  return {
    async create(name) {
      block += 1;
      number += 1;
      await directory.commitBatch(lease, [outcome(block, [network(number, name, START + BigInt(number))])]);
    },
  };
}

/** A profile for every network, and accounts for one owner in three: the others are known by their address alone. */
export async function seedServices(pool: pg.Pool, networks: number, chainId: number): Promise<void> {
  await pool.query(
    `insert into networks.profiles (network, description, tags, updated_at, updated_by)
     select n::text, 'What network ' || n || ' does, in a sentence or two of ordinary length for a profile.',
            array['food', 'region-' || n % 20, 'b2b'], now(), 'did:bench'
       from generate_series(1, $1::int) n`,
    [networks],
  );
  const owners = Array.from({ length: 500 }, (_, index) => index).filter((index) => index % 3 === 0);
  const caip10 = owners.map((index) => `eip155:${chainId}:0x${Buffer.from(ownerOf(index)).toString('hex')}`);
  const dids = caip10.map((account) => `did:pkh:${account}`);
  await pool.query('insert into identity.accounts (id) select unnest($1::text[])', [dids]);
  await pool.query(
    `insert into identity.addresses (caip10, account_id, kind) select a, d, 'proven' from unnest($1::text[], $2::text[]) item (a, d)`,
    [caip10, dids],
  );
  await pool.query('analyze');
}

/** The chain that services want to know of; nobody asks it anything in these benchmarks. */
export function saveBenchChain(pool: pg.Pool, rpcUrl: string): Promise<void> {
  return saveChain(pool, {
    ...{ name: 'bench', chainId: CHAIN_ID, rpcUrls: [rpcUrl], contracts: { ...devnetAddresses } },
    ...{ finalityDepth: 64, pollMs: 1_000, devnet: true },
  });
}
