#!/usr/bin/env python3
"""staywell against R and Python, whole processes in turn: `run.py --staywell BIN --data DIR --out DIR [--python BIN] [--rscript BIN]`.

DIR of --data is what generate.py wrote. Each command of a task is started once a round, rounds in rotating order, so that noise of the
machine hits all alike. Wall is from start to end of the process, CPU its user + system time (wait4), MB its peak resident memory;
medians of the rounds. After its rounds a task's numbers are compared, and --out gets results.md, results.json and raw/ (last output of
each command) anew, so a run can be stopped at any time.

What counts: a command that fails, is killed after --timeout, or prints no finite numbers is FAILED and has no time. The reference of a
task is its first R peer; numbers are compared with its own, unless COMPARE names a more exact peer. A peer whose estimates or standard
errors are further away than the task allows is shown with the difference and left out of the ratios; staywell has no ratio where its
estimates are further away than `near`, or were not compared.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time

FIVE = ["--time", "time", "--event", "event", "--covariates", "x1,x2,x3,x4,x5"]
START_STOP = ["--time", "stop", "--entry", "start", "--event", "event", "--covariates", "x1,x2,x3"]
BY_GROUP = ["--time", "time", "--event", "event", "--by", "group"]
PAIN = ["--data", "lmm.csv", "--y", "pain"]
FINE_GRAY = ["--time", "time", "--event", "status", "--cause", "1", "--covariates", "x1,x2"]
AT = ["--times", "180,365"]

# task: {label: arguments after `staywell stats`}; --data names the file in --data's folder. The first label is the like-for-like one.
STAYWELL = {
    **{f"cox_days_1e{n}": {"": ["cox", "--data", file, *FIVE]}
       for n, file in ((4, "cox_days_1e4.csv"), (5, "cox_days_1e5.csv"), (6, "cox_days.csv"))},
    **{f"cox_continuous_1e{n}": {"": ["cox", "--data", file, *FIVE]} for n, file in ((5, "cox_continuous_1e5.csv"), (6, "cox_continuous.csv"))},
    "cox_start_stop": {"": ["cox", "--data", "start_stop.csv", *START_STOP]},
    "cox_start_stop_cluster": {"": ["cox", "--data", "start_stop.csv", *START_STOP, "--cluster", "id"]},
    "zph_1e5": {"": ["zph", "--data", "cox_days_1e5.csv", *FIVE]},
    **{f"km_{kind}_1e6": {"at 180, 365": ["km", "--data", f"cox_{kind}.csv", *BY_GROUP, *AT],
                          "every time": ["km", "--data", f"cox_{kind}.csv", *BY_GROUP]} for kind in ("days", "continuous")},
    **{f"logrank_{kind}_1e6": {"": ["logrank", "--data", f"cox_{kind}.csv", *BY_GROUP]} for kind in ("days", "continuous")},
    "bootstrap_rmst": {"": ["bootstrap", "--statistic", "rmst-difference", "--data", "rmst.csv", *BY_GROUP,
                            "--horizon", "365", "--replicates", "1000"]},
    "lmm": {"": ["lmm", *PAIN, "--x", "week,treat", "--id", "id", "--random", "week"]},
    "gee": {"": ["gee", *PAIN, "--x", "week,treat", "--id", "id", "--corr", "exchangeable"]},
    "theil_sen": {"": ["trend", *PAIN, "--x", "week", "--id", "id"]},
    "aj": {"": ["cuminc", "--data", "competing.csv", "--time", "time", "--event", "status", "--by", "group"]},
    "fine_gray_1e4": {"": ["finegray", "--data", "competing_1e4.csv", *FINE_GRAY]},
    "fine_gray_1e5": {"": ["finegray", "--data", "competing.csv", *FINE_GRAY]},
}

# task: further peers beside the one named like the task. Those in SLOW take minutes or gigabytes and need --slow.
R = {task: [task] for task in STAYWELL}
PYTHON = {task: [task] for task in STAYWELL if not task.startswith("fine_gray")}
for name in ("cox_days_1e4", "cox_days_1e5", "cox_days_1e6", "cox_continuous_1e5", "cox_continuous_1e6"):
    R[name] += [name + "_lean"]
for name in ("cox_days_1e4", "cox_days_1e5"):
    PYTHON[name] += [name + "_statsmodels"]
for name in ("km_days_1e6", "km_continuous_1e6", "logrank_days_1e6", "logrank_continuous_1e6", "theil_sen"):
    PYTHON[name] += [name + "_scipy"]
R["bootstrap_rmst"] += ["bootstrap_rmst_survfit"]
PYTHON["bootstrap_rmst"] += ["bootstrap_rmst_lifelines"]
R["lmm"] += ["lmm_bobyqa", "lmm_lmertest", "lmm_lme"]
R["aj"] += ["aj_cuminc"]
R["fine_gray_1e4"] += ["fine_gray_1e4_breslow", "fine_gray_1e4_crr"]
R["fine_gray_1e5"] += ["fine_gray_1e5_crr"]
SLOW = {"fine_gray_1e5", "fine_gray_1e5_crr"}

# How staywell's numbers are read (see `extract`), and the largest relative differences: staywell's estimates (near), a peer's estimates
# and anybody's standard errors. `numbers`: the peer to compare with, where the first R peer is not the exact one (lmer's default stops
# before the optimum). lifelines stops iterating early, a bootstrap's error is drawn, and R's finegray + coxph weighs ties and censoring
# slightly otherwise than crr and has robust errors by row.
DEFAULT = {"near": 1e-6, "peer": 1e-4, "errors": 1e-3}
COMPARE = {
    **{task: {"kind": "terms"} for task in STAYWELL},
    "zph_1e5": {"kind": "statistics", "near": 1e-5},
    **{f"km_{kind}_1e6": {"kind": "curve"} for kind in ("days", "continuous")},
    **{f"logrank_{kind}_1e6": {"kind": "test"} for kind in ("days", "continuous")},
    "bootstrap_rmst": {"kind": "difference", "errors": 0.15},
    "lmm": {"kind": "terms", "peer": 1e-3, "numbers": "lmm_bobyqa"},
    "gee": {"kind": "terms", "near": 1e-4, "peer": 1e-2},
    "theil_sen": {"kind": "slopes"},
    "aj": {"kind": "incidence", "peer": 1e-2, "errors": 1e-2},
    **{f"fine_gray_1e{n}": {"kind": "terms", "near": 1e-2, "peer": 5e-2, "errors": 0.2} for n in (4, 5)},
}


# Numbers out of staywell's JSON, under the peers' names

def strata(row):
    label = str(next((row[key] for key in ("strata", "group", "by") if row.get(key) is not None), ""))
    return label if "=" in label else f"group={label}"


def with_error(numbers, name, row):
    numbers[name] = row["estimate"]
    if row.get("std.error") is not None:
        numbers[name + ".se"] = row["std.error"]


def at_times(numbers, rows, name):
    """The last row of each curve up to day 180 and to day 365."""
    for t in (180, 365):
        last = {}
        for row in rows:
            if row["time"] <= t and row.get("estimate") is not None:
                last[name(row, t)] = row
        for key, row in last.items():
            with_error(numbers, key, row)


def extract(kind, result):
    """`kind`: terms (tidy: term, estimate, std.error), statistics (term, statistic), test (glance: statistic), curve (strata, time, estimate),
    incidence (also outcome), difference (one estimate), slopes (one row a patient)."""
    tidy, numbers = result["tidy"], {}
    if kind == "terms":
        for row in tidy:
            if row.get("estimate") is not None:
                term = row["term"]
                with_error(numbers, "(Intercept)" if term.strip("()").lower() == "intercept" else term, row)
    elif kind == "statistics":
        numbers = {row["term"]: row["statistic"] for row in tidy}
    elif kind == "test":
        numbers = {"statistic": result.get("glance", tidy)[0]["statistic"]}
    elif kind == "curve":
        at_times(numbers, tidy, lambda row, t: f"{strata(row)}@{t}")
    elif kind == "incidence":
        cause = next(key for key in ("outcome", "cause", "state", "event", "status") if key in tidy[0])
        at_times(numbers, tidy, lambda row, t: f"{strata(row)}@{t}:{str(row[cause]).split('=')[-1]}")
    elif kind == "difference":
        row = next((row for row in tidy if "difference" in str(row.get("term", ""))), tidy[0])
        with_error(numbers, "difference", row)
    elif kind == "slopes":
        rows = [row for row in tidy if row.get("term") in (None, "slope", "week") and row.get("estimate") is not None]
        named = next(key for key in ("id", "strata", "group") if key in rows[0])
        for target, column in (("mean_slope", "estimate"), ("mean_low", "conf.low"), ("mean_high", "conf.high")):
            values = [row[column] for row in rows if row.get(column) is not None]
            if len(values) == len(rows):
                numbers[target] = sum(values) / len(values)
        numbers |= {str(row[named]).split("=")[-1]: row["estimate"] for row in rows}
    return {name: value for name, value in numbers.items() if isinstance(value, (int, float)) and abs(value) < float("inf")}


def differences(numbers, reference):
    """(how many are in both, largest relative difference of estimates, of standard errors)"""
    largest, shared = {False: None, True: None}, 0
    for name, value in reference.items():
        if name in numbers:
            shared += 1
            error = name.endswith((".se", ".se_model", ".df"))
            relative = abs(numbers[name] - value) / max(abs(value), abs(numbers[name]), 1e-12)
            largest[error] = max(relative, largest[error] or 0.0)
    return shared, largest[False], largest[True]


# Measuring

def busy():
    """CPU seconds of the whole machine so far, or None where there is no /proc."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(field) for field in file.readline().split()[1:9]]
    except OSError:
        return None
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def measure(command, out, err, timeout):
    """Run once; {wall, cpu, mb, others, failed}. `others`: cores that other processes kept busy meanwhile."""
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        before, began, killed = busy(), time.perf_counter(), threading.Event()
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True)
        except OSError as error:
            return {"failed": f"not started: {error.strerror}"}

        def kill():
            killed.set()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:  # it ended just now
                pass

        timer = threading.Timer(timeout, kill)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            timer.cancel()
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - began
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        after = busy()
    cpu = usage.ru_utime + usage.ru_stime
    run = {"wall": wall, "cpu": cpu, "mb": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6}
    if before is not None and wall > 0.2:
        run["others"] = max(0.0, (after - before - cpu) / wall)
    if killed.is_set():
        run["failed"] = f"killed after {timeout:g} s"
    elif process.returncode != 0:
        run["failed"] = f"exit {process.returncode}: {complaint(err)}"
    return run


