// Reads blocks from IPFS gateways over HTTP. Gateways are not believed: what they send is checked against the identifier it was asked by.
import { AiosError } from '#node/platform/errors.ts';
import { readCar } from './car.ts';
import { type Cid, cidKey, DAG_PB, formatCid, names } from './cid.ts';
import type { ContentPath } from './content-path.ts';
import { type FileBlock, fileBlocks } from './unixfs.ts';

export interface GatewayOptions {
  /** Such as `https://ipfs.io` or `http://127.0.0.1:8080`; `/ipfs/CID` is added. */
  readonly url: string;
  /** For one answer, its body included. */
  readonly timeoutMs: number;
  /** An answer's body may have this many bytes. */
  readonly maxBytes: number;
}

const CAR = 'application/vnd.ipld.car';
const RAW_BLOCK = 'application/vnd.ipld.raw';
/** IPFS forbids blocks above 2 MiB to be exchanged; a little more for those that were made otherwise. */
const MAX_BLOCK_BYTES = 4 << 20;
/** Links, block headers and the identifiers in an archive, beside the file's own bytes. */
const CAR_OVERHEAD = 1.05;

export class IpfsGateway {
  readonly #options: GatewayOptions;
  readonly url: string;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.url = options.url.replace(/\/+(ipfs\/*)?$/, '');
  }

  /**
   * Blocks on the way to a file and of it, each of them checked. All of them when the gateway sends archives (it is asked for one
   * first); a gateway that sends the file itself is good enough when the file was added with default settings. Null when
   * the gateway does not have it.
   *
   * @throws AiosError `GATEWAY_LIED` when what it sent is something else, `GATEWAY_FAILED`
   */
  async file({ cid, names: below }: ContentPath, signal: AbortSignal): Promise<readonly FileBlock[] | null> {
    const path = [formatCid(cid), ...below.map(encodeURIComponent)].join('/');
    const answer = await this.#get(
      `${path}?format=car&dag-scope=entity&car-dups=n`,
      `${CAR};version=1, */*;q=0.1`,
      {
        maxBytes: this.#options.maxBytes * CAR_OVERHEAD + MAX_BLOCK_BYTES,
        signal,
      },
    );
    if (answer === null) return null;
    if (answer.type.startsWith(CAR)) return [...readCar(answer.body)].map((block) => this.#checked(block));
    if (below.length > 0) return [];
    const whole = asAdded(cid, answer.body);
    // Not a file as IPFS adds it by default: then block by block.
    return whole ?? [];
  }

  /** One block. Null when the gateway does not have it. @throws AiosError `GATEWAY_LIED`, `GATEWAY_FAILED` */
  async block(cid: Cid, signal: AbortSignal): Promise<FileBlock | null> {
    const answer = await this.#get(`${formatCid(cid)}?format=raw`, RAW_BLOCK, {
      maxBytes: MAX_BLOCK_BYTES,
      signal,
    });
    return answer && this.#checked({ cid, bytes: answer.body });
  }

  #checked(block: FileBlock): FileBlock {
    if (names(block.cid, block.bytes)) return block;
    throw new AiosError(
      'GATEWAY_LIED',
      `${this.url} sent bytes for ${formatCid(block.cid)} that do not hash to it: use another gateway`,
    );
  }

  async #get(
    path: string,
    accept: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<{ readonly type: string; readonly body: Uint8Array } | null> {
    const { timeoutMs } = this.#options;
    const failed = (why: string) => new AiosError('GATEWAY_FAILED', `${this.url}: ${why}`);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${this.url}/ipfs/${path}`, {
        headers: { accept },
        signal: AbortSignal.any([signal, timeout]),
      });
      if (response.status === 404 || response.status === 410 || response.status === 504) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw failed(`it answered with status ${response.status}`);
      }
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of response.body ?? []) {
        bytes += (chunk as Uint8Array).length;
        if (bytes > maxBytes)
          throw new AiosError(
            'FILE_TOO_LARGE',
            `${path.split('?')[0]} has more than ${Math.floor(maxBytes)} bytes as ${this.url} sends it: raise ipfs.maxFileBytes to read it`,
          );
        chunks.push(chunk as Uint8Array);
      }
      return { type: response.headers.get('content-type') ?? '', body: Buffer.concat(chunks) };
    } catch (error) {
      if (error instanceof AiosError) throw error;
      // Nobody on the network has it, as far as the gateway can tell: it goes on looking until it is stopped.
      if (timeout.aborted) return null;
      throw failed((error as { cause?: Error }).cause?.message ?? (error as Error).message);
    }
  }
}

/** The blocks of content that the identifier names when it was added with default settings; null when it does not. */
function asAdded(cid: Cid, content: Uint8Array): readonly FileBlock[] | null {
  if (names(cid, content) && cid.codec !== DAG_PB) return [{ cid, bytes: content }];
  for (const version of [0, 1] as const) {
    const blocks = fileBlocks(content, version);
    if (cidKey((blocks.at(-1) as FileBlock).cid) === cidKey(cid)) return blocks;
  }
  return null;
}
