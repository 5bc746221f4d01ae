// The thread that checks signatures: bytes in, a byte for each transaction out.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#node/platform/errors.ts';
import { MAX_TRANSACTION_BYTES } from '../types/limits.ts';
import { SIGNATURE_BYTES, signedBytesOf } from '../types/transaction.ts';
import { type Ed25519Verify, nodeVerify, sodiumVerify } from './ed25519-verify.ts';

export interface WorkerSettings {
  /** Does without libsodium, as on a machine that it has no binary for. */
  readonly withoutSodium: boolean;
}

export interface SignaturesQuestion {
  /** Of each transaction its length, 4 bytes; then the transactions. */
  readonly packed: ArrayBuffer;
  readonly count: number;
}

export type WorkerAnswer =
  | { readonly kind: 'ready'; readonly library: 'libsodium' | 'node:crypto'; readonly why?: string }
  /** One byte for each transaction, 1 where the signature is good. */
  | { readonly kind: 'checked'; readonly results: ArrayBuffer };

/** Where a transaction has its public key: behind its version and its chain id. */
const keyAt = 5;
const keyBytes = 32;
/** What stands before the transaction in what is signed. */
const domain = signedBytesOf(new Uint8Array(SIGNATURE_BYTES));
/** The message must be in one piece, with memory of its own: sodium-native refuses views of shared buffers. */
const scratch = new Uint8Array(domain.length + MAX_TRANSACTION_BYTES);
scratch.set(domain);

function check({ packed, count }: SignaturesQuestion, verify: Ed25519Verify): ArrayBuffer {
  const results = new Uint8Array(count);
  const lengths = new Uint32Array(packed, 0, count);
  const bytes = new Uint8Array(packed);
  let at = count * 4;
  for (let nth = 0; nth < count; nth++) {
    const length = lengths[nth] as number;
    const end = at + length;
    const signed = length - SIGNATURE_BYTES;
    scratch.set(bytes.subarray(at, end - SIGNATURE_BYTES), domain.length);
    const good = verify(
      bytes.subarray(end - SIGNATURE_BYTES, end),
      scratch.subarray(0, domain.length + signed),
      bytes.subarray(at + keyAt, at + keyAt + keyBytes),
    );
    results[nth] = good ? 1 : 0;
    at = end;
  }
  return results.buffer;
}

async function run(port: MessagePort, { withoutSodium }: WorkerSettings): Promise<void> {
  let verify = nodeVerify;
  let ready: WorkerAnswer = { kind: 'ready', library: 'node:crypto', why: 'it was asked to do without' };
  if (!withoutSodium) {
    try {
      verify = await sodiumVerify();
      ready = { kind: 'ready', library: 'libsodium' };
    } catch (error) {
      ready = { kind: 'ready', library: 'node:crypto', why: messageOf(error) };
    }
  }
  port.on('message', (question: SignaturesQuestion) => {
    const results = check(question, verify);
    port.postMessage({ kind: 'checked', results } satisfies WorkerAnswer, [results]);
  });
  port.postMessage(ready);
}

if (parentPort) await run(parentPort, workerData as WorkerSettings);