def complaint(err):
    """The last line that speaks of an error, with the one after it where it ends in a colon; else the last line."""
    with open(err, encoding="utf-8", errors="replace") as file:
        said = [line.strip() for line in file if line.strip()]
    place = max((number for number, line in enumerate(said) if "error" in line.lower()), default=len(said) - 1)
    line = " ".join(said[place:place + 2 if said and said[place].endswith(":") else place + 1])
    return line[:160].replace("|", "/") or "nothing said"


def median(values):
    values = sorted(value for value in values if value is not None)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2 if values else None


class Command:
    """One way to do a task."""

    def __init__(self, side, label, command, shown, raw):
        self.side, self.label, self.command, self.shown, self.raw = side, label, command, shown, raw
        self.runs, self.failed, self.done, self.result = [], None, False, {}

    def run(self, args):
        out, err = f"{self.raw}.out", f"{self.raw}.err"
        once = measure(self.command, out, err, args.timeout)
        self.failed = once.pop("failed", None)
        if self.failed is None and self.side != "staywell":
            self.failed = self.read_peer(out)
        if self.failed is not None:
            self.done = True
            return
        self.runs.append(once)
        self.done = once["wall"] > args.once_above

    def read_peer(self, out):
        """The peer's JSON; what is wrong with it, if anything."""
        try:
            with open(out, encoding="utf-8") as file:
                printed = json.loads(file.read().strip().splitlines()[-1])
            numbers = printed["numbers"]
        except (ValueError, IndexError, KeyError):
            return "printed no result"
        if not numbers or not all(isinstance(value, (int, float)) and abs(value) < float("inf") for value in numbers.values()):
            return "printed numbers that are not finite"
        inner = self.result.get("inner", []) + [{key: printed[key] for key in ("load_cpu_s", "load_wall_s", "fit_cpu_s", "fit_wall_s")}]
        self.result = {"inner": inner, "numbers": numbers, "by": printed["by"], "warnings": printed["warnings"], "versions": printed["versions"]}
        return None

    def read_staywell(self, kind):
        """In a process of its own: a curve of 10^6 times is much to parse, and a child's peak memory includes its parent's at the fork."""
        out = f"{self.raw}.out"
        child = subprocess.run([sys.executable, os.path.abspath(__file__), "--extract", kind, out], capture_output=True, text=True, check=False)
        if child.returncode == 0:
            self.result = {"numbers": json.loads(child.stdout)}
        else:
            self.result = {"numbers": {}, "unread": (child.stderr.strip().splitlines() or ["?"])[-1][:160]}
        if os.path.getsize(out) > 20e6:
            os.remove(out)

    def summary(self):
        row = {"side": self.side, "label": self.label, "command": self.shown}
        if self.failed is not None:
            return {**row, "failed": self.failed}
        result = dict(self.result)
        inner = result.pop("inner", [])
        row |= {name: median([run.get(name) for run in self.runs]) for name in ("wall", "cpu", "mb", "others")}
        row |= {name: median([one[name] for one in inner]) for name in (inner[0] if inner else ())}
        if inner:
            row["read_fit_cpu"] = row["load_cpu_s"] + row["fit_cpu_s"]
        return {**row, "rounds": len(self.runs), "runs": self.runs, **result}


