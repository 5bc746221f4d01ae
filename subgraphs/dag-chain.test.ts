// The subgraph dag, indexed for real from the chain's own RPC, says what happened: every row is compared with one that follows from the events.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IndexerService } from '#indexer/indexer-service.ts';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { graphNodeFace } from '#indexer/query/api-schema.ts';
import { createQueryExecutor } from '#indexer/query/executor.ts';
import type { DeploymentStore } from '#indexer/store/index.ts';
import { layoutOf } from '#indexer/store/layout.ts';
import { createStoreDatabase } from '#indexer/store/testing/deployments.ts';
import { GAS_PER_OPERATION } from '#node/chain/rpc/eth-block.ts';
import { RpcServer } from '#node/chain/rpc/rpc-server.ts';
import { systemAbis, systemAddresses, systemTopics, weiOf } from '#node/chain/rpc/system-events.ts';
import { decodeTransaction, operationCount } from '#node/chain/types/transaction.ts';
import { silentLogger } from '#node/platform/log.ts';
import { ReadPoint, ReadSet } from '#node/platform/operation.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { SampleChain } from './testing/sample-chain.ts';

const folder = join(packageRoot, 'dist/subgraphs/dag');
type Row = Record<string, unknown>;

describe('the manifest', () => {
  for (const [contract, abi] of Object.entries(systemAbis()))
    it(`has the ABI of ${contract} as the chain writes it (vitest -u renews it)`, async () => {
      await expect(`${JSON.stringify(abi, null, 2)}\n`).toMatchFileSnapshot(`dag/abis/${contract}.json`);
    });

  it('handles every event of every system address', async () => {
    const { dataSources } = await loadDeployment(folder);
    expect(Object.fromEntries(dataSources.map(({ name, address }) => [name, address]))).toEqual(
      systemAddresses,
    );
    const handled = dataSources.flatMap(({ mapping }) => mapping.eventHandlers.map(({ topic0 }) => topic0));
    expect(handled.sort()).toEqual(Object.values(systemTopics).sort());
  });
});

