#!/usr/bin/env python3
"""One task in Python, in one process: `py_bench.py DATA TASK` (DATA: folder of generate.py; `py_bench.py - list` names the tasks).

Reads the CSV (with polars; with numpy where numpy does the rest, which is quicker than importing polars), fits, prints one line of JSON:
{task, by, load_*_s, fit_*_s, numbers, warnings, versions}. fit_* runs from the data in memory to the numbers printed (coefficient x1 and
its standard error x1.se, a statistic, an estimate at a time). CPU is user + system of this process, all its threads. An error or a
number that is not finite ends the process with status 1.
Packages are imported before the clock starts: their loading is in the whole-process figures of run.py.
"""
import importlib
import json
import math
import os
import platform
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np

HORIZON = 365.0
REPLICATES = 1000
TIMES = (180.0, 365.0)
FIVE = ["x1", "x2", "x3", "x4", "x5"]


def read(path):
    """The columns as arrays."""
    if "polars" in sys.modules:
        return {column.name: column.to_numpy() for column in sys.modules["polars"].read_csv(path)}
    with open(path, encoding="ascii") as file:
        names = file.readline().strip().split(",")
        return dict(zip(names, np.loadtxt(file, delimiter=",", unpack=True)))


def pandas_frame(d, columns):
    return sys.modules["pandas"].DataFrame({name: d[name] for name in columns})


def named(terms, estimates, errors):
    """Estimates and standard errors under their names: x1, x1.se, ..."""
    return {key: float(value) for term, estimate, error in zip(terms, estimates, errors) for key, value in ((term, estimate), (term + ".se", error))}


def by_group(d, *columns):
    """For each group in order, its columns as arrays."""
    group = d["group"]
    return [(label, *[d[name][group == label] for name in columns]) for label in np.unique(group)]


# Cox models

def cox_lifelines(d):
    fit = lifelines.CoxPHFitter().fit(pandas_frame(d, ["time", "event", *FIVE]), "time", "event")
    return {**named(FIVE, fit.params_[FIVE], fit.standard_errors_[FIVE]), "logLik": float(fit.log_likelihood_)}


def cox_statsmodels(d):
    fit = api.PHReg(d["time"], np.column_stack([d[name] for name in FIVE]).astype(float), status=d["event"], ties="efron").fit()
    return {**named(FIVE, fit.params, fit.bse), "logLik": float(fit.llf)}


def cox_start_stop(d):
    terms = ["x1", "x2", "x3"]
    fit = lifelines.CoxTimeVaryingFitter().fit(
        pandas_frame(d, ["id", "start", "stop", "event", *terms]), id_col="id", event_col="event", start_col="start", stop_col="stop")
    return {**named(terms, fit.params_[terms], fit.standard_errors_[terms]), "logLik": float(fit.log_likelihood_)}


def cox_start_stop_cluster(d):
    """CoxTimeVaryingFitter has no robust errors; CoxPHFitter takes late entry and clusters (each row an episode)."""
    terms = ["x1", "x2", "x3"]
    fit = lifelines.CoxPHFitter().fit(
        pandas_frame(d, ["id", "start", "stop", "event", *terms]), "stop", "event", entry_col="start", cluster_col="id", robust=True)
    return {**named(terms, fit.params_[terms], fit.standard_errors_[terms]), "logLik": float(fit.log_likelihood_)}


def zph(d):
    """lifelines tests each term with the older approximation (R before survival 3.0): its statistics are near R's, not the same."""
    frame = pandas_frame(d, ["time", "event", *FIVE])
    fit = lifelines.CoxPHFitter().fit(frame, "time", "event")
    test = lifelines_statistics.proportional_hazard_test(fit, frame, time_transform="km").summary["test_statistic"]
    return {term: float(test[term]) for term in FIVE}


# Curves and tests

def km_lifelines(d):
    numbers = {}
    for label, times, events in by_group(d, "time", "event"):
        curve = lifelines.KaplanMeierFitter().fit(times, events)
        numbers |= {f"group={label}@{t:g}": float(s) for t, s in zip(TIMES, curve.survival_function_at_times(TIMES))}
    return numbers