def commands(task, args, raw):
    script = os.path.dirname(os.path.abspath(__file__))
    listed = []
    for label, arguments in STAYWELL[task].items():
        arguments = ["stats", *arguments, "--format", "json"]
        path = [os.path.join(args.data, word) if word.endswith(".csv") else word for word in arguments]
        listed.append(("staywell", label, [args.staywell, *path], " ".join(["staywell", *arguments])))
    for side, program, file, peers in (("R", args.rscript, "r_bench.R", R), ("Python", args.python, "py_bench.py", PYTHON)):
        for peer in peers.get(task, []):
            if side in args.sides and (args.slow or peer not in SLOW):
                listed.append((side, peer, [program, os.path.join(script, "peers", file), args.data, peer], f"{file} {peer}"))
    return [Command(*one, os.path.join(raw, f"{task}.{one[0]}.{number}")) for number, one in enumerate(listed)]


def do(task, args):
    """Run one task's commands in rotating order and compare their numbers."""
    raw = os.path.join(args.out, "raw")
    every = commands(task, args, raw)
    file = STAYWELL[task][next(iter(STAYWELL[task]))]
    with open(os.path.join(args.data, file[file.index("--data") + 1]), "rb") as warm:  # into the page cache
        while warm.read(1 << 22):
            pass
    for number in range(args.rounds):
        turn = number % len(every)
        for command in every[turn:] + every[:turn]:
            if not command.done:
                command.run(args)
    allowed = {**DEFAULT, **COMPARE[task]}
    for command in every:
        if command.side == "staywell" and command.failed is None:
            command.read_staywell(allowed["kind"])
    rows = [command.summary() for command in every]
    answered = [row for row in rows if row["side"] != "staywell" and "failed" not in row]
    reference = next(iter(answered), None)
    exact = next((row for row in answered if row["label"] == allowed.get("numbers")), reference)
    for row in rows:
        if "failed" in row or reference is None:
            continue
        row["compared"], row["difference"], row["difference_errors"] = differences(row["numbers"], exact["numbers"])
        near = allowed["near"] if row["side"] == "staywell" else allowed["peer"]
        row["agrees"] = row["difference"] is not None and row["difference"] <= near
        row["errors_agree"] = row["difference_errors"] is None or row["difference_errors"] <= allowed["errors"]
    return {"task": task, "reference": reference and reference["label"], "numbers_of": exact and exact["label"], "allowed": allowed,
            "rows": rows, "ratios": ratios(rows, reference)}


