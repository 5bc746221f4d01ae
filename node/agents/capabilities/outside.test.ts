// The world outside against local servers: hosts, addresses, sizes and times of HTTP; an endpoint of a language model that answers, stalls
// and talks nonsense.
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Json } from '../runtime/runtime.ts';
import { type HttpOptions, hostAllowed, httpCapability } from './http.ts';
import { llmCapability } from './llm.ts';
import { isPublicAddress } from './public-address.ts';
import { serversPerTest } from './testing/servers-per-test.ts';
import { stepOf } from './testing/test-step.ts';

const serve = serversPerTest();

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    'fe80::1',
    'fc00::1',
    '2002:7f00:1::',
    '64:ff9b::7f00:1',
    'nonsense',
  ])('keeps %s from guests', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(['1.1.1.1', '93.184.216.34', '172.15.0.1', '2606:4700:4700::1111'])(
    'lets %s through',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
  it('matches hosts exactly, or below a star', () => {
    const allowed = (url: string, ...hosts: string[]) => hostAllowed(new URL(url), hosts);
    expect(allowed('https://api.example.com/x', 'api.example.com')).toBe(true);
    expect(allowed('https://api.example.com:444/x', 'api.example.com')).toBe(false);
    expect(allowed('https://api.example.com:444/x', 'api.example.com:444')).toBe(true);
    expect(allowed('https://a.example.com', '*.example.com')).toBe(true);
    expect(allowed('https://example.com', '*.example.com')).toBe(false);
    expect(allowed('https://badexample.com', '*.example.com')).toBe(false);
    expect(allowed('https://example.com.evil.org', 'example.com')).toBe(false);
  });
});