def km_scipy(d):
    numbers = {}
    for label, times, events in by_group(d, "time", "event"):
        curve = stats.ecdf(stats.CensoredData.right_censored(times, events == 0)).sf
        numbers |= {f"group={label}@{t:g}": float(s) for t, s in zip(TIMES, curve.evaluate(TIMES))}
    return numbers


def logrank_lifelines(d):
    (_, t0, e0), (_, t1, e1) = by_group(d, "time", "event")
    return {"statistic": float(lifelines_statistics.logrank_test(t0, t1, e0, e1).test_statistic)}


def logrank_scipy(d):
    (_, t0, e0), (_, t1, e1) = by_group(d, "time", "event")
    censored = stats.CensoredData.right_censored
    return {"statistic": float(stats.logrank(censored(t0, e0 == 0), censored(t1, e1 == 0)).statistic) ** 2}


# Bootstrap of the difference in restricted mean survival time

def bootstrap_rmst_lifelines(d):
    rng = np.random.default_rng(1)
    times, events, group = (d[name] for name in ("time", "event", "group"))

    def difference(rows):
        means = []
        for label in (0, 1):
            mine = rows[group[rows] == label]
            means.append(lifelines_utils.restricted_mean_survival_time(lifelines.KaplanMeierFitter().fit(times[mine], events[mine]), t=HORIZON))
        return means[1] - means[0]

    n = len(times)
    again = [difference(rng.integers(0, n, n)) for _ in range(REPLICATES)]
    return {"difference": float(difference(np.arange(n))), "difference.se": float(np.std(again, ddof=1))}


def bootstrap_rmst_numpy(d):
    """Sorted once (events first within a day), a resample is a row of counts: the product-limit factors of tied rows telescope.
    All replicates of a block at once; a block is small enough for the cache."""
    rng = np.random.default_rng(1)
    times, events, group = (d[name] for name in ("time", "event", "group"))
    order = np.lexsort((-events, times))
    times, events, group = times[order], events[order], group[order]
    n = len(times)
    parts = [(mine, np.flatnonzero(events[mine]), np.diff(np.minimum(np.r_[0.0, times[mine][events[mine] == 1], np.inf], HORIZON)))
             for mine in (np.flatnonzero(group == label) for label in (0, 1))]

    def difference(counts):
        means = []
        for mine, event_rows, width in parts:
            w = counts[:, mine]
            before = np.cumsum(w, axis=1)
            deaths = w[:, event_rows]
            at_risk = np.maximum(before[:, -1:] - before[:, event_rows] + deaths, 1)
            means.append(width[0] + np.cumprod(1.0 - deaths / at_risk, axis=1) @ width[1:])
        return means[1] - means[0]

    again = []
    for start in range(0, REPLICATES, 100):
        block = min(100, REPLICATES - start)
        drawn = rng.integers(0, n, (block, n)) + n * np.arange(block)[:, None]
        again.append(difference(np.bincount(drawn.ravel(), minlength=block * n).reshape(block, n)))
    return {"difference": float(difference(np.ones((1, n), int))[0]), "difference.se": float(np.std(np.concatenate(again), ddof=1))}


# Longitudinal

def design(d):
    return np.column_stack([np.ones(len(d["week"])), d["week"], d["treat"]]), ["(Intercept)", "week", "treat"]


def lmm(d):
    x, terms = design(d)
    fit = api.MixedLM(d["pain"], x, groups=d["id"], exog_re=x[:, :2]).fit(reml=True)
    if not fit.converged:
        raise RuntimeError("MixedLM did not converge")
    cov = np.asarray(fit.cov_re)
    sd = np.sqrt(np.diag(cov))
    return {**named(terms, fit.fe_params, fit.bse_fe), "sd_intercept": float(sd[0]), "sd_slope": float(sd[1]),
            "correlation": float(cov[0, 1] / sd.prod()), "sigma": math.sqrt(fit.scale), "logLik": float(fit.llf)}


