// Python agents that try to get out, and bombs.
import type { RunErrorCode, RunLimits } from '#node/agents/runtime/runtime.ts';
import { codeOf } from '#node/agents/runtime/testing/requests.ts';
import type { Probe } from './probe.ts';

/** Agents that attempt many things in one run, for a process is started for each: one that succeeds says so. */
const ATTEMPTS = `
import gc, os, sys

def attempt(name, action):
    try:
        got = action()
    except BaseException:
        return False
    if got is not None:
        print("got", name, repr(got)[:200])
    return got is not None

def found(kind):
    return [thing for thing in gc.get_objects() if type(thing).__name__ == kind]

def reach(*names):
    """Whatever JavaScript object can be dug up, and a path of attributes from it."""
    for proxy in found("JsProxy"):
        try:
            thing = proxy
            for name in names:
                thing = getattr(thing, name)
            return thing
        except BaseException:
            continue
    raise LookupError("nothing")
`;

const attempts = (...lines: readonly string[]): string =>
  `${ATTEMPTS}\ndef run(input, aios):\n    port = input["port"]\n    return "ESCAPED" if any([\n${lines.map((line) => `        ${line},`).join('\n')}\n    ]) else None\n`;

const bomb = (body: string): string => `def run(input, aios):\n    ${body.replaceAll('\n', '\n    ')}\n`;

const MEMORY: readonly RunErrorCode[] = ['OUT_OF_MEMORY'];
const CPU: readonly RunErrorCode[] = ['OUT_OF_GAS', 'DEADLINE_EXCEEDED'];
const deadline: Partial<RunLimits> = { deadlineMs: 500, gas: 1e12 };

interface PythonProbe {
  readonly name: string;
  readonly source: string;
  readonly limits?: Partial<RunLimits>;
  /** How it may end; without, it must complete and not say that it escaped. */
  readonly ends?: readonly RunErrorCode[];
}

