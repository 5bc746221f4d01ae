// A devnet of real processes under load: signed envelopes go in by gRPC, and are followed until they are final.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { DevnetProcesses } from '#node/chain/process/devnet.ts';
import { initDevnet } from '#node/chain/process/init-chain.ts';
import { submitClient } from '#node/chain/rpc/grpc-submit.ts';
import { Load } from './load.ts';
import { blockAt, finalIndex, wait } from './node-rpc.ts';

export interface DevnetLoadOptions {
  readonly validators: number;
  readonly operations: number;
  /** Envelopes a second; 0 leaves the chain alone. */
  readonly rate: number;
  readonly seconds: number;
}

export interface DevnetLoadFigures {
  readonly sent: number;
  readonly refused: number;
  readonly finalized: number;
  /** From sending to being final, seconds, ascending. */
  readonly latencies: readonly number[];
  /** Seconds between the first sending and the last of all being final. */
  readonly seconds: number;
  /** Of each node, CPU seconds per second, and memory. */
  readonly cores: readonly number[];
  readonly megabytes: readonly number[];
  /** Roots of the last block that is final everywhere. */
  readonly roots: readonly string[];
  readonly finalIndex: number;
}

const chainId = 1_051;
const batchMs = 100;
const pollMs = 100;
const mostInBatch = 500;
const patienceMs = 60_000;

export async function devnetLoad(options: DevnetLoadOptions): Promise<DevnetLoadFigures> {
  const { validators, operations, rate, seconds } = options;
  const folder = await mkdtemp(join(tmpdir(), 'aios-bench-devnet-'));
  const load = new Load({ chainId, senders: 400, accounts: 10_000, operations });
  const nodes = await initDevnet({ folder, validators, accounts: load.balances });
  const devnet = await DevnetProcesses.start({
    ...{ nodes, grpc: true, logLevel: 'warn' },
    onExit: (nth, code, signal) => console.error(`node ${nth + 1} ended: ${signal ?? code}`),
  });
  try {
    const urls = nodes.map((_, nth) => devnet.rpcUrl(nth) as string);
    const clients = nodes.map((_, nth) =>
      submitClient(devnet.grpcAddress(nth) as string, credentials.createInsecure()),
    );
    const pids = nodes.map((_, nth) => devnet.pid(nth) as number);
    const envelopes = load.envelopes(rate * seconds);
    // The first votes are over, and everybody knows everybody.
    while ((await finalIndex(urls[0] as string)) < 2) await wait(200);
    const waiting = new Map<string, number>();
    const latencies: number[] = [];
    let [sent, refused, finalized] = [0, 0, 0];
    let next = (await finalIndex(urls[0] as string)) + 1;
    const harvest = async () => {
      const final = await finalIndex(urls[0] as string);
      for (; next <= final; next++) {
        const { transactions } = await blockAt(urls[0] as string, next);
        const now = performance.now();
        for (const id of transactions) {
          const at = waiting.get(id);
          if (at === undefined) continue;
          waiting.delete(id);
          latencies.push((now - at) / 1_000);
          finalized += 1;
        }
      }
    };
    const cpuFrom = await Promise.all(pids.map(cpuSecondsOf));
    const started = performance.now();
    let isSending = true;
    const harvesting = (async () => {
      while (isSending || (waiting.size > 0 && performance.now() < started + seconds * 1_000 + patienceMs)) {
        await harvest();
        await wait(pollMs);
      }
    })();
    // It is awaited at the end; until then what goes wrong in the sending is what counts.
    harvesting.catch(() => {});
    while (performance.now() - started < seconds * 1_000) {
      const due = Math.min(envelopes.length, Math.floor(((performance.now() - started) / 1_000) * rate));
      const batch = envelopes.slice(sent, due);
      sent = due;
      // A sender's envelopes all go to one node, in order.
      await Promise.all(
        clients.map(async (client, nth) => {
          const own = batch.filter((_, at) => ((due - batch.length + at) % 400) % clients.length === nth);
          if (own.length === 0) return;
          const now = performance.now();
          for (let from = 0; from < own.length; from += mostInBatch) {
            const { admissions } = await submit(client, own.slice(from, from + mostInBatch));
            for (const { id, code } of admissions)
              if (code === '') waiting.set(`0x${Buffer.from(id).toString('hex')}`, now);
              else refused += 1;
          }
        }),
      );
      await wait(batchMs);
    }
    isSending = false;
    await harvesting;
    const took = (performance.now() - started) / 1_000;
    const cpuTo = await Promise.all(pids.map(cpuSecondsOf));
    const finals = await Promise.all(urls.map(finalIndex));
    const common = Math.min(...finals);
    const blocks = await Promise.all(urls.map((url) => blockAt(url, common)));
    return {
      ...{ sent, refused, finalized, seconds: took, finalIndex: common },
      latencies: latencies.sort((a, b) => a - b),
      cores: cpuTo.map((cpu, nth) => (cpu - (cpuFrom[nth] as number)) / took),
      megabytes: await Promise.all(pids.map(megabytesOf)),
      roots: blocks.map(({ stateRoot }) => stateRoot),
    };
  } finally {
    await devnet.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Client = ReturnType<typeof submitClient>;
interface Submitted {
  readonly admissions: readonly { readonly id: Uint8Array; readonly code: string; readonly why: string }[];
}

function submit(client: Client, transactions: readonly Uint8Array[]): Promise<Submitted> {
  const { SubmitBatch } = client as unknown as {
    SubmitBatch(request: unknown, answer: (error: Error | null, response: Submitted) => void): void;
  };
  return new Promise((resolve, reject) =>
    SubmitBatch.call(client, { transactions }, (error, response) =>
      error ? reject(error) : resolve(response),
    ),
  );
}

/** Of all its threads, in user and system mode (proc(5)). */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function megabytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
}
