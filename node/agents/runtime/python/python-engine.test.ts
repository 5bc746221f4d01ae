// Python agents in their real jail: results, every way to end, limits, and that the same request has the same outcome.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDigest } from '../digest.ts';
import type { Json, RunHooks, RunLimits, RunOutcome } from '../runtime.ts';
import { codeOf, echo, requestOf } from '../testing/requests.ts';
import { confineScript } from './engine-files.ts';
import { permissionFlag } from './jail.ts';
import { encodeFrame, FrameReader } from './protocol.ts';
import { PythonEngine } from './python-engine.ts';

let engine: PythonEngine;
beforeAll(async () => {
  engine = new PythonEngine({ warm: 2 });
  await engine.start();
}, 240_000);
afterAll(() => engine.close());

const limits: Partial<RunLimits> = { memoryBytes: 96 << 20, gas: 20_000_000_000, deadlineMs: 60_000 };
const run = (
  source: string,
  input: Json = null,
  more: Partial<RunLimits> = {},
  hooks: RunHooks = echo,
): Promise<RunOutcome> =>
  engine.run(requestOf(codeOf('python', source), input, { ...limits, ...more }), hooks);

describe('a Python agent', () => {
  test('gets its input, the capabilities it calls, and answers JSON', async () => {
    const outcome = await run(
      'def run(input, aios):\n    print("saw", input["name"])\n    return {"got": aios.call("echo", {"deep": [input]})}',
      { name: 'Zoë 🦉 \u0000 end' },
    );
    expect(outcome).toMatchObject({
      status: 'completed',
      output: { got: { deep: [{ name: 'Zoë 🦉 \u0000 end' }] } },
      logs: [{ level: 'info', text: 'saw Zoë 🦉 \u0000 end' }],
    });
    expect(outcome.calls).toHaveLength(1);
    expect(outcome.engine).toMatch(/^pyodide@314\.0\.7\+[0-9a-f]{32}$/);
  });

  test('sees a refused call as an exception with its code', async () => {
    const outcome = await run(
      'def run(input, aios):\n    try:\n        aios.call("pay", {})\n    except aios.AiosCallError as problem:\n        return [problem.code, problem.message]',
      null,
      {},
      { call: async () => ({ error: { code: 'OVER_BUDGET', message: 'no' } }) },
    );
    expect(outcome.output).toEqual(['OVER_BUDGET', 'no']);
  });

  test('has one clock, one source of chance and one heap: all of it comes from the request', async () => {
    const source =
      'import os, random, time, uuid\nclass A: pass\n' +
      'def run(input, aios):\n    aios.call("echo", random.random())\n' +
      '    return [id(A()), hash("text"), time.time(), time.monotonic(), str(uuid.uuid4()), os.urandom(3).hex(), sum(range(9999))]';
    const request = requestOf(codeOf('python', source), null, { ...limits });
    const [first, second] = [await engine.run(request, echo), await engine.run(request, echo)];
    expect(first.status).toBe('completed');
    expect(second.output).toEqual(first.output);
    expect(second.gas).toBe(first.gas);
    expect(runDigest(request, second)).toBe(runDigest(request, first));
    expect((first.output as Json[])[2]).toBe(request.startedAt / 1000);
    const seeded = await engine.run({ ...request, seed: '11'.repeat(32) }, echo);
    expect((seeded.output as Json[])[4]).not.toBe((first.output as Json[])[4]);
  });
});

