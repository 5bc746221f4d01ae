// An IPFS gateway for tests, over files in memory: trustless (archives, blocks) or plain, and as slow, false or broken as it is told to be.
import { createServer, type Server } from 'node:http';
import { freePort } from '#node/platform/ports.ts';
import { cidKey, formatCid, parseCid } from '../cid.ts';
import { type FileBlock, fileBlocks } from '../unixfs.ts';

export interface GatewayMood {
  /** `plain`: ignores what it is asked for and sends the file itself, as a simple server does. */
  readonly serves: 'archives' | 'blocks' | 'plain';
  /** Answers come once this is settled. */
  readonly until?: Promise<unknown>;
  /** Files (identifiers as text) that are answered with other bytes. */
  readonly lies?: ReadonlySet<string>;
  /** Every answer is status 500. */
  readonly fails?: boolean;
  /** Sends nothing, for ever. */
  readonly hangs?: boolean;
}

export class TestGateway {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  mood: GatewayMood = { serves: 'archives' };
  readonly #server: Server;
  readonly #files = new Map<
    string,
    { readonly content: Uint8Array; readonly blocks: readonly FileBlock[] }
  >();
  readonly #blocks = new Map<string, FileBlock>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<TestGateway> {
    const port = await freePort();
    const server = createServer();
    const gateway = new TestGateway(server, port);
    server.on('request', (request, response) => {
      void gateway.#answer(new URL(request.url ?? '/', gateway.url)).then(
        (answer) => {
          if (answer === 'hang') return;
          response.writeHead(answer.status, { 'content-type': answer.type });
          response.end(answer.body);
        },
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return gateway;
  }

  /** What identifier a file gets when it is added; the gateway has it from then on. */
  add(content: string | Uint8Array, version: 0 | 1 = 0): string {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const blocks = fileBlocks(bytes, version);
    for (const block of blocks) this.#blocks.set(cidKey(block.cid), block);
    const root = blocks.at(-1) as FileBlock;
    this.#files.set(cidKey(root.cid), { content: bytes, blocks });
    return formatCid(root.cid);
  }

  forget(cid: string): void {
    const parsed = parseCid(cid);
    if (parsed) this.#files.delete(cidKey(parsed));
    if (parsed) this.#blocks.delete(cidKey(parsed));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: URL): Promise<{ status: number; type: string; body: Uint8Array } | 'hang'> {
    const { serves, until, lies, fails, hangs } = this.mood;
    this.requests.push(`${url.pathname}${url.search}`);
    if (hangs) return 'hang';
    await until;
    const missing = { status: 404, type: 'text/plain', body: Buffer.from('not found') };
    if (fails) return { status: 500, type: 'text/plain', body: Buffer.from('out of order') };
    const cid = parseCid(url.pathname.replace('/ipfs/', '').split('/')[0] ?? '');
    if (!cid) return { status: 400, type: 'text/plain', body: Buffer.from('not an identifier') };
    const key = cidKey(cid);
    const lie = lies?.has(formatCid(cid)) ?? false;
    const format = url.searchParams.get('format');
    const file = this.#files.get(key);
    if (serves === 'plain' || (serves === 'blocks' && format === 'car')) {
      if (!file) return missing;
      return {
        status: 200,
        type: 'application/octet-stream',
        body: lie ? Buffer.from('another file') : file.content,
      };
    }
    if (format === 'raw') {
      const block = this.#blocks.get(key);
      return block
        ? {
            status: 200,
            type: 'application/vnd.ipld.raw',
            body: lie ? Buffer.from('another block') : block.bytes,
          }
        : missing;
    }
    if (!file) return missing;
    const body = car(
      file.blocks.map((block) => (lie ? { ...block, bytes: Buffer.from('other bytes') } : block)),
    );
    return { status: 200, type: 'application/vnd.ipld.car; version=1', body };
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** An archive of blocks. Its header is CBOR for `{ roots: [], version: 1 }`: readers that know what they want ignore the roots. */
export function car(blocks: readonly FileBlock[]): Uint8Array {
  const header = Buffer.from('a265726f6f7473806776657273696f6e01', 'hex');
  const sections = blocks.map(({ cid, bytes }) => {
    const hash = Buffer.concat([varint(cid.hashCode), varint(cid.digest.length), cid.digest]);
    const name = cid.version === 0 ? hash : Buffer.concat([varint(1), varint(cid.codec), hash]);
    return Buffer.concat([varint(name.length + bytes.length), name, bytes]);
  });
  return Buffer.concat([varint(header.length), header, ...sections]);
}
