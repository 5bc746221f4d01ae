// JSON-RPC 2.0 over any transport: takes a text, calls methods, gives back a text. Nothing that a caller sends makes it throw, and what it costs
// is bounded: requests in a batch, time, bytes of the answer.
import { messageOf } from '#node/platform/errors.ts';
import { CallParameters } from './call-parameters.ts';
import { JsonText, RpcError, rpcCodes } from './rpc-error.ts';

export type Method = (parameters: CallParameters) => unknown;
export type Methods = Readonly<Record<string, Method>>;

export interface JsonRpcLimits {
  readonly batch: number;
  /** Of an answer, a batch's included: a block of the largest kind fits. */
  readonly answerBytes: number;
  /** Of the answers of all batches that are not complete yet. */
  readonly heldBytes: number;
  /** For one request; a batch has three times as long. */
  readonly milliseconds: number;
}

export const jsonRpcLimits: JsonRpcLimits = {
  batch: 100,
  answerBytes: 160 * 1024 * 1024,
  heldBytes: 320 * 1024 * 1024,
  milliseconds: 20_000,
};

/** Ids are sent back: longer ones are nobody's. */
const MAX_ID_CHARACTERS = 256;

type Id = string | number | null;

export class JsonRpc {
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #limits: JsonRpcLimits;
  #held = 0;

  constructor(methods: Methods, limits: Partial<JsonRpcLimits> = {}) {
    this.#methods = new Map(Object.entries(methods));
    this.#limits = { ...jsonRpcLimits, ...limits };
  }

  /**
   * Answers a request or a batch.
   * @param extra methods of this caller's connection alone
   * @returns undefined when nothing was asked for: notifications have no answer
   */
  async answer(text: string, extra?: Methods): Promise<string | undefined> {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      return failure(null, rpcCodes.notJson, 'The request is not JSON.');
    }
    if (!Array.isArray(request))
      return this.#one(request, extra, this.#limits.milliseconds, this.#limits.answerBytes);
    const { batch, milliseconds } = this.#limits;
    if (request.length === 0) return failure(null, rpcCodes.notARequest, 'The batch is empty.');
    if (request.length > batch)
      return failure(
        null,
        rpcCodes.limit,
        `A batch may have ${batch} requests, this one has ${request.length}: send several batches.`,
      );
    return this.#batch(request, extra, performance.now() + 3 * milliseconds);
  }

  async #batch(
    requests: readonly unknown[],
    extra: Methods | undefined,
    deadline: number,
  ): Promise<string | undefined> {
    const answers: string[] = [];
    const { answerBytes, heldBytes, milliseconds } = this.#limits;
    let bytes = 0;
    try {
      for (const request of requests) {
        const left = Math.min(milliseconds, deadline - performance.now());
        const room = Math.min(answerBytes - bytes, heldBytes - this.#held);
        const answer = await this.#one(request, extra, left, room);
        if (answer === undefined) continue;
        bytes += answer.length;
        this.#held += answer.length;
        answers.push(answer);
      }
      return answers.length === 0 ? undefined : `[${answers.join(',')}]`;
    } finally {
      this.#held -= bytes;
    }
  }

  async #one(
    request: unknown,
    extra: Methods | undefined,
    milliseconds: number,
    room: number,
  ): Promise<string | undefined> {
    if (typeof request !== 'object' || request === null || Array.isArray(request))
      return failure(
        null,
        rpcCodes.notARequest,
        'A request is an object with jsonrpc, id, method and params.',
      );
    const { id: given, method, params = [], jsonrpc } = request as Record<string, unknown>;
    const id = idOf(given);
    if (id === undefined)
      return failure(
        null,
        rpcCodes.notARequest,
        `An id is a number, null or a text of at most ${MAX_ID_CHARACTERS} characters.`,
      );
    if (jsonrpc !== '2.0' || typeof method !== 'string')
      return failure(id, rpcCodes.notARequest, 'A request says "jsonrpc": "2.0" and names its method.');
    const isNotification = given === undefined;
    const answer = await this.#called(id, method, params, extra, milliseconds, room);
    return isNotification ? undefined : answer;
  }

  async #called(
    id: Id,
    method: string,
    params: unknown,
    extra: Methods | undefined,
    milliseconds: number,
    room: number,
  ): Promise<string> {
    const called =
      (extra && Object.hasOwn(extra, method) ? extra[method] : undefined) ?? this.#methods.get(method);
    if (!called)
      return failure(
        id,
        rpcCodes.noSuchMethod,
        `The method ${method.slice(0, 80)} does not exist/is not available: see docs/chain.md for those that are.`,
      );
    if (!Array.isArray(params))
      return failure(id, rpcCodes.badParameters, `${method}: params must be a list, by place.`);
    try {
      if (milliseconds <= 0) throw tookTooLong(method);
      const returned = called(new CallParameters(method, params));
      const result = returned instanceof Promise ? await inTime(returned, method, milliseconds) : returned;
      const text = result instanceof JsonText ? result.text : (JSON.stringify(result) ?? 'null');
      if (text.length > room)
        throw new RpcError(
          rpcCodes.limit,
          `${method}: the answer has ${text.length} bytes, more than the ${Math.max(0, room)} that are left: ask for less at once.`,
        );
      return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`;
    } catch (error) {
      if (error instanceof RpcError) return failure(id, error.rpcCode, error.message, error.data);
      return failure(id, rpcCodes.internal, `${method} failed here: ${messageOf(error)}`);
    }
  }
}

/** @returns undefined when it is none */
function idOf(given: unknown): Id | undefined {
  if (given === undefined || given === null) return null;
  if (typeof given === 'number') return given;
  return typeof given === 'string' && given.length <= MAX_ID_CHARACTERS ? given : undefined;
}

function failure(id: Id, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } });
}

const tookTooLong = (method: string) =>
  new RpcError(rpcCodes.limit, `${method} took too long: ask for less at once.`);

async function inTime<T>(result: Promise<T>, method: string, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong(method)), milliseconds);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
