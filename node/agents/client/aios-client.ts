// A small client for programs outside: deploys agents, runs them, follows and replays runs, over the one endpoint. Needs `fetch` and a
// WebSocket, so that it works in Node and in browsers; the `aios agent` commands are made of it.
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import { Endpoint, type Fetch } from './endpoint.ts';
import { eventStream, type StreamOptions } from './event-stream.ts';
import {
  type AgentRun,
  APPROVE,
  DEPLOY,
  type DeployedAgent,
  FIND_RECORDING,
  FIND_RUN,
  REPLAY,
  type RecordedRun,
  RUN,
  RUN_EVENTS,
  type RunEvent,
} from './operations.ts';
import { type Session, signedSession, tokenSession } from './session.ts';
import type { Signer } from './signer.ts';

/** Who calls: a key that signs in, or an access token. */
export type Credentials = { readonly signer: Signer } | { readonly token: string };

export interface ClientOptions {
  readonly fetch?: Fetch;
  /** A WebSocket class; default that of the runtime, in Node 20 that of the package `ws`. */
  readonly webSocket?: unknown;
}

export interface DeployInput {
  readonly networkId: string;
  readonly licenceId: string;
  readonly environmentId?: string;
  /** The package as `.tar.gz`. */
  readonly archive: Uint8Array;
  /** Refuse any other package than this. */
  readonly cid?: string;
}

const ENDED: ReadonlySet<AgentRun['status']> = new Set(['COMPLETED', 'FAILED', 'KILLED']);

type Payload<Field extends string, Value> = {
  readonly [field in Field]: Value & { readonly error: { code: string; message: string } | null };
};

/**
 * ```ts
 * const client = await AiosClient.connect('http://127.0.0.1:4000', { signer: didSigner(secret) });
 * const run = await client.runAndWait('7', { sku: 'PEAR' });
 * for await (const event of client.events(run.id)) console.log(event.kind, event.data);
 * ```
 */
export class AiosClient {
  readonly endpoint: Endpoint;
  readonly #session: Session;
  readonly #webSocket: unknown;

  private constructor(endpoint: Endpoint, session: Session, webSocket: unknown) {
    this.endpoint = endpoint;
    this.#session = session;
    this.#webSocket = webSocket;
  }

  /**
   * Signs in at an endpoint.
   * @throws AiosError ENDPOINT_INVALID, NOT_REACHABLE, BAD_ANSWER, UNAUTHENTICATED
   */
  static async connect(
    url: string,
    credentials: Credentials,
    options: ClientOptions = {},
  ): Promise<AiosClient> {
    const endpoint = new Endpoint(url, options.fetch);
    const session =
      'token' in credentials
        ? await tokenSession(endpoint, credentials.token)
        : await signedSession(endpoint, credentials.signer);
    return new AiosClient(endpoint, session, options.webSocket);
  }

  /** Whom the endpoint takes the caller for. */
  get did(): string {
    return this.#session.did;
  }

  /** `data` of any operation, as this caller. @throws AiosError */
  async ask<Data>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    return this.endpoint.ask<Data>(query, variables, await this.#session.token());
  }

  /** Deploys a package as the active version. @throws AiosError of the endpoint, such as NOT_AUTHORISED or MANIFEST_INVALID */
  async deploy({ archive, ...place }: DeployInput): Promise<DeployedAgent> {
    const input = { ...place, archive: base64(archive) };
    return this.#act<'deployAgent', DeployedAgent>('deployAgent', DEPLOY, input);
  }

  /** Starts a run of the active version; it has only been accepted then. @throws AiosError such as INPUT_INVALID */
  async run(
    deploymentId: string,
    input: Json = null,
    options: { readonly maxAttempts?: number } = {},
  ): Promise<AgentRun> {
    return (
      await this.#act<'runAgent', { run: AgentRun }>('runAgent', RUN, { deploymentId, input, ...options })
    ).run;
  }

  /** Runs and resolves with the run as it ended, well or not: look at `status`. */
  async runAndWait(
    deploymentId: string,
    input: Json = null,
    options: { readonly maxAttempts?: number; readonly signal?: AbortSignal } = {},
  ): Promise<AgentRun> {
    const { signal, ...rest } = options;
    return this.ended((await this.run(deploymentId, input, rest)).id, { signal });
  }

  /** What happens in a run, from its beginning or after a cursor, until it ends. See `eventStream` for what it does about lost connections. */
  events(runId: string, options: StreamOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
    const source = {
      url: this.endpoint.webSocketUrl,
      session: this.#session,
      webSocket: this.#webSocket,
    };
    return eventStream<RunEvent>(source, RUN_EVENTS, { run: runId }, options);
  }

  /** The run once it has ended. @throws AiosError RUN_NOT_FINISHED when `signal` ends the waiting */
  async ended(runId: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<AgentRun> {
    for await (const { kind } of this.events(runId, options)) if (kind === 'finished') break;
    const run = await this.find(runId);
    if (ENDED.has(run.status)) return run;
    throw new AiosError(
      'RUN_NOT_FINISHED',
      `Run ${runId} is ${run.status.toLowerCase()}: wait for it again.`,
    );
  }

  /** @throws AiosError RUN_UNKNOWN, also for runs that the caller may not look at */
  async find(runId: string): Promise<AgentRun> {
    const { run } = await this.ask<{ run: AgentRun | null }>(FIND_RUN, { id: runId });
    return run ?? unknown(runId);
  }

  /** All that is needed to run it again elsewhere: code, input, seed, clock, answers. @throws AiosError RUN_UNKNOWN */
  async recording(runId: string): Promise<RecordedRun> {
    const { run } = await this.ask<{ run: RecordedRun | null }>(FIND_RECORDING, { id: runId });
    return run ?? unknown(runId);
  }

  /** Answers a step that waits for an approval. @throws AiosError */
  async approve(runId: string, step: number, approved: boolean, note?: string): Promise<AgentRun> {
    const input = { runId, step, approved, ...(note === undefined ? {} : { note }) };
    return (await this.#act<'approveStep', { run: AgentRun }>('approveStep', APPROVE, input)).run;
  }

  /** Starts a replay there; once ended, its `digestMatches` says whether it came to the same. @throws AiosError RUN_NOT_FINISHED */
  async replay(runId: string): Promise<AgentRun> {
    return (await this.#act<'replayRun', { run: AgentRun }>('replayRun', REPLAY, { runId })).run;
  }

  async #act<Field extends string, Value>(
    field: Field,
    query: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Value> {
    const data = await this.ask<Payload<Field, Value>>(query, { input });
    const { error } = data[field];
    if (error) throw new AiosError(error.code, error.message);
    return data[field];
  }
}

function unknown(runId: string): never {
  throw new AiosError('RUN_UNKNOWN', `There is no run ${runId} that you may look at.`);
}

/** In pieces, because a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
