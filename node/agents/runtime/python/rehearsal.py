# Run once in every child before it is given out: it goes through what agents commonly use, so that this is compiled by then.
import collections
import datetime
import json
import math
import random
import re
import statistics


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"({self.x}, {self.y:.2f})"


def run(input, aios):
    aios.call("rehearsal", {"input": input})
    aios.info("rehearsal")
    print("rehearsal", end="\n")
    values = sorted((i * 7919 % 101 for i in range(200)), key=lambda value: -value)
    counts = collections.Counter(values)
    points = [Point(i, math.sqrt(i)) for i in range(50)]
    text = ", ".join(map(repr, points)).split(", ")
    found = re.findall(r"[a-z]+", "some words to find")
    total = {str(key): value for key, value in counts.items() if value}
    json.loads(json.dumps({"total": total, "found": found, "mean": statistics.fmean(values), "random": random.random()}))
    datetime.datetime.fromtimestamp(0, datetime.timezone.utc).isoformat()
    try:
        raise ValueError(len(text))
    except ValueError as problem:
        return {"problem": str(problem), "found": found, "total": total}
