"""What a Python agent knows of the world: one host function, a log, and a name for each capability.

    import aios

    def run(input, aios):
        rows = aios.graphql("query { agents(first: 5) { id } }")
        aios.info(f"{len(rows['agents'])} agents")
        return rows

Calls are synchronous. A refused or failed call raises AiosCallError with a stable `code` and a `message` that names the fix.
"""

__all__ = [
    "AiosCallError", "call", "log", "debug", "info", "warn", "error",
    "graphql", "storage_get", "storage_put", "storage_delete", "storage_list", "http", "pay", "message",
    "schedule", "llm", "mcp", "prove",
]


class AiosCallError(Exception):
    """The platform refused a call or the call failed."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def call(capability, args=None):
    """Asks the platform to act. `args` and the answer are JSON values."""
    return _call(capability, {} if args is None else args)


def log(*parts, level="info"):
    """Writes a line to the run's log. Levels: debug, info, warn, error."""
    _log(level, " ".join(str(part) for part in parts))


def debug(*parts):
    log(*parts, level="debug")


def info(*parts):
    log(*parts, level="info")


def warn(*parts):
    log(*parts, level="warn")


def error(*parts):
    log(*parts, level="error")


def graphql(document, variables=None):
    """The data of an operation, executed as this agent."""
    return call("graphql", {"document": document, "variables": variables or {}})


def storage_get(key):
    """The value kept under a key of the agent's own namespace, None when there is none."""
    return call("storage", {"op": "get", "key": key})


def storage_put(key, value):
    return call("storage", {"op": "put", "key": key, "value": value})


def storage_delete(key):
    return call("storage", {"op": "delete", "key": key})


def storage_list(prefix=""):
    return call("storage", {"op": "list", "prefix": prefix})


def http(url, method="GET", headers=None, body=None):
    """{ status, headers, body } of a request to a host that the manifest names."""
    return call("http", {"url": url, "method": method, "headers": headers or {}, "body": body})


def pay(to, amount, token, memo=None):
    """Pays a payee that the manifest names; `amount` is a decimal string in the token's smallest unit."""
    return call("pay", {"to": to, "amount": str(amount), "token": token, "memo": memo})


def message(to, body):
    return call("message", {"to": to, "body": body})


def schedule(at, input=None):
    """Runs this agent again: `at` is an RFC 3339 time."""
    return call("schedule", {"at": at, "input": input})


def llm(messages, **options):
    """A completion: `messages` as in the OpenAI format, options such as model, temperature, maxTokens."""
    return call("llm", {"messages": messages, **options})


def mcp(server, tool, arguments=None):
    return call("mcp", {"server": server, "tool": tool, "arguments": arguments or {}})


def prove(circuit, inputs):
    """Asks for a proof; answers with the proof's id."""
    return call("prove", {"circuit": circuit, "inputs": inputs})
