// Accounts: one person or business, named by a DID, and the chain addresses that belong to it.
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import {
  addressOf,
  caip10,
  dagAddressOf,
  dagAddressOfDid,
  dagCaip10,
  didOfAddress,
  keyOfDid,
} from './did.ts';
import type { IdentityTables } from './tables.ts';

/** `id` is the DID. An address nobody has signed in with has an account too: its did:pkh, which needs no row. */
export interface Account {
  readonly id: string;
  readonly did: string;
  /** CAIP-10, in the order of linking. */
  readonly accounts: readonly string[];
  /** The EVM addresses of `accounts`, lower-case, without repetition. */
  readonly addresses: readonly string[];
  /** Its addresses on the AiOS chain, lower-case. */
  readonly dagAddresses: readonly string[];
  /** True when one of its addresses is an account of the embedded devnet: it must never hold anything of value. */
  readonly isDevnet: boolean;
}

/** Accounts that the embedded devnet keeps keys for. */
export interface DevnetAddresses {
  /** The address reserved for an account: always the same for the same DID, and funded. */
  addressFor(did: string): Promise<string>;
  /** Whether the key of `address` is published or kept by the devnet. */
  isDevnetAddress(address: string): boolean;
}

interface AddressRow {
  readonly caip10: string;
  readonly kind: 'proven' | 'devnet';
}

/** An account asked for: by the address that may be linked to one, by a DID, or by both, the linked one first. */
interface Wanted {
  readonly caip10: string | null;
  readonly did: string;
}

/** One row for each address of each account wanted, and one for an account without any. */
interface WantedRow {
  readonly place: string;
  readonly id: string;
  readonly caip10: string | null;
  readonly kind: AddressRow['kind'] | null;
}

export interface AccountsOptions {
  readonly pool: pg.Pool;
  readonly db: Kysely<IdentityTables>;
  /** The chain on which a bare address is meant. */
  readonly chainId: number;
  /** Of the AiOS chain. */
  readonly dagChainId: number;
  readonly devnet?: DevnetAddresses;
}

export class Accounts {
  readonly #pool: pg.Pool;
  readonly #db: Kysely<IdentityTables>;
  readonly #chainId: number;
  readonly #dagChainId: number;
  readonly #devnet: DevnetAddresses | undefined;

  constructor(options: AccountsOptions) {
    this.#pool = options.pool;
    this.#db = options.db;
    this.#chainId = options.chainId;
    this.#dagChainId = options.dagChainId;
    this.#devnet = options.devnet;
  }

