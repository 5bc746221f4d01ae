// Transactions over gRPC (`submit.proto`), for agents that send many: a batch costs little more than one. Unencrypted and on this machine alone by
// default; whoever lets others in puts a proxy with TLS before it.
import { join } from 'node:path';
import {
  type ChannelCredentials,
  type Client,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  makeClientConstructor,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { Admission, ChainView } from '../engine/chain-view.ts';
import { MAX_TRANSACTION_BYTES } from '../types/limits.ts';

/** The service's definition, as clients load it too. */
export const submitProto = join(packageRoot, 'node/chain/rpc/submit.proto');

export interface SubmitBatchRequest {
  readonly transactions: readonly Uint8Array[];
}

export interface SubmitBatchResponse {
  readonly admissions: readonly { readonly id: Uint8Array; readonly code: string; readonly why: string }[];
}

export interface GrpcSubmitOptions {
  readonly view: Pick<ChainView, 'submit'>;
  readonly host?: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** Transactions in a batch. */
  readonly batch?: number;
  readonly maxMessageBytes?: number;
  /** Batches that are worked on at once, of all callers together. */
  readonly maxAtOnce?: number;
  /** For a batch, whatever longer deadline its sender gives it. */
  readonly batchTimeoutMs?: number;
  /** How long a stream may be silent. */
  readonly idleTimeoutMs?: number;
}

type Settings = Required<Omit<GrpcSubmitOptions, 'host' | 'port'>>;

/** A refusal in gRPC's words. */
class Refusal extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
  ) {
    super(details);
  }
}

const empty = new Uint8Array();
const submitService = 'aios.chain.v1.Submit';

export class GrpcSubmit {
  readonly #server: Server;
  readonly #settings: Settings;
  #atOnce = 0;
  #port = 0;