def ratios(rows, reference):
    """For each staywell command the reference and the best counted peer over it: wall, CPU, and the peer's CPU without its start."""
    peers = [row for row in rows if row["side"] != "staywell" and row.get("agrees") and row.get("errors_agree")]
    answer = {}
    for row in rows:
        if row["side"] == "staywell" and peers and row.get("agrees"):
            answer[row["label"]] = {}
            for name, own in (("wall", "wall"), ("cpu", "cpu"), ("read_fit_cpu", "cpu")):
                best = min(peers, key=lambda peer, name=name: peer[name])
                over = max(row[own], 1e-3)
                answer[row["label"]][name] = {"reference": reference[name] / over, "best": best[name] / over, "peer": best["by"]}
    return answer


# The table

def figure(value):
    decimals = 3 if value < 0.1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{decimals}f}"


def cell(row, floor):
    name = row["label"] if row["side"] == "staywell" else row.get("by", row["label"])
    name = f"{name}: " if name else ""
    if "failed" in row:
        return f"{name}FAILED ({row['failed']})"
    text = f"{name}{figure(row['wall'])} / {figure(row['cpu'])} / {'≤' if row['mb'] <= 1.1 * floor else ''}{row['mb']:.0f}"
    if "fit_cpu_s" in row:
        text += f" ({figure(row['fit_cpu_s'])})"
    if row["rounds"] == 1:
        text += " once"
    if (row.get("others") or 0.0) > 0.2:
        text += f" busy {row['others']:.1f}"
    if row["side"] != "staywell" and not (row["agrees"] and row["errors_agree"]):
        text += f"; other numbers ({difference(row)}), not counted"
    return text


