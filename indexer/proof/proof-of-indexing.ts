// A proof of indexing from what a deployment has stored: equal to graph-node's for the same deployment, block and indexer.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { atLeast } from '../manifest/spec-version.ts';
import type { EventStream, ProofVersion } from './event-stream.ts';
import { FastEventStream } from './fast-event-stream.ts';
import { FAST_STATE_SIZE, FastHash, FastState } from './fast-hash.ts';
import { LegacyEventStream } from './legacy-event-stream.ts';
import { LegacyState, magnitudeOf, type Path } from './legacy-hash.ts';

/** Which hash a deployment's proof is made with. */
export function proofVersionOf(specVersion: string): ProofVersion {
  return atLeast(specVersion, '0.0.6') ? 'fast' : 'legacy';
}

export function createEventStream(version: ProofVersion): EventStream {
  return version === 'fast' ? new FastEventStream() : new LegacyEventStream();
}

/** The stored state of one causality region. */
export interface RegionState {
  /** `ethereum/NETWORK`. */
  readonly name: string;
  readonly state: Uint8Array;
}

export interface ProofRequest {
  readonly version: ProofVersion;
  /** Content id, `Qm…`. */
  readonly deployment: string;
  readonly block: { readonly number: number; readonly hash: Uint8Array };
  /** The address of whoever indexes; null for a proof in nobody's name. */
  readonly indexer: Uint8Array | null;
  readonly regions: readonly RegionState[];
}

// The fields of graph-node's struct: causality regions by name, deployment, block hash, indexer.
const REGIONS: Path = [0];
const DEPLOYMENT: Path = [1, 0];
const BLOCK_HASH: Path = [2];
const INDEXER: Path = [3];
// Within a region's entry: its name, and the number of its blocks.
const NAME: Path = [0];
const BLOCKS: Path = [1, 0];

const encoder = new TextEncoder();

/** The 32 bytes of the proof. */
export function proofOfIndexing(request: ProofRequest): Uint8Array {
  return request.version === 'fast' ? fastProof(request) : legacyProof(request);
}

function fastProof({ deployment, block, indexer, regions }: ProofRequest): Uint8Array {
  const hash = new FastHash();
  const proof = new FastState(hash);
  proof.write(DEPLOYMENT, encoder.encode(deployment));
  proof.write(BLOCK_HASH, block.hash);
  if (indexer !== null) {
    proof.write([...INDEXER, 0], indexer);
    proof.write(INDEXER, new Uint8Array());
  }
  for (const { name, state } of regions) {
    if (state.length !== FAST_STATE_SIZE) {
      // Grafted onto a legacy deployment, and no block with events since.
      proof.write([...REGIONS, 1], finishLegacy(name, state, block.number));
      continue;
    }
    const region = new FastState(hash, state);
    region.write(BLOCKS, magnitudeOf(BigInt(block.number + 1)));
    region.write(NAME, encoder.encode(name));
    proof.write(REGIONS, region.toBytes());
  }
  return keccak_256(proof.finish());
}

function finishLegacy(name: string, state: Uint8Array, block: number): Uint8Array {
  const region = new LegacyState(state);
  region.writeInteger(BLOCKS, BigInt(block + 1));
  region.writeBytes(NAME, encoder.encode(name));
  return region.finish();
}

function legacyProof({ deployment, block, indexer, regions }: ProofRequest): Uint8Array {
  const proof = new LegacyState();
  proof.writeBytes(DEPLOYMENT, encoder.encode(deployment));
  proof.writeBytes(BLOCK_HASH, block.hash);
  if (indexer !== null) {
    proof.write([...INDEXER, 0], new Uint8Array());
    proof.writeBytes(INDEXER, indexer);
  }
  for (const { name, state } of regions)
    proof.writeBytes([...REGIONS, 1], finishLegacy(name, state, block.number));
  proof.writeInteger([...REGIONS, 2], BigInt(regions.length));
  return proof.finish();
}