const probes: readonly PythonProbe[] = [
  {
    name: 'doors to JavaScript',
    source: attempts(
      'attempt("from js import process", lambda: __import__("js").process)',
      'attempt("from js import globalThis", lambda: __import__("js").globalThis)',
      'attempt("pyodide_js", lambda: __import__("pyodide_js"))',
      'attempt("pyodide.code.run_js", lambda: __import__("pyodide.code").code.run_js("process.version"))',
      'attempt("_pyodide_core", lambda: __import__("_pyodide_core"))',
      'attempt("pyodide_js._api", lambda: reach("_api"))',
      'attempt("pyodide_js._module", lambda: reach("_module"))',
      'attempt("Function of a dug up object", lambda: reach("constructor", "constructor")("return process")())',
      'attempt("AsyncFunction", lambda: reach("loadPackage", "constructor")("return import(\'node:fs\')")())',
      'attempt("micropip", lambda: __import__("micropip"))',
    ),
  },
  {
    name: 'files, processes and system calls',
    source: attempts(
      'attempt("/etc/passwd", lambda: open("/etc/passwd").read())',
      'attempt("/proc/self/environ", lambda: open("/proc/self/environ").read())',
      'attempt("home of the host", lambda: os.listdir("/root") or None)',
      'attempt("environment", lambda: {k: v for k, v in os.environ.items() if k not in ("HOME","LANG","LD_LIBRARY_PATH","PYTHONHASHSEED","PYTHONDONTWRITEBYTECODE","PATH","PWD","USER","LOGNAME","_","TZ","PYTHONINSPECT","PYTHONHOME","PYTHONPATH")} or None)',
      'attempt("os.system", lambda: os.system("id") == 0 or None)',
      'attempt("subprocess", lambda: __import__("subprocess").check_output(["id"]))',
      'attempt("fork", os.fork)',
      'attempt("exec", lambda: os.execv("/bin/sh", ["sh"]))',
      'attempt("multiprocessing", lambda: __import__("multiprocessing").Process(target=print).start())',
      'attempt("threads", lambda: __import__("threading").Thread(target=print).start())',
      'attempt("NODEFS", lambda: reach("FS").mount(reach("FS").filesystems.NODEFS, {"root": "/"}, "/mnt"))',
      'attempt("dlopen", lambda: __import__("ctypes").CDLL("/lib/x86_64-linux-gnu/libc.so.6"))',
    ),
  },
  {
    name: 'network with a live listener',
    source: attempts(
      'attempt("urllib", lambda: __import__("urllib.request").request.urlopen(f"http://127.0.0.1:{port}/").read())',
      'attempt("http.client", lambda: __import__("http.client").client.HTTPConnection("127.0.0.1", port).request("GET", "/"))',
      'attempt("fetch", lambda: reach("fetch")(f"http://127.0.0.1:{port}/"))',
      'attempt("pyodide.http", lambda: __import__("pyodide.http").http.open_url(f"http://127.0.0.1:{port}/").read())',
    ),
  },
  {
    name: 'socket to a live listener',
    source: bomb(
      'import socket\ns = socket.socket()\ntry:\n    s.connect(("127.0.0.1", input["port"]))\n    s.sendall(b"x")\nexcept OSError:\n    return None\nreturn "ESCAPED"',
    ),
    ends: ['ENGINE_CRASHED'],
  },
  {
    name: 'frame walking to the trampolines',
    source: bomb(
      'import sys\nf = sys._getframe()\nseen = []\nwhile f:\n    seen += [v for v in list(f.f_globals.values()) + list(f.f_locals.values()) if type(v).__name__ in ("JsProxy", "JsModule") and hasattr(v, "process")]\n    f = f.f_back\nreturn "ESCAPED" if seen else None',
    ),
  },
  {
    name: 'the SDK overridden to fake gas and logs',
    source: bomb(
      'import sys, os\nfor f in range(3, 64):\n    try: os.write(f, b\'L1{"gas":0}\')\n    except OSError: pass\naios._log = lambda *a: None\nsys.settrace(None)\nwhile True: pass',
    ),
    limits: { gas: 300_000_000, deadlineMs: 20_000 },
    ends: ['OUT_OF_GAS'],
  },
  {
    name: 'a second request asked for',
    source: bomb('import os\nfor f in range(3, 64):\n    try: os.write(f, b"S")\n    except OSError: pass'),
    ends: ['ENGINE_CRASHED'],
  },
  { name: 'memory: lists', source: bomb('x = [0]\nwhile True: x += x'), ends: MEMORY },
  { name: 'memory: one string', source: bomb('return len("x" * (1 << 30))'), ends: MEMORY },
  {
    name: 'memory: MemoryError swallowed',
    source: bomb('x = []\nwhile True:\n    try: x.append(bytearray(1 << 20))\n    except MemoryError: pass'),
    limits: { gas: 3_000_000_000, deadlineMs: 10_000 },
    ends: [...MEMORY, ...CPU],
  },
  {
    name: 'memory: files',
    source: bomb(
      'import os\ndata = b"x" * (1 << 20)\nn = 0\ntry:\n    while True:\n        open(f"/tmp/{n}", "wb").write(data)\n        n += 1\nexcept OSError:\n    return None if n < 64 else "ESCAPED"',
    ),
  },
  { name: 'CPU: loop', source: bomb('while True: pass'), limits: deadline, ends: CPU },
  {
    name: 'CPU: power of integers',
    source: bomb('return (3 ** (10 ** 8)) % 7'),
    limits: deadline,
    ends: CPU,
  },
  {
    name: 'CPU: regular expression',
    source: bomb('import re\nre.match(r"(a+)+$", "a" * 64 + "b")'),
    limits: deadline,
    ends: CPU,
  },
  {
    name: 'CPU: sorted',
    source: bomb('x = list(range(1000000))[::-1]\nwhile True: sorted(x, key=lambda v: v * 7919 % 1000003)'),
    limits: deadline,
    ends: [...CPU, ...MEMORY],
  },
  {
    name: 'CPU: KeyboardInterrupt and finally',
    source: bomb(
      'while True:\n    try:\n        while True: pass\n    except BaseException: pass\n    finally: continue',
    ),
    limits: deadline,
    ends: CPU,
  },
  {
    name: 'CPU: time.sleep',
    source: bomb('import time\nfor _ in range(1000): time.sleep(3600)\nreturn None'),
  },
  {
    name: 'tasks without end',
    source: bomb(
      'import asyncio\nasync def child():\n    while True: await asyncio.gather(child(), child())\ntry: asyncio.get_event_loop().run_until_complete(child())\nexcept RuntimeError: return None',
    ),
    limits: { gas: 3_000_000_000, deadlineMs: 5_000 },
    ends: [...CPU, ...MEMORY, 'AGENT_THREW', 'ENGINE_CRASHED'],
  },
  {
    name: 'recursion',
    source: bomb('import sys\nsys.setrecursionlimit(10 ** 9)\nf = lambda n: f(n + 1)\nreturn f(0)'),
    ends: ['AGENT_THREW'],
  },
  {
    name: 'recursion in C',
    source: bomb('x = []\nfor _ in range(200000): x = [x]\nreturn repr(x)[:1] and None'),
    ends: ['AGENT_THREW', 'OUT_OF_MEMORY', 'ENGINE_CRASHED'],
  },
  {
    name: 'garbage with finalizers',
    source: bomb(
      'import gc\nclass A:\n    def __del__(self): A().me = A()\nwhile True:\n    a = A()\n    a.me = a\n    gc.collect()',
    ),
    limits: deadline,
    ends: [...CPU, ...MEMORY, 'ENGINE_CRASHED'],
  },
  {
    name: 'huge output',
    source: bomb('return "x" * (20 << 20)'),
    limits: { memoryBytes: 128 << 20 },
    ends: ['OUTPUT_TOO_LARGE'],
  },
  {
    name: 'huge log',
    source: bomb('for _ in range(2000): print("x" * 50000)\nreturn None'),
    limits: { deadlineMs: 20_000 },
  },
  {
    name: 'huge call',
    source: bomb(
      'try: aios.call("x", "y" * (4 << 20))\nexcept aios.AiosCallError as e: return None if e.code == "CALL_TOO_LARGE" else "ESCAPED"',
    ),
    limits: { memoryBytes: 128 << 20 },
  },
  { name: 'os._exit', source: bomb('import os\nos._exit(0)'), ends: ['ENGINE_CRASHED'] },
  {
    name: 'a wild pointer',
    source: bomb('import ctypes\nctypes.memset(0, 0, 1 << 24)'),
    ends: ['ENGINE_CRASHED', 'AGENT_THREW', 'OUT_OF_MEMORY'],
  },
];

