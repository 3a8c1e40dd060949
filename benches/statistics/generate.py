#!/usr/bin/env python3
"""Seeded CSV files for the speed comparison: `generate.py OUT [--scale 1.0] [--seed 1] [--only NAME,...]`.

Each file has its own random stream, so one file's numbers do not depend on which others are written.
--scale multiplies the rows (a cut named 1e5 has 1e5 x scale rows, never below 200); rmst.csv keeps its 2,000.
"""
import argparse
import os
import sys
import time
import zlib

import numpy as np


def write(path, columns):
    """`columns`: name -> (values, printf format). Rows are joined in blocks, which is several times faster than savetxt."""
    form = ",".join(kind for _, kind in columns.values()) + "\n"
    n = len(next(iter(columns.values()))[0])
    with open(path, "w", encoding="ascii", newline="") as out:
        out.write(",".join(columns) + "\n")
        for start in range(0, n, 100_000):
            block = [values[start:start + 100_000].tolist() for values, _ in columns.values()]
            out.write("".join(form % row for row in zip(*block)))
    return n


def cut(columns, n):
    return {name: (values[:n], kind) for name, (values, kind) in columns.items()}


def cox(rng, n, days):
    """Weibull times (shape 1.2) whose hazard depends on x1..x5 and, weakly, on the group; administrative end at 730 days; half censored."""
    x1 = rng.integers(0, 2, n)
    x2 = np.round(rng.standard_normal(n), 4)
    x3 = np.round(rng.standard_normal(n), 4)
    x4 = (rng.random(n) < 0.3).astype(int)
    x5 = rng.poisson(2.0, n)
    group = rng.integers(0, 2, n)
    score = 0.5 * x1 - 0.3 * x2 + 0.2 * x3 + 0.4 * x4 + 0.1 * x5 - 0.15 * group
    event_time = 900.0 * (rng.exponential(size=n) * np.exp(-score)) ** (1 / 1.2)
    censoring = np.minimum(rng.exponential(900.0, n), 730.0)
    event = (event_time <= censoring).astype(int)
    observed = np.minimum(event_time, censoring)
    observed = np.maximum(np.ceil(observed), 1).astype(int) if days else np.maximum(np.round(observed, 6), 1e-6)
    return {
        "time": (observed, "%d" if days else "%.6f"), "event": (event, "%d"), "x1": (x1, "%d"), "x2": (x2, "%.4f"),
        "x3": (x3, "%.4f"), "x4": (x4, "%d"), "x5": (x5, "%d"), "group": (group, "%d"),
    }


def start_stop(rng, people):
    """Up to eight visits a person, 30 to 89 days apart; x3 moves from visit to visit; a row ends with the visit, the event or drop-out."""
    visits = 8
    gap = rng.integers(30, 90, (people, visits))
    x1 = np.repeat(rng.integers(0, 2, (people, 1)), visits, axis=1)
    x2 = np.repeat(np.round(rng.standard_normal((people, 1)), 4), visits, axis=1)
    x3 = np.empty((people, visits))
    x3[:, 0] = rng.standard_normal(people)
    for visit in range(1, visits):
        x3[:, visit] = 0.8 * x3[:, visit - 1] + 0.6 * rng.standard_normal(people)
    x3 = np.round(x3, 4)
    until_event = rng.exponential(size=gap.shape) / (0.0010 * np.exp(0.4 * x1 - 0.2 * x2 + 0.3 * x3))
    length = np.ceil(np.minimum(until_event, gap)).astype(int)
    event = until_event <= gap
    last = event | (rng.random(gap.shape) < 0.06)
    seen = np.cumsum(last, axis=1) - last == 0
    start = np.concatenate([np.zeros((people, 1), int), np.cumsum(gap, axis=1)[:, :-1]], axis=1)
    person = np.repeat(np.arange(1, people + 1)[:, None], visits, axis=1)
    return {
        "id": (person[seen], "%d"), "start": (start[seen], "%d"), "stop": ((start + length)[seen], "%d"),
        "event": (event[seen].astype(int), "%d"), "x1": (x1[seen], "%d"), "x2": (x2[seen], "%.4f"), "x3": (x3[seen], "%.4f"),
    }


