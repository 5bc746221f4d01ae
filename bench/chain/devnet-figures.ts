// Says what a devnet under load did, with everything that a figure of throughput has to be read with.
import { loadavg } from 'node:os';
import type { DevnetLoadFigures, DevnetLoadOptions } from './devnet-load.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

export function tellDevnet(
  { validators, operations, rate, seconds }: DevnetLoadOptions,
  figures: DevnetLoadFigures,
): void {
  const { sent, refused, finalized, latencies, cores, megabytes, roots } = figures;
  const at = (share: number) =>
    `${(latencies[Math.floor(latencies.length * share)] ?? Number.NaN).toFixed(2)} s`;
  console.log(
    `${validators} validators, processes of their own on this machine, ${operations} operation${operations === 1 ? '' : 's'} an envelope, every signature verified by every validator`,
  );
  console.log(
    `sent ${whole(sent)} envelopes in ${seconds} s (${whole(rate)} a second), ${whole(refused)} refused, ${whole(finalized)} final: ${whole(finalized / seconds)} envelopes, ${whole((finalized * operations) / seconds)} operations final per second`,
  );
  console.log(
    `sent to final: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(0.99999)} (goal p99 at most 12 s)`,
  );
  console.log(
    `cores used ${cores.map((each) => each.toFixed(2)).join(' ')}, ${megabytes.map((each) => each.toFixed(0)).join(' ')} MB; load ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(
    new Set(roots).size === 1
      ? `final block ${figures.finalIndex}: the same state root on all, ${roots[0]}`
      : `final block ${figures.finalIndex}: DIFFERENT state roots: ${roots.join(' ')}`,
  );
}