def gee(d):
    x, terms = design(d)
    fit = api.GEE(d["pain"], x, groups=d["id"], cov_struct=api.cov_struct.Exchangeable()).fit()
    return {**named(terms, fit.params, fit.bse), "alpha": float(fit.cov_struct.dep_params)}


def slope_numbers(ids, middle, low, high):
    return {"mean_slope": float(np.mean(middle)), "mean_low": float(np.mean(low)), "mean_high": float(np.mean(high)),
            **{f"{person:g}": float(slope) for person, slope in zip(ids[:5], middle)}}


def theil_sen_scipy(d):
    ids, first = np.unique(d["id"], return_index=True)
    y, x = np.split(d["pain"], first[1:]), np.split(d["week"], first[1:])
    fits = [stats.theilslopes(pain, week, 0.95) for pain, week in zip(y, x)]
    return slope_numbers(ids, *([getattr(fit, name) for fit in fits] for name in ("slope", "low_slope", "high_slope")))


def theil_sen_numpy(d):
    """All patients at once: a matrix of pairwise slopes, partitioned at the middle and at Sen's limits (variance with ties in pain)."""
    ids, first, weeks = np.unique(d["id"], return_index=True, return_counts=True)
    m = int(weeks[0])
    if (weeks != m).any():
        raise ValueError("theil_sen_numpy: patients differ in their number of weeks")
    y, x = d["pain"].reshape(-1, m), d["week"].reshape(-1, m)
    i, j = np.triu_indices(m, 1)
    slope = np.sort((y[:, j] - y[:, i]) / (x[:, j] - x[:, i]), axis=1)
    k = slope.shape[1]
    size = (y[:, :, None] == y[:, None, :]).sum(axis=2)
    tied = ((size - 1) * (2 * size + 5)).sum(axis=1)
    reach = 1.959963984540054 * np.sqrt((m * (m - 1) * (2 * m + 5) - tied) / 18)
    low = np.maximum(np.round((k - reach) / 2).astype(int) - 1, 0)
    high = np.minimum(np.round((k + reach) / 2).astype(int), k - 1)
    row = np.arange(len(slope))
    return slope_numbers(ids, (slope[:, (k - 1) // 2] + slope[:, k // 2]) / 2, slope[row, low], slope[row, high])


# Competing risks

def aj(d):
    """lifelines moves tied times apart at random, a day's events to before or after it: read half a day later, near R, not the same."""
    numbers = {}
    for label, times, status in by_group(d, "time", "status"):
        for cause in (1, 2):
            curve = lifelines.AalenJohansenFitter(seed=1).fit(times, status, event_of_interest=cause)
            at = np.searchsorted(curve.cumulative_density_.index.to_numpy(), np.array(TIMES) + 0.5) - 1
            estimate = np.ravel(curve.cumulative_density_)[at]
            error = np.sqrt(np.ravel(curve.variance_)[at])
            numbers |= named([f"group={label}@{t:g}:{cause}" for t in TIMES], estimate, error)
    return numbers


LIFELINES = ["pandas", "lifelines"]
TASKS = {  # task: (file, function, by, modules)
    **{f"cox_{name}": (file, cox_lifelines, "lifelines CoxPHFitter", LIFELINES) for name, file in (
        ("days_1e4", "cox_days_1e4"), ("days_1e5", "cox_days_1e5"), ("days_1e6", "cox_days"),
        ("continuous_1e5", "cox_continuous_1e5"), ("continuous_1e6", "cox_continuous"))},
    "cox_days_1e4_statsmodels": ("cox_days_1e4", cox_statsmodels, "statsmodels PHReg", ["statsmodels.api"]),
    "cox_days_1e5_statsmodels": ("cox_days_1e5", cox_statsmodels, "statsmodels PHReg", ["statsmodels.api"]),
    "cox_start_stop": ("start_stop", cox_start_stop, "lifelines CoxTimeVaryingFitter", LIFELINES),
    "cox_start_stop_cluster": ("start_stop", cox_start_stop_cluster, "lifelines CoxPHFitter, entry_col", LIFELINES),
    "zph_1e5": ("cox_days_1e5", zph, "lifelines proportional_hazard_test", [*LIFELINES, "lifelines.statistics"]),
    "km_days_1e6": ("cox_days", km_lifelines, "lifelines KaplanMeierFitter", LIFELINES),
    "km_continuous_1e6": ("cox_continuous", km_lifelines, "lifelines KaplanMeierFitter", LIFELINES),
    "km_days_1e6_scipy": ("cox_days", km_scipy, "scipy.stats.ecdf", ["scipy.stats"]),
    "km_continuous_1e6_scipy": ("cox_continuous", km_scipy, "scipy.stats.ecdf", ["scipy.stats"]),
    "logrank_days_1e6": ("cox_days", logrank_lifelines, "lifelines logrank_test", [*LIFELINES, "lifelines.statistics"]),
    "logrank_continuous_1e6": ("cox_continuous", logrank_lifelines, "lifelines logrank_test", [*LIFELINES, "lifelines.statistics"]),
    "logrank_days_1e6_scipy": ("cox_days", logrank_scipy, "scipy.stats.logrank", ["scipy.stats"]),
    "logrank_continuous_1e6_scipy": ("cox_continuous", logrank_scipy, "scipy.stats.logrank", ["scipy.stats"]),
    "bootstrap_rmst": ("rmst", bootstrap_rmst_numpy, "numpy, all replicates at once", []),
    "bootstrap_rmst_lifelines": ("rmst", bootstrap_rmst_lifelines, "lifelines, 1,000 times", [*LIFELINES, "lifelines.utils"]),
    "lmm": ("lmm", lmm, "statsmodels MixedLM", ["statsmodels.api"]),
    "gee": ("lmm", gee, "statsmodels GEE", ["statsmodels.api"]),
    "theil_sen": ("lmm", theil_sen_numpy, "numpy, all patients at once", []),
    "theil_sen_scipy": ("lmm", theil_sen_scipy, "scipy theilslopes, each patient", ["scipy.stats"]),
    "aj": ("competing", aj, "lifelines AalenJohansenFitter", LIFELINES),
}
NAMES = {"lifelines.statistics": "lifelines_statistics", "lifelines.utils": "lifelines_utils", "scipy.stats": "stats", "statsmodels.api": "api"}


def clock(function, *arguments):
    wall, cpu = time.perf_counter(), time.process_time()
    value = function(*arguments)
    return value, time.process_time() - cpu, time.perf_counter() - wall


def main(arguments):
    if len(arguments) != 2:
        sys.exit("usage: py_bench.py DATA TASK")
    folder, task = arguments
    if task == "list":
        print("\n".join(TASKS))
        return
    if task not in TASKS:
        sys.exit(f"no such task: {task}; tasks: {', '.join(TASKS)}")
    file, function, by, modules = TASKS[task]
    modules = ["polars", *modules] if modules else []
    for module in modules:
        globals()[NAMES.get(module, module)] = importlib.import_module(module)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        data, load_cpu, load_wall = clock(read, os.path.join(folder, f"{file}.csv"))
        numbers, fit_cpu, fit_wall = clock(function, data)
    bad = [name for name, value in numbers.items() if not math.isfinite(value)]
    if bad or not numbers:
        sys.exit(f"not finite: {', '.join(bad)}")
    packages = sorted({"numpy", *(module.split(".")[0] for module in modules)})
    print(json.dumps({
        "task": task, "by": by, "rows": len(next(iter(data.values()))),
        "load_cpu_s": load_cpu, "load_wall_s": load_wall, "fit_cpu_s": fit_cpu, "fit_wall_s": fit_wall, "numbers": numbers,
        "warnings": sorted({f"{w.category.__name__}: {str(w.message).strip().splitlines()[0][:160]}" for w in heard}),
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in packages}},
    }))


if __name__ == "__main__":
    main(sys.argv[1:])
