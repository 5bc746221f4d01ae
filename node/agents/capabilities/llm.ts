// Language models for guests: any endpoint that speaks OpenAI's format, named by the operator; the key never reaches a guest.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, streamText } from 'ai';
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type Capability, checkedArgs, grantOf, readAnswer } from './capability.ts';

export interface LlmEndpoint {
  /** Base URL, such as http://127.0.0.1:11434/v1. */
  readonly url: string;
  readonly apiKey?: string;
  /** Models it serves under their names; every one that a manifest names when absent. */
  readonly models?: readonly string[];
  /** Milliseconds of silence after which an answer counts as stalled. */
  readonly stallMs?: number;
}

const defaultStallMs = 20_000;
/** Bytes of an answer that are read at most: for each token the longest chunk that servers make of one, and something to begin with. */
const bytesPerToken = 2_048;
const baseBytes = 256 << 10;

const args = z.strictObject({
  model: z.string().min(1).max(120),
  messages: z
    .array(
      z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) }),
    )
    .min(1)
    .max(200),
  maxTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).default(0),
});

/** `endpoint` undefined: the operator named none, and the capability says how to. */
export function llmCapability(endpoint: LlmEndpoint | undefined): Capability {
  return {
    name: 'llm.chat',
    async act(step) {
      const { model, messages, maxTokens, temperature } = checkedArgs(step, args);
      const grant = grantOf(step, 'llm');
      if (!grant.models.includes(model))
        throw new AiosError(
          'MODEL_NOT_ALLOWED',
          `${JSON.stringify(model)} is not among the models of the manifest. Add it to capabilities.llm.models and deploy a new version.`,
        );
      if (!endpoint)
        throw new AiosError(
          'LLM_NOT_CONFIGURED',
          'No endpoint of a language model is set. Let the operator set agents.llm.url (AIOS_LLM_URL).',
        );
      if (endpoint.models && !endpoint.models.includes(model))
        throw new AiosError(
          'MODEL_NOT_ALLOWED',
          `The operator's endpoint does not serve ${JSON.stringify(model)}. It serves: ${endpoint.models.join(', ')}.`,
        );
      const answer = await chat(endpoint, {
        model,
        messages,
        maxTokens: Math.min(maxTokens ?? grant.outputTokens, grant.outputTokens),
        temperature,
        timeoutMs: grant.timeoutMs,
        signal: step.signal,
      });
      return readAnswer(step, { ...answer });
    },
  };
}

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface ChatAnswer {
  readonly text: string;
  readonly finishReason: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/**
 * One answer, streamed, so that an endpoint that stalls is told from one that is slow.
 * @throws AiosError LLM_TIMEOUT, LLM_STALLED, LLM_TOO_LARGE, LLM_REFUSED, LLM_MALFORMED, LLM_UNREACHABLE
 */
async function chat(endpoint: LlmEndpoint, request: ChatRequest): Promise<ChatAnswer> {
  const stall = new AbortController();
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const stallMs = endpoint.stallMs ?? defaultStallMs;
  let timer = setTimeout(() => stall.abort(), stallMs);
  const most = baseBytes + request.maxTokens * bytesPerToken;
  const tooLarge = new AbortController();
  const provider = createOpenAICompatible({
    name: 'operator',
    baseURL: endpoint.url.replace(/\/$/, ''),
    apiKey: endpoint.apiKey,
    includeUsage: true,
    fetch: async (input, init) => countedResponse(await fetch(input, init), most, () => tooLarge.abort()),
  });
  let text = '';
  try {
    const result = streamText({
      model: provider(request.model),
      messages: request.messages.map((message) => ({ ...message })),
      maxOutputTokens: request.maxTokens,
      temperature: request.temperature,
      maxRetries: 0,
      abortSignal: AbortSignal.any([request.signal, deadline, stall.signal, tooLarge.signal]),
      // Errors are parts of the stream, dealt with below.
      onError: () => {},
    });
    let finish: { readonly reason: string; readonly input?: number; readonly output?: number } | undefined;
    for await (const part of result.fullStream) {
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), stallMs);
      if (part.type === 'text-delta') text += part.text;
      else if (part.type === 'error') throw part.error;
      else if (part.type === 'finish')
        finish = {
          reason: part.finishReason,
          input: part.totalUsage.inputTokens,
          output: part.totalUsage.outputTokens,
        };
    }
    if ([stall.signal, deadline, tooLarge.signal, request.signal].some(({ aborted }) => aborted))
      throw new Error('aborted');
    if (!finish || (text === '' && finish.reason !== 'stop' && finish.reason !== 'length'))
      throw new AiosError(
        'LLM_MALFORMED',
        `The endpoint's answer was no completion. Check that ${hostOf(endpoint)} speaks OpenAI's format.`,
      );
    return {
      text,
      finishReason: finish.reason,
      inputTokens: finish.input ?? null,
      outputTokens: finish.output ?? null,
    };
  } catch (error) {
    if (error instanceof AiosError) throw error;
    if (tooLarge.signal.aborted)
      throw new AiosError(
        'LLM_TOO_LARGE',
        `The endpoint answered with over ${most} bytes for ${request.maxTokens} tokens. Let the operator look at ${hostOf(endpoint)}.`,
      );
    if (stall.signal.aborted)
      throw new AiosError(
        'LLM_STALLED',
        `The endpoint said nothing for ${stallMs} ms. Try again, or let the operator look at ${hostOf(endpoint)}.`,
      );
    if (deadline.aborted)
      throw new AiosError(
        'LLM_TIMEOUT',
        `The answer was not complete after ${request.timeoutMs} ms. Ask for fewer tokens, or raise capabilities.llm.timeoutMs.`,
      );
    throw failureOf(error, endpoint);
  } finally {
    clearTimeout(timer);
    stall.abort();
  }
}

/** The response with its body counted: an endpoint that never stops must not fill the memory, whatever the client makes of it. */
function countedResponse(response: Response, most: number, onTooLarge: () => void): Response {
  if (!response.body) return response;
  let read = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.byteLength;
        if (read > most) {
          onTooLarge();
          controller.error(new Error(`over ${most} bytes`));
        } else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}

function failureOf(error: unknown, endpoint: LlmEndpoint): AiosError {
  if (APICallError.isInstance(error)) {
    const { statusCode } = error;
    if (statusCode !== undefined && statusCode >= 400)
      return new AiosError(
        'LLM_REFUSED',
        `The endpoint answered ${statusCode}: ${messageOf(error)}. Check model, key and quota with the operator.`,
      );
    if (statusCode === undefined)
      return new AiosError(
        'LLM_UNREACHABLE',
        `${hostOf(endpoint)} could not be reached. Try again, or let the operator check agents.llm.url.`,
        { cause: error },
      );
  }
  return new AiosError(
    'LLM_MALFORMED',
    `The endpoint's answer could not be read: ${messageOf(error)}. Check that ${hostOf(endpoint)} speaks OpenAI's format.`,
    { cause: error },
  );
}

const hostOf = (endpoint: LlmEndpoint) => new URL(endpoint.url).host;
