"""Greets, and counts how often. `run` gets the input and `aios`, its only way to the world; what it returns is the output."""

import aios as world


def run(input, aios):
    name = input["name"]
    try:
        before = aios.storage_get(name) or 0
        aios.storage_set(name, before + 1)
    except world.AiosCallError as problem:
        aios.warn("not counted:", problem.code, problem.message)
        return {"greeting": f"Hello {name}", "visits": 0}
    return {"greeting": f"Welcome back {name}" if before > 0 else f"Hello {name}", "visits": before + 1}