describe('every end has its code', () => {
  const cases: readonly [string, string, string, Partial<RunLimits>?][] = [
    ['an exception', 'def run(input, aios):\n    raise ValueError("no")', 'AGENT_THREW'],
    ['SystemExit', 'def run(input, aios):\n    raise SystemExit(0)', 'AGENT_THREW'],
    ['KeyboardInterrupt', 'def run(input, aios):\n    raise KeyboardInterrupt', 'AGENT_THREW'],
    ['deep recursion', 'def run(input, aios):\n    return run(input, aios)', 'AGENT_THREW'],
    ['an output that is no JSON', 'def run(input, aios):\n    return {1, 2}', 'AGENT_THREW'],
    ['an integer that JSON loses', 'def run(input, aios):\n    return 2**60', 'AGENT_THREW'],
    ['broken code', 'def run(input, aios:', 'CODE_INVALID'],
    ['no run', 'x = 1', 'CODE_INVALID'],
    [
      'a list without end',
      'def run(input, aios):\n    x = []\n    while True: x.append(bytearray(1 << 20))',
      'OUT_OF_MEMORY',
    ],
    ['a loop without end', 'def run(input, aios):\n    while True: pass', 'OUT_OF_GAS', { gas: 200_000_000 }],
    [
      'a power in C',
      'def run(input, aios):\n    return 3 ** (10 ** 8) % 7',
      'OUT_OF_GAS',
      { gas: 500_000_000 },
    ],
    [
      'too long a run',
      'def run(input, aios):\n    while True: pass',
      'DEADLINE_EXCEEDED',
      { deadlineMs: 300, gas: 1e12 },
    ],
    [
      'too long an output',
      'def run(input, aios):\n    return "x" * 5000',
      'OUTPUT_TOO_LARGE',
      { outputBytes: 1000 },
    ],
    [
      'too many calls',
      'def run(input, aios):\n    while True: aios.call("echo", 1)',
      'TOO_MANY_CALLS',
      { hostCalls: 3 },
    ],
    ['an abort', 'import os\ndef run(input, aios):\n    os.abort()', 'ENGINE_CRASHED'],
  ];
  test.each(cases)('%s', async (_, source, code, more) => {
    const outcome = await run(source, null, more);
    expect(outcome.error?.code).toBe(code);
    expect(outcome.status).toBe(
      ['AGENT_THREW', 'CODE_INVALID', 'ENGINE_CRASHED'].includes(code) ? 'failed' : 'killed',
    );
  });

  test('gas runs out at the same instruction every time, and swallowing exceptions does not help', async () => {
    const source =
      'def run(input, aios):\n    while True:\n        try:\n            aios.log("x")\n        except BaseException:\n            pass';
    const [first, second] = [
      await run(source, null, { gas: 30_000_000 }),
      await run(source, null, { gas: 30_000_000 }),
    ];
    expect(first.error?.code).toBe('OUT_OF_GAS');
    expect(second.logs).toEqual(first.logs);
    expect(first.logs.length).toBeGreaterThan(10);
  });

  test('a cancelled run ends, also while it waits for an answer', async () => {
    const over = new AbortController();
    const outcome = await run(
      'def run(input, aios):\n    aios.call("wait")',
      null,
      {},
      {
        signal: over.signal,
        call: () => {
          over.abort();
          return new Promise(() => undefined);
        },
      },
    );
    expect(outcome).toMatchObject({ status: 'killed', error: { code: 'CANCELLED' } });
  });
});

describe('the jail', () => {
  test('nothing outside answers, even to a guest that digs up JavaScript', async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end('reached'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const source = `
import gc, os, socket, sys, urllib.request

def attempt(name, action):
    try:
        return [name, repr(action())[:200]]
    except BaseException as problem:
        return [name, None]

def found(kind):
    return [thing for thing in gc.get_objects() if type(thing).__name__ == kind]

def digging():
    proxies = found("JsProxy")
    make = proxies[0].constructor.constructor
    return make("return process")()

def connect():
    s = socket.socket()
    s.connect(("127.0.0.1", ${port}))
    s.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    return s.recv(10)

def run(input, aios):
    return [
        attempt("passwd", lambda: open("/etc/passwd").read()),
        attempt("proc", lambda: open("/proc/self/environ").read()),
        attempt("js", lambda: __import__("js").process),
        attempt("pyodide_js", lambda: __import__("pyodide_js")._module),
        attempt("run_js", lambda: __import__("pyodide.code").code.run_js("process")),
        attempt("system", lambda: os.system("true") == 0 or 1 / 0),
        attempt("fork", lambda: os.fork()),
        attempt("urllib", lambda: urllib.request.urlopen("http://127.0.0.1:${port}/").read()),
        attempt("socket", connect),
        attempt("dig", digging),
    ]
`;
    const outcome = await run(source);
    await new Promise((resolve) => server.close(resolve));
    expect(outcome.error).toBeUndefined();
    for (const [name, got] of outcome.output as [string, Json][]) expect([name, got]).toEqual([name, null]);
    expect(connections).toBe(0);
  });

  test('a script that could still import is refused', () => {
    expect(confineScript('x.mjs', 'await import("node:net"); pyimport("x")')).toContain(
      'await __aiosImport("node:net"); pyimport',
    );
    expect(() => confineScript('x.mjs', 'import net from "node:net";')).toThrow(/imports a module/);
  });

  test('the permission model is asked for by the name this Node knows', () => {
    expect(permissionFlag('v20.19.0')).toBe('--experimental-permission');
    expect(permissionFlag('v22.12.0')).toBe('--experimental-permission');
    expect(permissionFlag('v22.13.0')).toBe('--permission');
    expect(permissionFlag('v24.1.0')).toBe('--permission');
  });
});

test('frames survive any cutting of the stream', () => {
  const bytes = Buffer.concat([encodeFrame('{"a":1}'), encodeFrame('"ö"'), encodeFrame('')]);
  for (const size of [1, 2, 3, 5, 100]) {
    const reader = new FrameReader();
    const frames: string[] = [];
    for (let at = 0; at < bytes.length; at += size)
      frames.push(...reader.push(bytes.subarray(at, at + size)).map((frame) => frame.toString('utf8')));
    expect(frames).toEqual(['{"a":1}', '"ö"', '']);
  }
});