describe('http.fetch', () => {
  const fetchAs = (
    port: number,
    args: Readonly<Record<string, Json>>,
    options: HttpOptions = {},
    more: object = {},
  ) => {
    const step = stepOf(
      'http.fetch',
      { url: `http://api.test:${port}/x`, ...args },
      {
        http: { hosts: [`api.test:${port}`, `127.0.0.1:${port}`], bytes: 1_000, timeoutMs: 400, ...more },
      },
    );
    const here = { resolve: async () => [{ address: '127.0.0.1', family: 4 }], ...options };
    return httpCapability(here)
      .act(step)
      .then((answer) => ({ answer, log: step.log }));
  };
  const open = (port: number) => ({ privateHosts: [`api.test:${port}`] });

  it('fetches from a granted host, and marks what acts with the key of the step', async () => {
    const port = await serve((request, response) =>
      response
        .setHeader('set-cookie', 'a=b')
        .end(`${request.method} ${request.headers.host} ${request.headers['idempotency-key']}`),
    );
    const read = await fetchAs(port, {}, open(port));
    expect(read).toMatchObject({
      answer: { ok: { status: 200, body: `GET api.test:${port} undefined` } },
      log: ['answered'],
    });
    expect(JSON.stringify(read.answer)).not.toContain('cookie');
    const acted = await fetchAs(port, { method: 'POST', body: 'x' }, open(port), { methods: ['POST'] });
    expect(acted).toMatchObject({
      answer: { ok: { body: `POST api.test:${port} 1/0` } },
      log: ['begin', 'answered'],
    });
  });

  it('reaches no private address: not by number, not by a name, not by a name that changes its mind', async () => {
    let asked = 0;
    const port = await serve((_request, response) => {
      asked += 1;
      response.end('secret');
    });
    await expect(fetchAs(port, {})).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    await expect(fetchAs(port, { url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    // What a rebinding name would answer: public among private. The first look decides, and there is no second.
    const mixed = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(fetchAs(port, {}, { resolve: mixed })).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    let looks = 0;
    const rebinding = async () => [{ address: looks++ === 0 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    await expect(fetchAs(port, {}, { resolve: rebinding })).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    expect([asked, looks]).toEqual([0, 1]);
  });

  it('keeps to bytes, time, hosts and methods, and hands redirects over instead of following them', async () => {
    let path = '';
    const port = await serve((request, response) => {
      path = request.url ?? '';
      if (path === '/big') response.end('x'.repeat(2_000));
      else if (path === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      else if (path === '/binary') response.end(Buffer.from([0xff, 0xfe]));
      // Anything else is never answered.
    });
    const to = (rest: string) => ({ url: `http://api.test:${port}${rest}` });
    await expect(fetchAs(port, to('/big'), open(port))).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
    await expect(fetchAs(port, to('/stall'), open(port))).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
    expect((await fetchAs(port, to('/away'), open(port))).answer).toMatchObject({
      ok: { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    });
    expect((await fetchAs(port, to('/binary'), open(port))).answer).toMatchObject({
      ok: { bodyBase64: '//4=' },
    });
    await expect(fetchAs(port, { url: 'http://other.test/' }, open(port))).rejects.toMatchObject({
      code: 'HOST_NOT_ALLOWED',
    });
    await expect(fetchAs(port, { url: 'file:///etc/passwd' }, open(port))).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
    });
    await expect(fetchAs(port, { method: 'DELETE' }, open(port))).rejects.toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
    });
    await expect(fetchAs(port, { headers: { Host: 'x' } }, open(port))).rejects.toMatchObject({
      code: 'HEADER_NOT_ALLOWED',
    });
    await expect(fetchAs(port, { headers: { a: 'x\r\ny: z' } }, open(port))).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
    });
  });
});

describe('llm.chat', () => {
  const ask = (url: string | undefined, model = 'tiny') =>
    llmCapability(url === undefined ? undefined : { url, apiKey: 'k', stallMs: 1_000 }).act(
      stepOf(
        'llm.chat',
        { model, messages: [{ role: 'user', content: 'hi' }] },
        { llm: { models: ['tiny'], timeoutMs: 2_500 } },
      ),
    );
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'tiny', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const usage = `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'tiny', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })}\n\n`;
  const sse = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

  it('answers from a stream', async () => {
    let key: string | undefined;
    const port = await serve((request, response) => {
      key = request.headers.authorization;
      sse(response).write(chunk({ role: 'assistant', content: 'Hel' }));
      response.end(`${chunk({ content: 'lo' })}${chunk({}, 'stop')}${usage}data: [DONE]\n\n`);
    });
    expect(await ask(`http://127.0.0.1:${port}/v1`)).toEqual({
      ok: { text: 'Hello', finishReason: 'stop', inputTokens: 3, outputTokens: 2 },
    });
    expect(key).toBe('Bearer k');
  });

  /** Writes the same for as long as somebody reads. */
  const endless = (response: ServerResponse, text: string) => {
    const talk = () => {
      while (!response.destroyed && response.write(text));
    };
    response.on('drain', talk);
    talk();
  };

  it('tells stalled, slow, refused, malformed, dead and missing endpoints apart', async () => {
    const cases: readonly (readonly [code: string, (response: ServerResponse) => void])[] = [
      ['LLM_STALLED', (response) => void sse(response).write(chunk({ content: 'Hel' }))],
      ['LLM_STALLED', () => {}],
      ['LLM_REFUSED', (response) => void response.writeHead(429).end('{"error":{"message":"slow down"}}')],
      ['LLM_MALFORMED', (response) => void sse(response).end('data: {"no": "completion"\n\n')],
      [
        'LLM_MALFORMED',
        (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'),
      ],
      ['LLM_MALFORMED', (response) => void sse(response).end()],
      // A line that says nothing to the client keeps the connection alive, not the answer.
      [
        'LLM_STALLED',
        (response) => {
          sse(response).write(chunk({ content: 'Hel' }));
          const timer = setInterval(() => response.write(': thinking\n\n'), 100);
          response.once('close', () => clearInterval(timer));
        },
      ],
      // Broken off in the middle: half an answer is none.
      ['LLM_MALFORMED', (response) => void sse(response).end(chunk({ content: 'Hel' }))],
      [
        'LLM_MALFORMED',
        (response) => void sse(response).write(chunk({ content: 'Hel' }), () => response.destroy()),
      ],
      // One line without an end, and answers without an end.
      ['LLM_TOO_LARGE', (response) => endless(sse(response), `data: ${'x'.repeat(10_000)}`)],
      ['LLM_TOO_LARGE', (response) => endless(sse(response), chunk({ content: 'x'.repeat(10_000) }))],
      ['LLM_TOO_LARGE', (response) => endless(response.writeHead(500), 'x'.repeat(10_000))],
      [
        'LLM_TIMEOUT',
        (response) => {
          sse(response);
          const timer = setInterval(() => response.write(chunk({ content: '.' })), 100);
          response.once('close', () => clearInterval(timer));
        },
      ],
    ];
    for (const [code, answer] of cases) {
      const port = await serve((_request, response) => answer(response));
      await expect(ask(`http://127.0.0.1:${port}/v1`), code).rejects.toMatchObject({ code });
    }
    await expect(ask('http://127.0.0.1:1/v1')).rejects.toMatchObject({ code: 'LLM_UNREACHABLE' });
    await expect(ask(undefined)).rejects.toMatchObject({ code: 'LLM_NOT_CONFIGURED' });
    await expect(ask('http://127.0.0.1:1/v1', 'huge')).rejects.toMatchObject({ code: 'MODEL_NOT_ALLOWED' });
  });
});