def difference(row):
    form = lambda value: "–" if value is None else f"{value:.0e}"
    return f"{form(row['difference'])}, se {form(row['difference_errors'])}"


def verdict(row):
    """How staywell's numbers compare with the reference's."""
    if "failed" in row:
        return "FAILED"
    if "compared" not in row:
        return "no peer to compare with"
    if not row["compared"]:
        return "NOT COMPARED" + (f" ({row['unread']})" if "unread" in row else "")
    return ("" if row["agrees"] else "DIFFERS ") + difference(row) + ("" if row["errors_agree"] else " (SE DIFFER)") + f" of {row['compared']}"


def markdown(results, about):
    lines = [
        "# Whole processes: staywell, R, Python", "",
        "Wall s / CPU s / peak MB of the process, medians; in brackets the CPU s of the fit alone, as the peer measured it. Ratios (above 1:",
        "staywell is faster) of the reference, which is the first R peer, and of the fastest peer that gives the reference's numbers: by wall; by",
        "CPU; by the peer's CPU for reading and fitting alone, without the start of R or Python and its packages, over all of staywell's.",
        "Difference: largest relative difference of staywell's estimates and standard errors from the reference, over how many numbers.", "",
        *[f"- {name}: {value}" for name, value in about.items() if name != "floor_mb"], "",
        "| task | staywell | R | Python | reference / staywell | fastest / staywell | fastest peer | difference |", "|---" * 8 + "|",
    ]
    for result in results:
        side = lambda name, rows=result["rows"]: "<br>".join(cell(row, about["floor_mb"]) for row in rows if row["side"] == name) or "–"
        own = [row for row in result["rows"] if row["side"] == "staywell"]
        best, first, names = [], [], []
        for row in own:
            ratio = result["ratios"].get(row["label"])
            for kind, text in (("reference", first), ("best", best)):
                text.append("; ".join(figure(one[kind]) for one in ratio.values()) if ratio else "–")
            names += [one["peer"] for one in ratio.values()] if ratio else []
        lines.append(f"| {result['task']} | {side('staywell')} | {side('R')} | {side('Python')} | {'<br>'.join(first)} | {'<br>'.join(best)} | "
                     f"{'; '.join(dict.fromkeys(names)) or '–'} | {'<br>'.join(verdict(row) for row in own)} |")
    heard = sorted({f"{row['by']}: {' '.join(text.split())}" for result in results for row in result["rows"] for text in row.get("warnings", [])})
    lines += ["", "Warnings of the peers:", *[f"- {text}" for text in heard]] if heard else []
    return "\n".join(lines) + "\n"


