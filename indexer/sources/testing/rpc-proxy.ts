// Stands between a source and a real node and changes its answers: lies, limits, lag and outages, on demand.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Answer {
  readonly jsonrpc: '2.0';
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Changes one answer; returning undefined leaves it. */
export type Twist = (call: Call, answer: Answer) => Partial<Answer> | undefined;

export class RpcProxy {
  twist: Twist = () => undefined;
  /** How many of the next requests are answered with HTTP status 503. */
  outages = 0;
  /** Answers a whole body by HTTP instead of handing it on; undefined hands it on. */
  refuse: (
    calls: readonly Call[],
  ) => { readonly status: number; readonly headers?: Record<string, string> } | undefined = () => undefined;
  /** Bodies that match are never answered. */
  swallow: (calls: readonly Call[]) => boolean = () => false;
  readonly calls: Call[] = [];
  /** How many requests each body held, and when it came. */
  readonly bodies: { readonly count: number; readonly at: number }[] = [];
  readonly #server;
  readonly #target: string;

  constructor(target: string) {
    this.#target = target;
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (this.outages > 0) {
        this.outages--;
        response.writeHead(503).end('no');
        return;
      }
      const body = Buffer.concat(chunks).toString();
      const asked = JSON.parse(body) as Call | Call[];
      const calls = Array.isArray(asked) ? asked : [asked];
      this.calls.push(...calls);
      this.bodies.push({ count: calls.length, at: performance.now() });
      if (this.swallow(calls)) return;
      const refused = this.refuse(calls);
      if (refused) {
        response.writeHead(refused.status, refused.headers).end('no');
        return;
      }
      const upstream = await fetch(this.#target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const answered = (await upstream.json()) as Answer | Answer[];
      const answers = (Array.isArray(answered) ? answered : [answered]).map((answer) => {
        const call = calls.find((candidate) => candidate.id === answer.id);
        const twisted = call && this.twist(call, answer);
        return twisted ? { jsonrpc: '2.0', id: answer.id, ...twisted } : answer;
      });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