  private constructor(options: GrpcSubmitOptions) {
    const { batch = 1_000, maxMessageBytes = 5 * 1024 * 1024, maxAtOnce = 64 } = options;
    const { batchTimeoutMs = 10_000, idleTimeoutMs = 60_000 } = options;
    this.#settings = { view: options.view, batch, maxMessageBytes, maxAtOnce, batchTimeoutMs, idleTimeoutMs };
    this.#server = new Server({
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_concurrent_streams': 32,
      'grpc.max_connection_idle_ms': 300_000,
      'grpc.keepalive_time_ms': 60_000,
    });
    const unary: handleUnaryCall<SubmitBatchRequest, SubmitBatchResponse> = (call, answer) => {
      this.#batch(call.request).then(
        (response) => answer(null, response),
        (error: unknown) => answer(refusalOf(error)),
      );
    };
    const streamed: handleBidiStreamingCall<SubmitBatchRequest, SubmitBatchResponse> = (call) =>
      void this.#stream(call);
    const service: UntypedServiceImplementation = { SubmitBatch: unary, SubmitBatches: streamed };
    this.#server.addService(serviceDefinition(), service);
  }

  /** @throws AiosError GRPC_PORT_TAKEN */
  static async open(options: GrpcSubmitOptions): Promise<GrpcSubmit> {
    const submit = new GrpcSubmit(options);
    const address = `${options.host ?? '127.0.0.1'}:${options.port}`;
    await new Promise<void>((resolve, reject) => {
      submit.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        submit.#port = port;
        if (!error) return resolve();
        reject(
          new AiosError(
            'GRPC_PORT_TAKEN',
            `gRPC cannot listen on ${address}: ${messageOf(error)}. Choose another port, or end what listens there.`,
            { cause: error },
          ),
        );
      });
    });
    return submit;
  }

  get port(): number {
    return this.#port;
  }

  async close(): Promise<void> {
    this.#server.forceShutdown();
  }

  /** @throws Refusal */
  async #batch({ transactions }: SubmitBatchRequest): Promise<SubmitBatchResponse> {
    const { batch, maxAtOnce, batchTimeoutMs, view } = this.#settings;
    if (transactions.length === 0 || transactions.length > batch)
      throw new Refusal(
        status.INVALID_ARGUMENT,
        `A batch has 1 to ${batch} transactions, not ${transactions.length}.`,
      );
    const large = transactions.findIndex(({ length }) => length > MAX_TRANSACTION_BYTES);
    if (large >= 0)
      throw new Refusal(
        status.INVALID_ARGUMENT,
        `Transaction ${large} has more than ${MAX_TRANSACTION_BYTES} bytes: nothing of the batch was taken.`,
      );
    if (this.#atOnce >= maxAtOnce)
      throw new Refusal(
        status.RESOURCE_EXHAUSTED,
        `${maxAtOnce} batches are being worked on: send this one again later.`,
      );
    this.#atOnce += 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = `The batch was not admitted within ${batchTimeoutMs} ms; some of it may have been: ask aios_getTransactionStatus.`;
      timer = setTimeout(() => reject(new Refusal(status.DEADLINE_EXCEEDED, why)), batchTimeoutMs);
    });
    // Copies: what is kept must not keep a whole message alive, and native code may not take a view.
    const submitted = Promise.all(
      transactions.map((encoded) => view.submit(Uint8Array.from(encoded))),
    ).finally(() => {
      // Counted until it is done, not until somebody gave up.
      this.#atOnce -= 1;
    });
    try {
      return { admissions: (await Promise.race([submitted, late])).map(admissionMessage) };
    } finally {
      clearTimeout(timer);
      submitted.catch(() => undefined);
    }
  }

  async #stream(call: ServerDuplexStream<SubmitBatchRequest, SubmitBatchResponse>): Promise<void> {
    const { idleTimeoutMs } = this.#settings;
    // As gRPC's own server is told of errors: destroying the stream would end it without a status.
    const fail = (refusal: { readonly code: status; readonly details: string }) =>
      call.emit('error', refusal);
    let ended = false;
    const silent = () => {
      ended = true;
      fail({
        code: status.DEADLINE_EXCEEDED,
        details: `No batch came for ${idleTimeoutMs} ms: open another stream.`,
      });
    };
    let timer = setTimeout(silent, idleTimeoutMs);
    try {
      const requests: AsyncIterable<SubmitBatchRequest> = call.iterator({ destroyOnReturn: false });
      // One batch after the other; reading stops meanwhile, and the sender's window fills up.
      for await (const request of requests) {
        clearTimeout(timer);
        const response = await this.#batch(request);
        if (call.cancelled) return;
        if (!call.write(response)) await drained(call);
        timer = setTimeout(silent, idleTimeoutMs);
      }
      call.end();
    } catch (error) {
      if (!call.cancelled && !ended) fail(refusalOf(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function drained(call: ServerDuplexStream<SubmitBatchRequest, SubmitBatchResponse>): Promise<void> {
  return new Promise((resolve) => {
    call.once('drain', resolve);
    call.once('cancelled', resolve);
  });
}

function admissionMessage(admission: Admission): SubmitBatchResponse['admissions'][number] {
  return admission.admitted
    ? { id: admission.id, code: '', why: '' }
    : { id: empty, code: admission.code, why: admission.why };
}

function refusalOf(error: unknown): { readonly code: status; readonly details: string } {
  if (error instanceof Refusal) return { code: error.code, details: error.details };
  return { code: status.INTERNAL, details: messageOf(error) };
}

function serviceDefinition(): ServiceDefinition {
  const definition = loadSync(submitProto, { keepCase: true, defaults: true, arrays: true })[submitService];
  if (definition === undefined || 'format' in definition)
    throw new AiosError('GRPC_PROTO_BROKEN', `${submitProto} has no service ${submitService}: install anew.`);
  return definition as ServiceDefinition;
}

/** A client of the service. @param address host:port */
export function submitClient(address: string, secured: ChannelCredentials): Client {
  const Submit = makeClientConstructor(serviceDefinition(), submitService);
  return new Submit(address, secured);
}
