"""Inventory reordering: additive Holt-Winters (damped trend) with intervals, checked against the seasonal-naive forecast on the series itself.

The smoothing constants come from a small grid, by squared error one day ahead. The newest weeks are held out first: when seasonal-naive is
better there, it is used, and the answer says so.
"""

import math

Z = {0.9: 1.2816, 0.95: 1.6449, 0.975: 1.96, 0.99: 2.3263}
DAMPING = 0.98
GRID = [(alpha, beta, gamma) for alpha in (0.05, 0.15, 0.3, 0.5) for beta in (0.0, 0.02, 0.1) for gamma in (0.05, 0.15, 0.3)]


class HoltWinters:
    def __init__(self, series, season, constants):
        self.alpha, self.beta, self.gamma = constants
        self.season = season
        first, second = series[:season], series[season : 2 * season]
        self.level = sum(first) / season
        self.trend = (sum(second) - sum(first)) / season / season
        means = (sum(first) / season, sum(second) / season)
        self.seasonal = [(first[i] - means[0] + second[i] - means[1]) / 2 for i in range(season)]
        self.squares, self.count, self.at = 0.0, 0, 0
        for index, value in enumerate(series):
            self.update(value, counted=index >= 2 * season)

    def ahead(self, days):
        damped = self.trend * DAMPING * (1 - DAMPING**days) / (1 - DAMPING)
        return self.level + damped + self.seasonal[(self.at + days - 1) % self.season]

    def update(self, value, counted):
        place = self.at % self.season
        error = value - self.ahead(1)
        if counted:
            self.squares += error * error
            self.count += 1
        before = self.level
        self.level = self.alpha * (value - self.seasonal[place]) + (1 - self.alpha) * (before + DAMPING * self.trend)
        self.trend = self.beta * (self.level - before) + (1 - self.beta) * DAMPING * self.trend
        self.seasonal[place] = self.gamma * (value - self.level) + (1 - self.gamma) * self.seasonal[place]
        self.at += 1

    @property
    def deviation(self):
        return math.sqrt(self.squares / max(1, self.count))

    def weight(self, distance):
        """What an error adds to the forecast so many days later (Hyndman et al., additive case, trend not damped)."""
        seasonal = self.gamma * (1 - self.alpha) if distance % self.season == 0 else 0
        return self.alpha * (1 + distance * self.beta) + seasonal

    def spread(self, days):
        """Standard deviation of the error so many days ahead."""
        return self.deviation * math.sqrt(1 + sum(self.weight(j) ** 2 for j in range(1, days)))

    def total_spread(self, days):
        """Standard deviation of the error of all these days together: a day's error goes on in the days after it."""
        squares, weight = 0.0, 1.0
        for distance in range(1, days + 1):
            squares += weight * weight
            weight += self.weight(distance)
        return self.deviation * math.sqrt(squares)


def best(series, season):
    models = (HoltWinters(series, season, constants) for constants in GRID)
    return min(models, key=lambda model: model.squares)


def naive(series, season, days):
    return series[len(series) - season + (days - 1) % season]


def backtest(series, season, days):
    """Mean absolute error of both, over three cuts that end where the newest data ends."""
    errors = {"holtWinters": [], "seasonalNaive": []}
    for cut in (3, 2, 1):
        past, future = series[: len(series) - cut * days], series[len(series) - cut * days :][:days]
        model = best(past, season)
        for ahead, value in enumerate(future, 1):
            errors["holtWinters"].append(abs(value - max(0.0, model.ahead(ahead))))
            errors["seasonalNaive"].append(abs(value - naive(past, season, ahead)))
    return {name: sum(values) / len(values) for name, values in errors.items()}


def run(input, aios):
    series, season = input["demand"], input.get("season", 7)
    horizon = input["leadTimeDays"] + input["reviewDays"]
    z = Z[input.get("serviceLevel", 0.95)]
    tested = None
    if len(series) >= 3 * season + 3 * horizon:
        tested = backtest(series, season, horizon)
        method = "holt-winters" if tested["holtWinters"] <= tested["seasonalNaive"] else "seasonal-naive"
    elif len(series) >= 3 * season:
        method = "holt-winters"
    else:
        method = "mean"
        aios.warn(f"{len(series)} days are too few for a season of {season}: the mean is used")
    if method == "holt-winters":
        model = best(series, season)
        points = [(max(0.0, model.ahead(day)), model.spread(day)) for day in range(1, horizon + 1)]
        together = model.total_spread(horizon)
    elif method == "seasonal-naive":
        errors = [a - b for a, b in zip(series[season:], series)]
        deviation = math.sqrt(sum(e * e for e in errors) / len(errors))
        points = [(naive(series, season, day), deviation * math.sqrt((day - 1) // season + 1)) for day in range(1, horizon + 1)]
        # Days that repeat the same weekday share its error.
        together = math.sqrt(sum(spread * spread for _, spread in points) * math.ceil(horizon / season))
    else:
        mean = sum(series) / len(series) if series else 0.0
        deviation = math.sqrt(sum((value - mean) ** 2 for value in series) / len(series)) if series else 0.0
        points = [(mean, deviation)] * horizon
        # The mean itself is as uncertain as few days make it.
        together = deviation * math.sqrt(horizon + horizon * horizon / max(1, len(series)))
    total = sum(point for point, _ in points)
    safety = z * together
    needed = total + safety - input["onHand"] - input["onOrder"]
    pack = input.get("packSize", 1)
    order = max(0, math.ceil(needed / pack - 1e-9) * pack)
    aios.info(f"{input['sku']}: {total:.1f} expected in {horizon} days, {safety:.1f} for safety, order {order} ({method})")
    return {
        "order": order,
        "method": method,
        "expected": round(total, 3),
        "safetyStock": round(safety, 3),
        "forecast": [
            {"mean": round(mean, 3), "low": round(max(0.0, mean - z * spread), 3), "high": round(mean + z * spread, 3)}
            for mean, spread in points
        ],
        "backtest": None if tested is None else {name: round(value, 4) for name, value in tested.items()},
    }