def lmm(rng, patients):
    """Pain over 16 weeks: random intercept (SD 1.2) and slope (SD 0.1), correlation -0.4, residual SD 1."""
    weeks = 16
    covariance = [[1.44, -0.048], [-0.048, 0.01]]
    effect = rng.multivariate_normal([0.0, 0.0], covariance, patients)
    treat = rng.integers(0, 2, patients)
    week = np.arange(weeks)
    pain = 6.0 - 0.4 * treat[:, None] + effect[:, :1] + (-0.15 + effect[:, 1:]) * week + rng.standard_normal((patients, weeks))
    return {
        "id": (np.repeat(np.arange(1, patients + 1), weeks), "%d"), "week": (np.tile(week, patients), "%d"),
        "pain": (np.round(pain, 2).ravel(), "%.2f"), "treat": (np.repeat(treat, weeks), "%d"),
    }


def competing(rng, n):
    """Two causes with their own hazards, whole days, end at 730."""
    x1 = rng.integers(0, 2, n)
    x2 = np.round(rng.standard_normal(n), 4)
    group = rng.integers(0, 2, n)
    first = 0.0010 * np.exp(0.4 * x1 - 0.3 * x2 + 0.2 * group)
    second = 0.0006 * np.exp(-0.2 * x1 + 0.2 * x2)
    event_time = rng.exponential(size=n) / (first + second)
    cause = np.where(rng.random(n) < first / (first + second), 1, 2)
    censoring = np.minimum(rng.exponential(1000.0, n), 730.0)
    status = np.where(event_time <= censoring, cause, 0)
    observed = np.maximum(np.ceil(np.minimum(event_time, censoring)), 1).astype(int)
    return {"time": (observed, "%d"), "status": (status, "%d"), "x1": (x1, "%d"), "x2": (x2, "%.4f"), "group": (group, "%d")}


def rmst(rng, n):
    """Two groups, whole days, follow-up beyond 365 in both."""
    group = rng.integers(0, 2, n)
    event_time = rng.exponential(size=n) * np.where(group == 1, 520.0, 380.0)
    censoring = np.minimum(rng.exponential(1200.0, n), 600.0)
    event = (event_time <= censoring).astype(int)
    observed = np.maximum(np.ceil(np.minimum(event_time, censoring)), 1).astype(int)
    return {"time": (observed, "%d"), "event": (event, "%d"), "group": (group, "%d")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="comma-separated: cox_days, cox_continuous, start_stop, lmm, competing, rmst")
    args = parser.parse_args()
    if args.scale <= 0:
        sys.exit("--scale must be above 0")
    os.makedirs(args.out, exist_ok=True)

    def size(n):
        return max(200, round(n * args.scale))

    makers = {
        "cox_days": (lambda rng: cox(rng, size(1e6), True), {"_1e5": size(1e5), "_1e4": size(1e4)}),
        "cox_continuous": (lambda rng: cox(rng, size(1e6), False), {"_1e5": size(1e5), "_1e4": size(1e4)}),
        "start_stop": (lambda rng: start_stop(rng, size(1e5)), {}),
        "lmm": (lambda rng: lmm(rng, size(5e3)), {}),
        "competing": (lambda rng: competing(rng, size(1e5)), {"_1e4": size(1e4)}),
        "rmst": (lambda rng: rmst(rng, 2000), {}),
    }
    only = args.only.split(",") if args.only else list(makers)
    for name in only:
        if name not in makers:
            sys.exit(f"--only: {name} is none of {', '.join(makers)}")
        make, cuts = makers[name]
        began = time.perf_counter()
        columns = make(np.random.default_rng([args.seed, zlib.crc32(name.encode())]))
        for suffix, n in {"": None, **cuts}.items():
            path = os.path.join(args.out, f"{name}{suffix}.csv")
            rows = write(path, columns if n is None else cut(columns, n))
            print(f"{name}{suffix}.csv: {rows} rows, {os.path.getsize(path) / 1e6:.1f} MB")
        share = columns.get("event", columns.get("status"))
        note = "" if share is None else f"; share with an event {np.mean(share[0] > 0):.3f}"
        print(f"  {name}: {time.perf_counter() - began:.1f} s{note}", flush=True)


if __name__ == "__main__":
    main()