describe('the subgraph dag', () => {
  let database: TestDatabase & { readonly store: DeploymentStore };
  let cacheFolder: string;
  let server: RpcServer;
  let indexer: IndexerService;
  let ask: (query: string) => Promise<Record<string, Row[]>>;
  const chain = new SampleChain({ seed: 11, genesisTime: 1_800_000_000_000, transactions: 5 });

  beforeAll(async () => {
    while (chain.round < 260) chain.step();
    database = await createStoreDatabase();
    cacheFolder = await mkdtemp(join(tmpdir(), 'dag-'));
    server = await RpcServer.open({ view: chain.view, port: 0 });
    indexer = new IndexerService({
      databaseUrl: database.url,
      chains: {
        aios: {
          urls: [`http://127.0.0.1:${server.port}`],
          chainId: 1_051,
          finality: 'tag',
          pollIntervalMs: 50,
        },
      },
      ...{ owner: 'test', cacheFolder, log: { level: 'silent' as const }, logger: silentLogger },
    });
    await indexer.start();
    const { id } = await indexer.deploy({ folder, name: 'dag' });
    await indexed();
    const record = (await database.store.list()).find((each) => each.id === id);
    if (!record) throw new Error('the deployment is not there');
    const { schema } = await loadDeployment(folder);
    const executor = createQueryExecutor({
      pool: database.pool,
      deployment: id,
      layout: layoutOf(schema, record.sgd),
      face: graphNodeFace(schema),
    });
    ask = async (query) => {
      const result = await executor.execute({
        document: parse(query),
        context: {
          ...{ viewer: null, requestId: 'test', ip: '127.0.0.1', reads: new ReadSet() },
          readPoint: new ReadPoint(() => database.store.heads()),
          signal: new AbortController().signal,
        },
      });
      const { data, errors } = result as { data?: Record<string, Row[]>; errors?: unknown };
      if (!data) throw new Error(JSON.stringify(errors));
      return data;
    };
  }, 120_000);

  afterAll(async () => {
    await indexer?.stop();
    await server?.close();
    await database?.close();
    if (cacheFolder) await rm(cacheFolder, { recursive: true, force: true });
  });

  const indexed = () =>
    vi.waitFor(
      async () => {
        const [status] = await indexer.status();
        if (status?.state === 'failed') throw new Error(status.message ?? 'failed');
        expect(status?.head?.number).toBe(chain.head.latest);
      },
      { timeout: 60_000 },
    );

  /** All rows of a type, more than one answer holds. */
  async function all(field: string, selection: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let last = ''; ; ) {
      const { [field]: page = [] } = await ask(
        `{ ${field}(first: 1000, orderBy: id${last && `, where: { id_gt: "${last}" }`}) { id ${selection} } }`,
      );
      rows.push(...page);
      if (page.length < 1000) return rows;
      last = String(page.at(-1)?.id);
    }
  }

  const hex = (text: string) => `0x${text}`;
  const seconds = (block: (typeof chain.blocks)[number]) => Math.floor(block.header.timestamp / 1000);
  const events = () =>
    chain.blocks.flatMap((block) => block.events.map(({ event }) => ({ event, at: seconds(block) })));
  const merged = () => chain.blocks.flatMap((block) => block.merged.map((each) => ({ block, each })));
  const operations = (block: (typeof chain.blocks)[number]) =>
    block.transactions.reduce((sum, { encoded }) => sum + operationCount(decodeTransaction(encoded)), 0);
  const byId = (rows: Row[]) => rows.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  const of = <Kind extends ReturnType<typeof events>[number]['event']['kind']>(kind: Kind) =>
    events().filter(({ event }) => event.kind === kind) as {
      event: Extract<ReturnType<typeof events>[number]['event'], { kind: Kind }>;
      at: number;
    }[];
  const sum = (amounts: readonly bigint[]) =>
    weiOf(amounts.reduce((total, each) => total + each, 0n)).toString();

  it('has every block with its place in the order, its colour and who merged it', async () => {
    const rows = await all(
      'dagBlocks',
      'sequence round blueScore blue onSelectedChain transactions index timestamp selectedParent { id } parents { id } chainBlock { id } proposer { id }',
    );
    const known = new Set(merged().map(({ each }) => hex(each.id)));
    const reference = (id: string) => (known.has(hex(id)) ? [{ id: hex(id) }] : []);
    expect(rows).toEqual(
      byId(
        merged().map(({ block, each }, nth) => ({
          id: hex(each.id),
          sequence: nth + 1,
          round: each.round,
          blueScore: each.blueScore,
          blue: each.blue,
          onSelectedChain: each.id === block.id,
          transactions: each.transactions,
          index: block.index,
          timestamp: String(seconds(block)),
          selectedParent: reference(each.selectedParent)[0] ?? null,
          parents: expect.arrayContaining([]),
          chainBlock: { id: hex(block.id) },
          proposer: { id: hex(each.header.proposer) },
        })),
      ),
    );
    const parents = new Map(
      rows.map(({ id, parents }) => [id, (parents as Row[]).map((each) => each.id).sort()]),
    );
    for (const { each } of merged())
      expect(parents.get(hex(each.id))).toEqual(
        each.header.parents
          .flatMap(reference)
          .map(({ id }) => id)
          .sort(),
      );
    expect(rows.some(({ blue }) => !blue)).toBe(true);
  });

  it('has checkpoints, and how long they took to become final', async () => {
    const rows = await all(
      'dagCheckpoints',
      'epoch blockId justifiedAt finalizedAt secondsToFinal signedStake totalStake',
    );
    const finals = new Map(of('checkpointFinalized').map(({ event, at }) => [event.epoch, at]));
    expect(rows).toEqual(
      byId(
        of('checkpointJustified').map(({ event, at }) => {
          const block = chain.view.block(event.block);
          const final = finals.get(event.epoch);
          const made = block && block.index > 0 ? seconds(block) : undefined;
          return {
            id: String(event.epoch),
            epoch: event.epoch,
            blockId: hex(event.block),
            justifiedAt: String(at),
            finalizedAt: final === undefined ? null : String(final),
            secondsToFinal: final === undefined || made === undefined ? null : final - made,
            signedStake: String(weiOf(event.signedStake)),
            totalStake: String(weiOf(event.totalStake)),
          };
        }),
      ),
    );
    const { dagStats } = (await ask('{ dagStats(id: "1") { finalizedIndex } }')) as never as {
      dagStats: Row;
    };
    expect(dagStats.finalizedIndex).toBe(chain.head.finalized);
  });

  it('has validators with stakes, duties, rewards and blocks', async () => {
    const rows = await all(
      'dagValidators',
      'pool active jailed rewards commissions slashed dutiesCounted dutiesMissed blueBlocks redBlocks transactions lastRound',
    );
    const expected = chain.validators.map((validator) => {
      let pool: bigint | undefined;
      let active = true;
      for (const { event } of events()) {
        if (!('validator' in event) || event.validator !== validator) continue;
        if (event.kind === 'staked' || event.kind === 'unstaked') pool = event.pool;
        if (event.kind === 'rewarded' && pool !== undefined) pool += event.amount;
        if (event.kind === 'slashed' && pool !== undefined) pool -= event.amount;
        if (event.kind === 'validatorChanged') active = event.active;
      }
      const own = <T extends { event: { validator: string } }>(list: readonly T[]) =>
        list.filter(({ event }) => event.validator === validator);
      const blocks = merged().filter(({ each }) => each.header.proposer === validator);
      return {
        id: hex(validator),
        pool: pool === undefined ? null : String(weiOf(pool)),
        active,
        jailed: false,
        rewards: sum(own(of('rewarded')).map(({ event }) => event.amount)),
        commissions: sum(own(of('rewarded')).map(({ event }) => event.commission)),
        slashed: sum(own(of('slashed')).map(({ event }) => event.amount)),
        dutiesCounted: own(of('dutiesCounted')).length,
        dutiesMissed: own(of('dutiesCounted')).filter(({ event }) => !event.voted).length,
        blueBlocks: blocks.filter(({ each }) => each.blue).length,
        redBlocks: blocks.filter(({ each }) => !each.blue).length,
        transactions: blocks.reduce((total, { each }) => total + each.transactions, 0),
        lastRound: blocks.at(-1)?.each.round,
      };
    });
    expect(rows).toEqual(byId(expected));
    expect(of('slashed').length).toBeGreaterThan(0);
    const cuts = (await all('dagSlashes', 'reason amount reporter timestamp')).sort(
      (a, b) => Number(a.timestamp) - Number(b.timestamp),
    );
    expect(cuts).toMatchObject(
      of('slashed').map(({ event, at }) => ({
        ...{ reason: event.reason, amount: String(weiOf(event.amount)) },
        ...{ reporter: null, timestamp: String(at) },
      })),
    );
  });

  it('has stakes and what is on its way out of them', async () => {
    const stakes = await all('dagStakes', 'own staked unstaked withdrawn unbonding');
    const names = new Set(
      [...of('staked'), ...of('unstaked')].map(({ event }) => event.validator + event.owner),
    );
    const waiting = await all('dagUnbondings', 'amount releaseEpoch withdrawn');
    expect(stakes).toEqual(
      byId(
        [...names].map((name) => {
          const own = <T extends { event: { validator: string; owner: string } }>(list: readonly T[]) =>
            list.filter(({ event }) => event.validator + event.owner === name);
          return {
            id: hex(name),
            own: name.slice(0, 40) === name.slice(40),
            staked: sum(own(of('staked')).map(({ event }) => event.amount)),
            unstaked: sum(own(of('unstaked')).map(({ event }) => event.amount)),
            withdrawn: sum(own(of('withdrawn')).map(({ event }) => event.amount)),
            unbonding: waiting
              .filter(
                ({ id, withdrawn }) =>
                  withdrawn === null && String(id).startsWith(`0x${name.slice(0, 40)}-0x${name.slice(40)}`),
              )
              .sort((a, b) => Number(a.releaseEpoch) - Number(b.releaseEpoch))
              .map(({ id }) => id),
          };
        }),
      ),
    );
    for (const { amount, withdrawn } of waiting) if (withdrawn !== null) expect(withdrawn).toBe(amount);
    expect(waiting.some(({ withdrawn }) => withdrawn !== null)).toBe(true);
  });

  it('has transfers and what each account has sent and received', async () => {
    const transfers = of('transfer');
    const rows = await all('dagTransfers', 'from { id } to { id } amount timestamp');
    const text = (row: Row) => JSON.stringify({ ...row, id: undefined });
    expect(rows.map(text).sort()).toEqual(
      transfers
        .map(({ event, at }) =>
          text({
            from: { id: hex(event.from) },
            to: { id: hex(event.to) },
            amount: String(weiOf(event.amount)),
            timestamp: String(at),
          }),
        )
        .sort(),
    );
    const accounts = await all('dagAccounts', 'sent received sentCount receivedCount');
    for (const { id, ...account } of accounts) {
      const sent = transfers.filter(({ event }) => hex(event.from) === id);
      const received = transfers.filter(({ event }) => hex(event.to) === id);
      expect(account).toEqual({
        sent: sum(sent.map(({ event }) => event.amount)),
        received: sum(received.map(({ event }) => event.amount)),
        sentCount: sent.length,
        receivedCount: received.length,
      });
    }
    expect(transfers.some(({ event }) => event.from === event.to)).toBe(true);
  });

  it('has tasks and DIDs', async () => {
    const tasks = await all('dagTasks', 'status amount paid returned');
    const named = (task: Uint8Array) => hex(Buffer.from(task).toString('hex'));
    expect(tasks).toEqual(
      byId(
        of('taskEscrowed').map(({ event }) => {
          const id = named(event.task);
          const settled = of('taskSettled').find(({ event: { task } }) => named(task) === id)?.event;
          const refunded = of('taskRefunded').find(({ event: { task } }) => named(task) === id)?.event;
          return {
            id,
            status: settled ? 'SETTLED' : refunded ? 'REFUNDED' : 'OPEN',
            amount: String(weiOf(event.amount)),
            paid: settled ? String(weiOf(settled.paid)) : refunded ? '0' : null,
            returned: settled
              ? String(weiOf(settled.returned))
              : refunded
                ? String(weiOf(refunded.amount))
                : null,
          };
        }),
      ),
    );
    const dids = new Map<string, { document: string; revisions: number }>();
    for (const { event } of of('didRegistered'))
      dids.set(event.did, {
        document: named(event.document),
        revisions: (dids.get(event.did)?.revisions ?? 0) + 1,
      });
    expect(await all('dagDids', 'document revisions')).toEqual(
      byId([...dids].map(([id, did]) => ({ id, ...did }))),
    );
  });

  it('has totals, by minute and by day', async () => {
    const { dagStats: stats } = (await ask(
      '{ dagStats(id: "1") { blocks redBlocks transactions operations index feesBurned feesStakers feesTreasury rewards slashed validators activeValidators } }',
    )) as never as { dagStats: Row };
    const fees = (part: 'burned' | 'stakers' | 'treasury') =>
      sum(of('feesSplit').map(({ event }) => event[part]));
    const expected = {
      blocks: merged().length,
      redBlocks: merged().filter(({ each }) => !each.blue).length,
      transactions: chain.blocks.reduce((total, { transactions }) => total + transactions.length, 0),
      operations: String(chain.blocks.reduce((total, block) => total + operations(block), 0)),
      index: chain.head.latest,
      feesBurned: fees('burned'),
      feesStakers: fees('stakers'),
      feesTreasury: fees('treasury'),
      rewards: sum(of('rewarded').map(({ event }) => event.amount)),
      slashed: sum(of('slashed').map(({ event }) => event.amount)),
    };
    expect(stats).toMatchObject({ ...expected, validators: 4 });
    const days = await all(
      'dagDays',
      'blocks redBlocks transactions operations feesBurned rewards slashed',
    );
    const total = (field: string) =>
      days.reduce((sum, day) => sum + BigInt(day[field] as string), 0n).toString();
    for (const [field, value] of Object.entries({
      ...expected,
      index: undefined,
      feesStakers: undefined,
      feesTreasury: undefined,
    }))
      if (value !== undefined) expect([field, total(field)]).toEqual([field, String(value)]);
    const paid = await all('dagTransferDays', 'transfers volume');
    expect(paid.reduce((count, { transfers }) => count + Number(transfers), 0)).toBe(of('transfer').length);
    expect(paid.reduce((total, { volume }) => total + BigInt(volume as string), 0n).toString()).toBe(
      sum(of('transfer').map(({ event }) => event.amount)),
    );
    const minutes = await all('dagMinutes', 'start chainBlocks blocks operations checkpoints');
    for (const minute of minutes) {
      const own = chain.blocks.filter(
        (block) => block.index > 0 && Math.floor(seconds(block) / 60) * 60 === Number(minute.start),
      );
      expect(minute).toMatchObject({
        chainBlocks: own.length,
        blocks: own.reduce((count, block) => count + block.merged.length, 0),
        operations: own.reduce((count, block) => count + operations(block), 0),
      });
    }
    expect(minutes.reduce((count, { chainBlocks }) => count + Number(chainBlocks), 0)).toBe(
      chain.head.latest,
    );
    // What the mapping divides by.
    expect(GAS_PER_OPERATION).toBe(20_000);
  });

  it('follows the chain as it grows', async () => {
    for (let round = 0; round < 6; round++) chain.step();
    await indexed();
    const { dagStats } = (await ask('{ dagStats(id: "1") { index blocks } }')) as never as { dagStats: Row };
    expect(dagStats).toEqual({ index: chain.head.latest, blocks: merged().length });
  });
});
