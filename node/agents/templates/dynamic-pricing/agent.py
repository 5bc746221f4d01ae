"""Dynamic pricing: constant-elasticity demand fitted by least squares, priced at the profit maximum, moved to in bounded steps.

log(units + 0.5) = a[weekday] + e * log(price). With elasticity e < -1 profit is greatest at cost * e / (e + 1).
"""

import math

LEAST_DAYS = 28
# The fit must tell the elasticity from -1, where the optimum runs away, by this many standard errors.
CERTAINTY = 2.0


def fit(history):
    """Elasticity and its standard error, or None when prices hardly moved."""
    groups = {}
    for day in history:
        groups.setdefault(day.get("weekday", 0), []).append((math.log(day["price"]), math.log(day["units"] + 0.5)))
    xs, ys = [], []
    # Weekdays have levels of their own: what is left after their means is the answer to the price.
    for points in groups.values():
        mean_x = math.fsum(x for x, _ in points) / len(points)
        mean_y = math.fsum(y for _, y in points) / len(points)
        xs += [x - mean_x for x, _ in points]
        ys += [y - mean_y for _, y in points]
    spread = math.fsum(x * x for x in xs)
    freedom = len(xs) - len(groups) - 1
    if spread < 1e-4 or freedom < 5:
        return None
    elasticity = math.fsum(x * y for x, y in zip(xs, ys)) / spread
    residual = math.fsum((y - elasticity * x) ** 2 for x, y in zip(xs, ys))
    return elasticity, math.sqrt(residual / freedom / spread)


def run(input, aios):
    price, cost = input["price"], input["unitCost"]
    floor, ceiling, step = input["floor"], input["ceiling"], input["maxDailyChange"]
    if floor > ceiling:
        raise ValueError(f"floor {floor} is above ceiling {ceiling}: correct the product's bounds")
    history = input["history"]
    fitted = fit(history) if len(history) >= LEAST_DAYS else None
    elasticity, error = fitted if fitted else (None, None)
    confident = elasticity is not None and elasticity + CERTAINTY * error < -1
    if confident:
        target = cost * elasticity / (elasticity + 1)
        reason = f"demand falls by {-elasticity:.2f} % for each per cent of price"
    else:
        target = None
        reason = (
            f"only {len(history)} days of sales, {LEAST_DAYS} are needed" if len(history) < LEAST_DAYS
            else "past prices hardly differ" if elasticity is None
            else "demand is not clearly elastic: the price stays"
        )
    wanted = price if target is None else target
    bounds = []

    def clamp(value, low, high, name):
        if low <= value <= high:
            return value
        bounds.append(name)
        return low if value < low else high

    wanted = clamp(wanted, price * (1 - step), price * (1 + step), "maxDailyChange")
    # Floor and ceiling come last: they hold even where the present price is outside them.
    wanted = clamp(wanted, floor, math.inf, "floor")
    wanted = clamp(wanted, 0, ceiling, "ceiling")
    aios.info(f"{input['product']}: {price} to {wanted:.2f}, {reason}")
    # Rounded inwards, so that a cent never crosses a bound.
    cents = min(max(round(wanted * 100), math.ceil(floor * 100 - 1e-9)), math.floor(ceiling * 100 + 1e-9))
    return {
        "price": cents / 100,
        "target": None if target is None else round(target, 4),
        "elasticity": None if elasticity is None else round(elasticity, 4),
        "standardError": None if error is None else round(error, 4),
        "confident": confident,
        "bounds": bounds,
        "reason": reason,
    }