/** A process needs longer than a warm engine inside one: these have more time where time is not what they are about. */
const TIME_MS = 30_000;

/** A probe: `source` is the body of `run`; or `attempts`, expressions of which none may come to anything. */
export interface PythonProbeSource {
  readonly name: string;
  readonly source?: string;
  readonly attempts?: readonly string[];
  readonly limits?: Partial<RunLimits>;
  readonly ends?: readonly RunErrorCode[];
}

const probeOf = ({ name, source, limits, ends }: PythonProbe): Probe => ({
  language: 'python',
  name,
  code: codeOf('python', source),
  ends: [...(ends ?? []), ...(ends && !ends.includes('ENGINE_CRASHED') ? [] : ['completed' as const])],
  limits: { deadlineMs: TIME_MS, gas: 20_000_000_000, ...limits },
});

/** Probes that may also complete, whatever else they may end with. */
export function pythonProbes(sources: readonly PythonProbeSource[]): readonly Probe[] {
  return sources.map(({ source, attempts: lines, ends, ...rest }) => {
    const probe = probeOf({
      ...rest,
      source: source === undefined ? attempts(...(lines ?? [])) : bomb(source),
    });
    return { ...probe, ends: ['completed', ...(ends ?? [])] };
  });
}

export const PYTHON_PROBES: readonly Probe[] = probes.map(probeOf);