  /** The accounts that hold these EVM addresses, in the order asked. Never fails: see `Account`. */
  async byAddresses(addresses: readonly string[]): Promise<readonly Account[]> {
    const keys = addresses.map((address) => caip10(this.#chainId, address));
    return this.#load(keys.map((key) => ({ caip10: key, did: `did:pkh:${key}` })));
  }

  /**
   * The accounts that have proven these addresses of the AiOS chain, in the order asked; null where nobody has. An address is a
   * hash of its key, so that it names no account by itself.
   */
  async byDagAddresses(addresses: readonly string[]): Promise<readonly (Account | null)[]> {
    const keys = addresses.map((address) => dagCaip10(this.#dagChainId, address));
    const owners = await this.#owners(keys);
    const ids = [...new Set(owners.values())];
    const accounts = new Map((await this.byIds(ids)).map((account) => [account.id, account]));
    return keys.map((key) => accounts.get(owners.get(key) ?? '') ?? null);
  }

  /**
   * The accounts of these DIDs, in the order asked; null for what is no DID of ours. The did:pkh of an address that
   * was linked to another account resolves to that account.
   */
  async byDids(dids: readonly string[]): Promise<readonly (Account | null)[]> {
    const keyOf = (did: string) => (addressOf(did) ? did.slice('did:pkh:'.length) : null);
    const found = await this.#load(dids.map((did) => ({ caip10: keyOf(did), did })));
    return found.map((account) => (isResolvable(account.id) ? account : null));
  }

  /** Like `byDids` without following links: exactly the accounts of these ids, which must be DIDs of ours. */
  async byIds(ids: readonly string[]): Promise<readonly Account[]> {
    return this.#load(ids.map((did) => ({ caip10: null, did })));
  }

  /** Makes the account of a DID that has just been proven, and on the devnet gives it an address. */
  async ensure(did: string): Promise<Account> {
    const rows: { caip10: string; kind: 'proven' | 'devnet' }[] = [];
    if (did.startsWith('did:pkh:')) rows.push({ caip10: did.slice('did:pkh:'.length), kind: 'proven' });
    // The key that signs in is the key of an address there.
    else rows.push({ caip10: dagCaip10(this.#dagChainId, dagAddressOfDid(did)), kind: 'proven' });
    if (this.#devnet) {
      rows.push({ caip10: caip10(this.#chainId, await this.#devnet.addressFor(did)), kind: 'devnet' });
    }
    await this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('identity.accounts')
        .values({ id: did })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const row of rows) {
        await transaction
          .insertInto('identity.addresses')
          .values({ ...row, account_id: did })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    });
    const [account] = await this.byIds([did]);
    if (!account) throw new Error(`account ${did} vanished while it was made`);
    return account;
  }

  /** The DID that signs in with `address`: the account it is linked to, or its own did:pkh. */
  async didForAddress(address: string): Promise<string> {
    const key = caip10(this.#chainId, address);
    return (await this.#owners([key])).get(key) ?? didOfAddress(this.#chainId, address);
  }

  /**
   * Links what a signature has proven to an account: an EVM address, or a did:aios, whose address on the AiOS chain is meant.
   * @returns the account whose address it was until now, so that its sessions can be ended.
   * @throws AiosError ADDRESS_LINKED_ELSEWHERE when another DID holds it.
   */
  async link(did: string, subject: string): Promise<string | undefined> {
    const isKey = subject.startsWith('did:');
    const address = isKey ? dagAddressOfDid(subject) : subject;
    const key = isKey ? dagCaip10(this.#dagChainId, address) : caip10(this.#chainId, address);
    const own = isKey ? subject : didOfAddress(this.#chainId, address);
    return this.#db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('identity.addresses')
        .values({ caip10: key, account_id: did, kind: 'proven' })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await transaction
        .selectFrom('identity.addresses')
        .select(['account_id', 'kind'])
        .where('caip10', '=', key)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (row.account_id === did) return undefined;
      // An address may leave the account that is only itself, and no other.
      if (row.account_id !== own || row.kind !== 'proven') {
        throw new AiosError(
          'ADDRESS_LINKED_ELSEWHERE',
          `${address} belongs to another account. Sign in with it to use that account, or link a different address.`,
        );
      }
      await transaction
        .updateTable('identity.addresses')
        .set({ account_id: did, linked_at: new Date() })
        .where('caip10', '=', key)
        .execute();
      return row.account_id;
    });
  }

  /** The accounts wanted, in that order. One prepared statement: lists of other subgraphs' entities come through here. */
  async #load(wanted: readonly Wanted[]): Promise<Account[]> {
    if (wanted.length === 0) return [];
    const { rows } = await this.#pool.query<WantedRow>({
      name: 'identity-accounts',
      text: `select w.place, coalesce(owner.account_id, w.did) as id, a.caip10, a.kind
               from unnest($1::text[], $2::text[]) with ordinality as w (caip10, did, place)
               left join identity.addresses owner on owner.caip10 = w.caip10
               left join identity.addresses a on a.account_id = coalesce(owner.account_id, w.did)
              order by w.place, a.linked_at, a.caip10`,
      values: [wanted.map(({ caip10 }) => caip10), wanted.map(({ did }) => did)],
    });
    const ids: string[] = [];
    const addresses: AddressRow[][] = wanted.map(() => []);
    for (const { place, id, caip10, kind } of rows) {
      const at = Number(place) - 1;
      ids[at] = id;
      if (caip10 !== null && kind !== null) addresses[at]?.push({ caip10, kind });
    }
    return ids.map((id, at) => this.#account(id, addresses[at] ?? []));
  }

  async #owners(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('identity.addresses')
      .select(['caip10', 'account_id'])
      .where('caip10', 'in', [...new Set(keys)])
      .execute();
    return new Map(rows.map((row) => [row.caip10, row.account_id]));
  }

  #account(id: string, rows: readonly AddressRow[]): Account {
    // The address of a did:pkh belongs to it from the start, with or without a row.
    const accounts =
      rows.length === 0 && id.startsWith('did:pkh:')
        ? [id.slice('did:pkh:'.length)]
        : rows.map((row) => row.caip10);
    const addresses = [...new Set(accounts.flatMap((account) => addressOf(account) ?? []))];
    const dagAddresses = accounts.flatMap((account) => dagAddressOf(this.#dagChainId, account) ?? []);
    return {
      id,
      did: id,
      accounts,
      addresses,
      dagAddresses,
      isDevnet:
        rows.some((row) => row.kind === 'devnet') ||
        addresses.some((address) => this.#devnet?.isDevnetAddress(address) === true),
    };
  }
}

/** Whether a DID is one whose document we can make. */
export function isResolvable(did: string): boolean {
  if (did.startsWith('did:pkh:')) return addressOf(did) !== null;
  try {
    keyOfDid(did);
    return true;
  } catch {
    return false;
  }
}
