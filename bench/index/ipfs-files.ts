// A built subgraph as IPFS would hold it after `graph deploy`, for rivals that fetch it from there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { contentId } from '#indexer/manifest/content-id.ts';
import { linkedManifest } from '#indexer/manifest/deployment-id.ts';

export class DeployedFiles {
  readonly manifestId: string;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  private constructor(manifestId: string, files: ReadonlyMap<string, Uint8Array>) {
    this.manifestId = manifestId;
    this.#files = files;
  }

  /** @param build the folder that graph-cli wrote */
  static of(build: string): DeployedFiles {
    const files = new Map<string, Uint8Array>();
    const add = (content: Uint8Array): string => {
      const id = contentId(content);
      files.set(id, content);
      return id;
    };
    const manifest: unknown = parse(readFileSync(join(build, 'subgraph.yaml'), 'utf8'));
    const linked = linkedManifest(manifest, (path) => add(readFileSync(join(build, path))));
    return new DeployedFiles(add(new TextEncoder().encode(linked)), files);
  }

  get(id: string): Uint8Array | undefined {
    return this.#files.get(id);
  }
}
