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
    "graphql", "storage_get", "storage_set", "storage_delete", "storage_list", "http", "pay", "message",
    "schedule", "agent", "approval", "llm", "mcp", "mcp_tools", "prove",
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


def graphql(operation, variables=None):
    """What an operation of the manifest (`capabilities.graphql.operations`) answers, executed as this agent."""
    return call("graphql.run", {"operation": operation, "variables": variables or {}})


def storage_get(key):
    """The value kept under a key of the agent's own namespace, None when there is none."""
    return call("storage.get", {"key": key})


def storage_set(key, value):
    return call("storage.set", {"key": key, "value": value})


def storage_delete(key):
    """Whether there was such a key."""
    return call("storage.delete", {"key": key})


def storage_list(prefix="", after=None, limit=100):
    return call("storage.list", {"prefix": prefix, "limit": limit} | ({} if after is None else {"after": after}))


def http(url, method="GET", headers=None, body=None):
    """The response of a host that the manifest names; `body` is text."""
    request = {"url": url, "method": method, "headers": headers or {}}
    return call("http.fetch", request if body is None else request | {"body": body})


def pay(payee, amount):
    """Pays a payee of the manifest; `amount` is an integer in the token's smallest unit."""
    return call("pay.send", {"payee": payee, "amount": str(amount)})


def message(topic, body):
    return call("message.send", {"topic": topic, "body": body})


def schedule(after_ms, input=None):
    """Runs this agent again in a while."""
    return call("schedule.at", {"afterMs": after_ms, "input": input})


def agent(deployment, input=None, budget="0"):
    """What another agent answers."""
    return call("agent.call", {"deployment": deployment, "input": input, "budget": str(budget)})


def approval(question, details=None):
    """Asks a person and waits, for days if need be."""
    return call("approval.ask", {"question": question, "details": details})


def llm(model, messages, max_tokens=None, temperature=0):
    """A completion; `messages` as [{ "role": "user", "content": "…" }]."""
    request = {"model": model, "messages": messages, "temperature": temperature}
    return call("llm.chat", request if max_tokens is None else request | {"maxTokens": max_tokens})


def mcp_tools(server):
    """Those of a server's tools that the manifest grants: [{ "name", "title", "description", "inputSchema", "outputSchema" }]."""
    return call("mcp.tools", {"server": server})


def mcp(server, tool, arguments=None):
    """Calls a tool of an MCP server: { "content", "structured", "isError" }."""
    return call("mcp.call", {"server": server, "tool": tool, "arguments": arguments or {}})


def prove(circuit, inputs, system="groth16"):
    """Waits for a proof: { "job", "proof", "publicSignals", "signals", … }. The platform sets the input "context" where a circuit has it."""
    return call("prove.request", {"circuit": circuit, "inputs": inputs, "system": system})
