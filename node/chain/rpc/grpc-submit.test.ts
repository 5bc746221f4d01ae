// The batch endpoint with gRPC's own client, as agents have it.
import { type Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hexOf } from '../types/identifiers.ts';
import { transactionIdOf } from '../types/transaction.ts';
import {
  GrpcSubmit,
  type SubmitBatchRequest,
  type SubmitBatchResponse,
  submitClient,
} from './grpc-submit.ts';
import { MemoryChain, TestAccount } from './testing/memory-chain.ts';

interface SubmitClient extends Client {
  SubmitBatch(
    request: SubmitBatchRequest,
    options: { deadline: number },
    answer: (error: ServiceError | null, response: SubmitBatchResponse) => void,
  ): void;
  SubmitBatches(): import('@grpc/grpc-js').ClientDuplexStream<SubmitBatchRequest, SubmitBatchResponse>;
}

const alice = new TestAccount('alice');
const transaction = (nonce: number) =>
  alice.transaction(BigInt(nonce), [{ kind: 'transfer', to: alice.address, amount: 1n }]);

let chain: MemoryChain;
let server: GrpcSubmit;
let client: SubmitClient;

beforeAll(async () => {
  chain = new MemoryChain([alice]);
  server = await GrpcSubmit.open({
    view: chain,
    port: 0,
    batch: 200,
    maxAtOnce: 2,
    maxMessageBytes: 500_000,
    batchTimeoutMs: 150,
    idleTimeoutMs: 300,
  });
  client = submitClient(`127.0.0.1:${server.port}`, credentials.createInsecure()) as SubmitClient;
});

afterAll(async () => {
  client.close();
  await server.close();
});

const submit = (transactions: readonly Uint8Array[]) =>
  new Promise<SubmitBatchResponse['admissions']>((resolve, reject) => {
    client.SubmitBatch({ transactions }, { deadline: Date.now() + 10_000 }, (error, response) =>
      error ? reject(error) : resolve(response.admissions),
    );
  });

describe('gRPC submission', () => {
  it('answers for each transaction of a batch, in order', async () => {
    const batch = Array.from({ length: 100 }, (_, nth) =>
      nth === 7 ? Uint8Array.of(1, 2, 3) : transaction(nth),
    );
    const admissions = await submit(batch);
    expect(admissions.length).toBe(100);
    for (const [nth, { id, code, why }] of admissions.entries())
      if (nth === 7)
        expect([id.length, code, why]).toEqual([0, 'MALFORMED', expect.stringMatching(/transaction/)]);
      else expect([hexOf(id), code]).toEqual([hexOf(transactionIdOf(batch[nth] as Uint8Array)), '']);
    expect(chain.mempool.transactions).toBe(99);
    expect(chain.takeMempool().map(hexOf)).toEqual(
      batch.filter((_, nth) => nth !== 7).map((each) => hexOf(each)),
    );
  });

  it('takes batch after batch on a stream', async () => {
    const stream = client.SubmitBatches();
    const answers: SubmitBatchResponse[] = [];
    stream.on('data', (answer: SubmitBatchResponse) => answers.push(answer));
    for (let nth = 0; nth < 20; nth++)
      stream.write({ transactions: Array.from({ length: 10 }, (_, place) => transaction(nth * 10 + place)) });
    stream.end();
    await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
    expect(answers.map(({ admissions }) => admissions.length)).toEqual(Array(20).fill(10));
    expect(chain.takeMempool().map(hexOf)).toEqual(
      Array.from({ length: 200 }, (_, nth) => hexOf(transaction(nth))),
    );
  });

  it('refuses what is too much, and says what is not', async () => {
    const code = (transactions: readonly Uint8Array[]) =>
      submit(transactions).then(
        () => status.OK,
        (error: ServiceError) => error.code,
      );
    expect(await code([])).toBe(status.INVALID_ARGUMENT);
    expect(await code(Array(201).fill(Uint8Array.of(1)))).toBe(status.INVALID_ARGUMENT);
    expect(await code([new Uint8Array(8_193)])).toBe(status.INVALID_ARGUMENT);
    expect(await code(Array(100).fill(new Uint8Array(8_000)))).toBe(status.RESOURCE_EXHAUSTED);
    expect(chain.mempool.transactions).toBe(0);
    const before = chain.submit;
    let done = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      done = resolve;
    });
    chain.submit = async () => {
      await stuck;
      return { admitted: false, code: 'LATE', why: 'late' };
    };
    expect(await Promise.all([code([transaction(0)]), code([transaction(1)])])).toEqual([
      status.DEADLINE_EXCEEDED,
      status.DEADLINE_EXCEEDED,
    ]);
    // Those two are still being worked on.
    expect(await code([transaction(2)])).toBe(status.RESOURCE_EXHAUSTED);
    done();
    await expect.poll(() => code([transaction(3)])).toBe(status.OK);
    chain.submit = before;
  });

  it('ends a stream that is silent, and one that sends nonsense', async () => {
    const silent = client.SubmitBatches();
    const ended = (stream: typeof silent) =>
      new Promise<ServiceError>((resolve) => stream.on('error', resolve).on('data', () => undefined));
    expect(await ended(silent)).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: /another stream/ });
    const nonsense = client.SubmitBatches();
    nonsense.write({ transactions: [] });
    expect((await ended(nonsense)).code).toBe(status.INVALID_ARGUMENT);
  });
});
