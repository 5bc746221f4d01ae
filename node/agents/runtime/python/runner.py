"""Runs one agent inside the jailed interpreter. Part of the memory snapshot that every run starts from, so what it imports is warm.

It speaks to its host through one device; nothing in here is trusted by the host, which keeps gas, limits and the order of calls.
"""

import bisect, collections, dataclasses, datetime, decimal, enum, fractions, functools, heapq, hashlib, inspect, io, itertools, json
import linecache, math, operator, os, random, re, statistics, string, sys, textwrap, time, tokenize, traceback, types, typing, uuid

AGENT = "/agent"
MAX_SAFE_INTEGER = 2**53 - 1
MAX_STACK = 4000
LEVELS = {"debug": b"0", "info": b"1", "warn": b"2", "error": b"3"}


def make_aios(source):
    """The module `aios`, bound to the device when a run begins."""
    module = types.ModuleType("aios")
    exec(compile(source, "<aios>", "exec"), module.__dict__)
    sys.modules["aios"] = module
    return module


class NotJson(Exception):
    pass


def check_json(value, where, depth=0):
    """Refuses what JSON would lose: other types, keys that are no strings, integers that are not exact in other languages."""
    if value is None or value is True or value is False or isinstance(value, str):
        return
    if isinstance(value, int):
        if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            return
        raise NotJson(f"{where} is an integer beyond 2^53, which JSON numbers do not keep: give it as a string")
    if isinstance(value, float):
        if math.isfinite(value):
            return
        raise NotJson(f"{where} is {value}, which JSON has no number for: give None or a string")
    if depth > 150:
        raise NotJson(f"{where} nests deeper than 150 levels: flatten it")
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            check_json(item, f"{where}[{index}]" if depth < 4 else where, depth + 1)
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotJson(f"a key of {where} is {type(key).__name__}, not a string: use str(key)")
            check_json(item, f"{where}.{key}" if depth < 4 else where, depth + 1)
        return
    raise NotJson(f"{where} is {type(value).__name__}, which is no JSON value: convert it to dict, list, str, number, bool or None")


encode_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode
decode_json = json.JSONDecoder().raw_decode


def to_json(value, where):
    check_json(value, where)
    try:
        return encode_json(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def from_json(data):
    return decode_json(data.decode())[0]


class LogStream(io.TextIOBase):
    """stdout and stderr: every line becomes a log line."""

    def __init__(self, log, level):
        self._log, self._level, self._rest = log, level, ""

    def writable(self):
        return True

    def write(self, text):
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._log(self._level, line)
        # A line without end must not grow for ever.
        if len(self._rest) > 8192:
            self.flush()
        return len(text)

    def flush(self):
        if self._rest:
            self._log(self._level, self._rest)
            self._rest = ""


def guest_stack(error):
    """The traceback without the frames of this file."""
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename == "<runner>":
        tb = tb.tb_next
    try:
        lines = traceback.format_exception(type(error), error, tb, limit=-20, chain=False)
    except BaseException:
        return ""
    return "".join(lines)[-MAX_STACK:]


def forget_javascript():
    """Drops the doors to the surrounding JavaScript. What a guest digs up all the same finds a process without abilities."""
    for finder in sys.meta_path:
        if hasattr(finder, "jsproxies"):
            finder.jsproxies.clear()
    sys.meta_path[:] = [finder for finder in sys.meta_path if not hasattr(finder, "jsproxies")]
    for name in list(sys.modules):
        if name.partition(".")[0] in {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"}:
            sys.modules[name] = None


def main(aios):
    """Runs twice: a rehearsal, so that the machine code of all this is compiled before anybody waits for it, and then the agent."""
    device = os.open("/dev/aios", os.O_RDWR)
    write, read = os.write, os.read

    def ask(data):
        write(device, data)
        part = read(device, 4096)
        parts, missing = [part[4:]], int.from_bytes(part[:4], "little") + 4 - len(part)
        while missing > 0:
            part = read(device, min(missing, 1 << 20))
            parts.append(part)
            missing -= len(part)
        return from_json(b"".join(parts))

    def call(capability, args):
        if not isinstance(capability, str):
            raise TypeError(f"the capability is a string, not {type(capability).__name__}")
        try:
            request = b"C" + to_json([capability, args], "args")
        except NotJson as problem:
            raise TypeError(str(problem)) from None
        answer = ask(request)
        if "error" in answer:
            raise aios.AiosCallError(answer["error"]["code"], answer["error"]["message"])
        return answer["ok"]

    def log(level, text):
        write(device, b"L" + LEVELS.get(level, b"1") + str(text)[:65536].encode("utf-8", "replace"))

    aios._call, aios._log = call, log
    # The clock stands still, so that waiting would never end.
    time.sleep = lambda seconds: None
    # A deeper stack ends the interpreter at a depth that differs between machines.
    limit_recursion, most = sys.setrecursionlimit, sys.getrecursionlimit()
    sys.setrecursionlimit = lambda limit: limit_recursion(min(limit, most))
    sys.stdin = io.StringIO("")
    forget_javascript()
    paths = list(sys.path)
    for _ in range(2):
        sys.path[:] = paths
        sys.modules.pop("__agent__", None)
        linecache.clearcache()
        sys.stdout, sys.stderr = LogStream(log, "info"), LogStream(log, "warn")
        start = ask(b"S")
        random.seed(int(start["seed"], 16))
        write(device, execute(start["entry"], start["input"], aios))


def failure(code, message, stack=None):
    return b"E" + json.dumps({"code": code, "message": message[:2000], "stack": stack}).encode()


def execute(entry, input, aios):
    """What to tell the host: the output, or how the agent failed."""
    path = f"{AGENT}/{entry}"
    sys.path[:0] = list(dict.fromkeys([os.path.dirname(path), AGENT]))
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec")
    except (SyntaxError, ValueError, UnicodeDecodeError) as problem:
        return failure("CODE_INVALID", f"{entry} does not compile: {problem}")
    except MemoryError:
        return failure("OUT_OF_MEMORY", f"{entry} does not fit into the agent's memory: raise limits.memoryBytes")
    module = types.ModuleType("__agent__")
    module.__file__ = path
    sys.modules["__agent__"] = module
    try:
        exec(code, module.__dict__)
        run = module.__dict__.get("run")
        if not callable(run):
            return failure("CODE_INVALID", f"{entry} defines no function `run`: write `def run(input, aios): …`")
        output = run(input, aios)
        if inspect.iscoroutine(output):
            output = finish(output)
        sys.stdout.flush()
        sys.stderr.flush()
        return b"O" + to_json(output, "the output")
    except NotJson as problem:
        return failure("AGENT_THREW", str(problem))
    except MemoryError:
        return failure("OUT_OF_MEMORY", "the agent's memory is used up: raise limits.memoryBytes or use less")
    except SystemExit as leave:
        return failure(
            "AGENT_THREW", f"SystemExit: {leave.code}: return the output from run instead of leaving", guest_stack(leave)
        )
    except BaseException as problem:
        try:
            message = f"{type(problem).__name__}: {problem}"
        except BaseException:
            message = type(problem).__name__
        return failure("AGENT_THREW", message, guest_stack(problem))


def finish(coroutine):
    """The result of an `async def run`, which has nothing to wait for: host calls are synchronous."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("run waits for an event loop, and an agent has none: aios.call answers at once, without await")