def about_run(args):
    def first_line(command):
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()[0]
        except (OSError, IndexError):
            return "not found"

    floor = measure(["true"], os.devnull, os.devnull, 10)
    with open(os.path.join(args.data, "cox_days.csv"), "rb") as file:
        rows = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b"")) - 1
    return {
        "staywell": first_line([args.staywell, "--version"]), "cores": os.cpu_count(),
        "rounds": f"{args.rounds} (once where a run takes over {args.once_above:g} s)",
        "rows of cox_days.csv": rows, "least that can be measured (`true`)": f"{floor['wall']:.3f} s, {floor['mb']:.0f} MB",
        "floor_mb": floor["mb"], "load before (1 min)": f"{os.getloadavg()[0]:.2f}", "busy": "cores other processes used meanwhile, shown above 0.2",
    }


def main():
    if sys.argv[1:2] == ["--extract"]:
        with open(sys.argv[3], encoding="utf-8") as file:
            print(json.dumps(extract(sys.argv[2], json.load(file))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--staywell", required=True, help="release build of staywell")
    parser.add_argument("--data", required=True, help="folder written by generate.py")
    parser.add_argument("--out", required=True, help="folder for results.md, results.json, raw/")
    parser.add_argument("--python", default=sys.executable, help="Python with lifelines, scipy, statsmodels, pandas, polars [this one]")
    parser.add_argument("--rscript", default="Rscript")
    parser.add_argument("--sides", default="R,Python", help="peers to run")
    parser.add_argument("--tasks", default="", help=f"comma-separated, of: {', '.join(STAYWELL)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="also Fine-Gray on 10^5 rows in R (minutes, 8 GB)")
    parser.add_argument("--once-above", type=float, default=20.0, help="a command that took longer is not repeated")
    parser.add_argument("--timeout", type=float, default=3600.0, help="seconds a process may take")
    args = parser.parse_args()
    args.sides = args.sides.split(",")
    tasks = args.tasks.split(",") if args.tasks else list(STAYWELL)
    unknown = [task for task in tasks if task not in STAYWELL]
    if unknown:
        sys.exit(f"--tasks: {', '.join(unknown)} not known; tasks: {', '.join(STAYWELL)}")
    if args.rounds < 1:
        sys.exit("--rounds must be at least 1")
    os.makedirs(os.path.join(args.out, "raw"), exist_ok=True)
    about, results, versions = about_run(args), [], {}
    for task in tasks:
        began = time.perf_counter()
        result = do(task, args)
        results.append(result)
        for row in result["rows"]:
            versions |= row.get("versions", {})
        about["versions of the peers"] = ", ".join(f"{name} {number}" for name, number in sorted(versions.items())) or "–"
        about["load after (1 min)"] = f"{os.getloadavg()[0]:.2f}"
        for name, text in (("results.json", json.dumps({"about": about, "tasks": results}, indent=1)), ("results.md", markdown(results, about))):
            with open(os.path.join(args.out, name), "w", encoding="utf-8") as file:
                file.write(text)
        said = (f"{row['side']} {row['label']} {'FAILED' if 'failed' in row else figure(row['wall'])}" for row in result["rows"])
        print(f"{task}: {time.perf_counter() - began:.0f} s; {'; '.join(said)}", file=sys.stderr, flush=True)
    failed = [f"{result['task']}: {row['side']} {row['label']}" for result in results for row in result["rows"] if "failed" in row]
    print(f"{len(results)} tasks; failed: {', '.join(failed) or 'none'}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
