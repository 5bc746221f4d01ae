// Answers stand where their transactions stood, whatever the threads do; a thread that dies is an error and no wait without end.
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { seeded } from '../dag/testing/random-dag.ts';
import { Ed25519Signer } from './ed25519-signer.ts';
import { Ed25519Workers } from './ed25519-workers.ts';

const signers = Array.from({ length: 8 }, (_, nth) => new Ed25519Signer(new Uint8Array(32).fill(nth + 1)));
const transaction = (nth: number, operations = 1): Uint8Array =>
  (signers[nth % signers.length] as Ed25519Signer).sign({
    chainId: 1,
    nonce: BigInt(nth),
    fee: 1n,
    operations: Array.from({ length: operations }, () => ({
      kind: 'transfer' as const,
      to: new Uint8Array(20).fill(nth),
      amount: 1n,
    })),
  });
const spoiled = (encoded: Uint8Array, at: number): Uint8Array => {
  const copy = encoded.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
};

let open: Ed25519Workers | undefined;
afterEach(() => open?.close());
const start = async (workers: number, withoutSodium = false) => {
  open = await Ed25519Workers.start({ workers, logger: silentLogger, withoutSodium });
  return open;
};

describe.each([
  ['libsodium', 1, false],
  ['libsodium', 3, false],
  ['node:crypto', 2, true],
] as const)('by %s in %i threads', (library, workers, withoutSodium) => {
  it('says of each whether it is signed by the key that it names', async () => {
    const signatures = await start(workers, withoutSodium);
    expect(signatures.library).toBe(library);
    const random = seeded(workers);
    const made = Array.from({ length: 300 }, (_, nth) => transaction(nth, 1 + (nth % 4)));
    const batches = [0, 1, 2, 15, 16, 17, 255, 256, 257, 600, 1_500].map((size) =>
      Array.from({ length: size }, () => {
        const good = random() < 0.7;
        const encoded = made[Math.floor(random() * made.length)] as Uint8Array;
        // Behind the version: chain id, key, nonce, operations, signature.
        const at = 1 + Math.floor(random() * (encoded.length - 1));
        return { good, encoded: good ? encoded : spoiled(encoded, at) };
      }),
    );
    const answers = await Promise.all(
      batches.map((batch) => signatures.verify(batch.map(({ encoded }) => encoded))),
    );
    expect(answers).toEqual(batches.map((batch) => batch.map(({ good }) => good)));
  });
});

it('checks transactions of all sizes and leaves the caller its bytes', async () => {
  const signatures = await start(2);
  const largest = (signers[0] as Ed25519Signer).sign({
    chainId: 1,
    nonce: 0n,
    fee: 1n,
    operations: [{ kind: 'evidence', evidence: new Uint8Array(4_096).fill(5) }],
  });
  const shared = new Uint8Array(new SharedArrayBuffer(largest.length));
  shared.set(largest);
  const inPool = Buffer.from(transaction(1));
  expect(await signatures.verify([largest, shared, inPool, largest])).toEqual([true, true, true, true]);
  expect(largest.length).toBeGreaterThan(4_096);
  await expect(signatures.verify([new Uint8Array(100)])).rejects.toThrow(/decode it first/);
});

it('refuses what waits and what comes when a thread dies, and does not hang', async () => {
  const threads: Worker[] = [];
  const spy = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker) {
    // Never arrives, as with a thread that died over it.
    threads.push(this);
  });
  const signatures = await start(2);
  const waiting = signatures.verify(Array.from({ length: 2_000 }, (_, nth) => transaction(nth % 20)));
  const failed = expect.objectContaining({ code: 'SIGNATURES_FAILED' });
  const outcome = expect(waiting).rejects.toEqual(failed);
  spy.mockRestore();
  await threads[0]?.terminate();
  await outcome;
  await expect(signatures.verify([transaction(1)])).rejects.toEqual(failed);
});

it('refuses what waits when it is closed', async () => {
  const signatures = await start(1);
  const waiting = signatures.verify(Array.from({ length: 3_000 }, () => transaction(1)));
  const outcome = expect(waiting).rejects.toEqual(expect.objectContaining({ code: 'SIGNATURES_CLOSED' }));
  await signatures.close();
  await outcome;
  await signatures.close();
});

it('does not let a small batch wait for all of a large one that came later', async () => {
  const signatures = await start(1);
  const order: string[] = [];
  const encoded = transaction(1);
  await Promise.all([
    signatures.verify([encoded]).then(() => order.push('small')),
    signatures.verify(Array.from({ length: 1_000 }, () => encoded)).then(() => order.push('large')),
  ]);
  expect(order).toEqual(['small', 'large']);
});
