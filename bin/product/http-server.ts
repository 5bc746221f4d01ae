// The one HTTP server of a process: routes to the endpoint, the per-deployment endpoints, health, metrics and the web app.

import { existsSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { portHolder } from '#node/platform/ports.ts';
import type { HealthReport } from './health.ts';

/** Handles the request and says so, or leaves it alone. */
export type Route = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly maxHeaderSize?: number;
}

/** Listens first and serves later: until routes are set every request is answered with 503 and the stage under way. */
export class HttpServer {
  readonly server: Server;
  readonly #options: HttpServerOptions;
  #routes: readonly Route[] = [];

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.server = createServer(
      { maxHeaderSize: options.maxHeaderSize ?? 16_384, keepAliveTimeout: 65_000 },
      (request, response) => void this.#handle(request, response),
    );
  }

  set routes(routes: readonly Route[]) {
    this.#routes = routes;
  }

  /** @throws AiosError PORT_TAKEN naming who holds the port. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen(port, host, () => {
          this.server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EADDRINUSE') {
        const holder = await portHolder(port);
        throw new AiosError(
          'PORT_TAKEN',
          `Port ${port} on ${host} is taken${holder ? ` by ${holder}` : ''}. Stop it, or choose another port with --port N.`,
        );
      }
      if (code === 'EACCES')
        throw new AiosError(
          'PORT_FORBIDDEN',
          `Port ${port} may not be used by this account. Choose one above 1023 with --port N.`,
        );
      throw error;
    }
  }

  get port(): number {
    const address = this.server.address();
    return address && typeof address === 'object' ? address.port : this.#options.port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // Idle keep-alive connections would hold the server open until they time out.
    this.server.closeIdleConnections();
    setTimeout(() => this.server.closeAllConnections(), 2_000).unref();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const route of this.#routes) if (await route(request, response)) return;
      sendJson(response, this.#routes.length === 0 ? 503 : 404, {
        error:
          this.#routes.length === 0
            ? 'starting: ask /ready again in a moment'
            : 'nothing here: the endpoint is /graphql, the app is /',
      });
    } catch (error) {
      this.#options.logger.error({ err: error, url: request.url }, 'a request failed');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'internal error: see the log' });
    }
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?', 1)[0] ?? '/';

/** Mounts a listener on a path. */
export function mount(path: string, listener: RequestListener): Route {
  return (request, response) => {
    if (pathOf(request) !== path) return false;
    listener(request, response);
    return true;
  };
}

export function healthRoutes(
  health: () => Promise<HealthReport>,
  ready: () => Promise<{ ready: boolean; waitingFor?: readonly string[] }>,
): Route {
  return async (request, response) => {
    const path = pathOf(request);
    if (path === '/health') {
      const report = await health();
      sendJson(response, report.status === 'failed' ? 503 : 200, report);
    } else if (path === '/ready') {
      const state = await ready();
      sendJson(response, state.ready ? 200 : 503, state);
    } else {
      return false;
    }
    return true;
  };
}

/** What a page of ours may load and do: itself, its own endpoint, and nothing from elsewhere. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'self'",
].join('; ');

/** The web app: hashed files for ever, everything else revalidated, unknown paths answered with the page itself. */
export function webApp(): Route {
  const folder = join(packageRoot, 'dist/web');
  if (!existsSync(join(folder, 'index.html'))) {
    return (request, response) => {
      if (pathOf(request) !== '/') return false;
      sendJson(response, 503, { error: 'the web app is not built: run npm run prepare' });
      return true;
    };
  }
  const serve = sirv(folder, {
    single: true,
    gzip: true,
    brotli: true,
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader(
        'cache-control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'same-origin');
      response.setHeader('content-security-policy', contentSecurityPolicy);
    },
  });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    serve(request, response, () => sendJson(response, 404, { error: 'no such file' }));
    return true;
  };
}
