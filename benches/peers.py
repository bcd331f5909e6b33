"""Times nearpeer and its peers on the same instances, and writes a table and a plot.

``python benches/peers.py`` runs everything; ``--sizes``, ``--hard`` and ``--peers`` choose. Each
run is a process of its own, with nothing warmed, and the peers take turns, so that what else the
machine does meets all of them. All answers are compared to the last micropoint.

An ``assign`` starts from a matrix of float64 that is ready in memory, and only the solver's own
work counts: the peers' other forms of that matrix are not timed against them. A ``match`` starts
from two Polars frames, and the peers' weights (made by NumPy) count as nearpeer's scoring does.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import importlib.metadata
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

POINT = 1_000_000
SEED = 7
BEGIN, END = "<!-- benches/peers.py: begin -->\n", "<!-- benches/peers.py: end -->\n"

Floats = npt.NDArray[np.float64]
Cells = tuple[npt.NDArray[Any], npt.NDArray[Any]]


@dataclasses.dataclass(frozen=True)
class Problem:
    """Scores of rows (in at most one cell each) and columns (in at most ``load``).

    Scores are 0 or more and whole micropoints; a sparse array has fewer cells.
    """

    scores: Any
    load: int

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return self.scores.shape  # type: ignore[no-any-return]

    def cells(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Floats]:
        """Give every cell that may be chosen: rows, columns, scores."""
        if not isinstance(self.scores, np.ndarray):
            stored = self.scores.tocoo()
            return stored.row, stored.col, stored.data
        rows, columns = np.indices(self.shape, dtype=np.int32)
        return rows.ravel(), columns.ravel(), self.scores.ravel()

    def doubled(self) -> Floats:
        """Give a matrix in which a column stands as often as its load; no cell is worth 0."""
        dense = self.scores if isinstance(self.scores, np.ndarray) else self.scores.toarray()
        return np.repeat(dense, self.load, axis=1)


def expect(holds: bool) -> None:
    """Stop a run whose answer is not what it has to be."""
    if not holds:
        raise RuntimeError("not an optimal answer")


def whole(scores: Floats) -> Floats:
    """Round to whole micropoints, so that nobody's rounding decides."""
    return np.round(scores, 6)


# Instances


def district(rows: int, columns: int) -> Any:
    """Make up an open district, in which every pair is eligible; a mentor takes two."""
    import nearpeer as npr

    return npr.synth(mentees=rows, mentors=columns, sites=0, seed=SEED, missing=0)


def weights(mentees: Any, mentors: Any) -> Floats:
    """Score all pairs as the district's programme does: Jaccard 0.7, fit of the grade gap 0.3."""
    import polars as pl

    words = pl.concat([mentees["interests"], mentors["interests"]]).explode().unique().sort()
    hot = []
    for people in (mentees, mentors):
        items = people.select(row=pl.int_range(pl.len()), item="interests").explode("item")
        flags = np.zeros((len(people), len(words)), dtype=np.float32)
        flags[items["row"].to_numpy(), words.search_sorted(items["item"]).to_numpy()] = 1
        hot.append(flags)
    shared = (hot[0] @ hot[1].T).astype(np.float64)
    either = hot[0].sum(axis=1)[:, None] + hot[1].sum(axis=1)[None, :] - shared
    gap = mentors["grade"].to_numpy()[None, :] - mentees["grade"].to_numpy()[:, None]
    return whole(0.7 * shared / either + 0.3 * np.maximum(0, 1 - np.abs(gap - 3) / 4))


def survey(rows: int) -> Problem:
    """Give the scores of a made-up district."""
    made = district(rows, rows // 2)
    return Problem(weights(made.mentees.to_polars(), made.mentors.to_polars()), 2)


def chain(rows: int) -> Problem:
    """Make one chain through everybody: whoever is placed last moves all the others."""
    from scipy import sparse

    order = np.random.default_rng(SEED).permutation(rows)
    row, column = np.r_[order, order[:-1]], np.r_[order, order[1:]]
    score = np.r_[np.full(rows, 0.1), np.full(rows - 1, 0.1 + 1 / POINT)]
    return Problem(sparse.csr_array((score, (row, column)), shape=(rows, rows)), 1)


def line(rows: int) -> Problem:
    """Put everybody at a place on a line; the closer, the better. Moves go along the whole line."""
    dice = np.random.default_rng(SEED)
    here, there = dice.random(rows), dice.random(rows // 2)
    return Problem(whole(1 - np.abs(here[:, None] - there[None, :])), 2)


def popular(rows: int) -> Problem:
    """Want the same few: what a column is worth to everybody falls as a power of its rank."""
    dice = np.random.default_rng(SEED)
    fame = np.arange(1, rows // 2 + 1) ** -0.5
    return Problem(whole(dice.random((rows, rows // 2)) * fame), 2)


def outer(rows: int) -> Problem:
    """Multiply the numbers of row and column: the classical worst case of augmenting paths."""
    steps = np.arange(1, rows + 1) / rows
    return Problem(whole(np.outer(steps, steps)), 1)


def random(rows: int, columns: int, load: int) -> Problem:
    """Draw scores without any structure."""
    return Problem(whole(np.random.default_rng(SEED).random((rows, columns))), load)


def two_scores(rows: int) -> Problem:
    """Draw one of two scores for every cell."""
    drawn = np.random.default_rng(SEED).random((rows, rows // 2))
    return Problem(np.where(drawn < 0.5, 0.25, 0.75), 2)


HARD: dict[str, Callable[[int], Problem]] = {
    "all scores equal": lambda rows: Problem(np.full((rows, rows // 2), 0.5), 2),
    "two scores": two_scores,
    "scarce: room for a tenth": lambda rows: random(rows, rows // 20, 2),
    "load 1, square": lambda rows: random(rows, rows, 1),
    "load 30": lambda rows: random(rows, -(-rows // 30), 30),
    "popular columns (power law)": popular,
    "places on a line": line,
    "one long chain (sparse)": chain,
    "outer product": outer,
}


# Solvers: each brings the problem into its form, and gives what is then timed.


def nearpeer(problem: Problem, threads: int | None = None) -> Callable[[], Cells]:
    """`assign`, which takes the scores as they are."""
    import nearpeer as npr

    def solve() -> Cells:
        found = npr.assign(problem.scores, col_load=(0, problem.load), threads=threads)
        expect(found.gap == 0)
        return found.row, found.col

    return solve


def scipy_dense(problem: Problem) -> Callable[[], Cells]:
    """SciPy's `linear_sum_assignment`."""
    from scipy.optimize import linear_sum_assignment

    matrix = problem.doubled()

    def solve() -> Cells:
        row, column = linear_sum_assignment(matrix, maximize=True)
        return row, column // problem.load

    return solve


def scipy_sparse(problem: Problem) -> Callable[[], Cells]:
    """SciPy's `min_weight_full_bipartite_matching`; a cell costs what it lacks of 2."""
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, scores = problem.cells()
    copies = np.arange(problem.load)
    at = (np.repeat(rows, problem.load), (columns[:, None] * problem.load + copies).ravel())
    shape = (problem.shape[0], problem.shape[1] * problem.load)
    costs = sparse.csr_array((np.repeat(2 - scores, problem.load), at), shape=shape)

    def solve() -> Cells:
        row, column = min_weight_full_bipartite_matching(costs)
        return row, column // problem.load

    return solve


def lapx(problem: Problem) -> Callable[[], Cells]:
    """Lapx, a solver by Jonker and Volgenant's method."""
    import lap

    matrix = -problem.doubled()

    def solve() -> Cells:
        _, partner, _ = lap.lapjv(matrix, extend_cost=True)
        row = np.flatnonzero(partner >= 0)
        return row, partner[row] // problem.load

    return solve


def ortools_flow(problem: Problem) -> Callable[[], Cells]:
    """OR-tools' min-cost flow, with loads as capacities."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    row_count, column_count = problem.shape
    rows, columns, scores = problem.cells()
    costs = -np.rint(scores * POINT).astype(np.int64)
    one = np.ones(len(rows), dtype=np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(rows, row_count + columns, one, costs)
    sink = row_count + column_count
    every_row, every_column = np.arange(row_count), row_count + np.arange(column_count)
    for start, room in ((every_row, 1), (every_column, problem.load)):
        flow.add_arcs_with_capacity_and_unit_cost(
            start, np.full_like(start, sink), np.full_like(start, room), np.zeros_like(start)
        )
    flow.set_nodes_supplies(every_row, np.ones_like(every_row))
    flow.set_node_supply(sink, -row_count)

    def solve() -> Cells:
        expect(flow.solve() == flow.OPTIMAL)
        chosen = flow.flows(np.arange(len(rows))) > 0
        return rows[chosen], columns[chosen]

    return solve


def ortools_assignment(problem: Problem) -> Callable[[], Cells]:
    """OR-tools' `SimpleLinearSumAssignment`, made square by rows or columns that are worth 0."""
    from ortools.graph.python import linear_sum_assignment

    matrix = problem.doubled()
    row_count, column_count = matrix.shape
    size = max(matrix.shape)
    square = np.zeros((size, size))
    square[:row_count, :column_count] = matrix
    rows, columns = np.indices(square.shape, dtype=np.int32)
    costs = -np.rint(square * POINT).astype(np.int64)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(rows.ravel(), columns.ravel(), costs.ravel())

    def solve() -> Cells:
        expect(solver.solve() == solver.OPTIMAL)
        partner = np.array([solver.right_mate(row) for row in range(row_count)])
        row = np.flatnonzero(partner < column_count)
        return row, partner[row] // problem.load

    return solve


def loads(problem: Problem, variables: list[Any]) -> Iterable[tuple[list[Any], int]]:
    """Give the variables of each row and of each column, with the most that may be chosen."""
    rows, columns, _ = problem.cells()
    for positions, most in ((rows, 1), (columns, problem.load)):
        groups: dict[int, list[Any]] = {}
        for position, variable in zip(positions.tolist(), variables):
            groups.setdefault(position, []).append(variable)
        for group in groups.values():
            yield group, most


def cp_sat(problem: Problem) -> Callable[[], Cells]:
    """OR-tools' CP-SAT, on as many threads as nearpeer."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    rows, columns, scores = problem.cells()
    chosen = [model.new_bool_var("") for _ in range(len(rows))]
    for group, most in loads(problem, chosen):
        if most == 1:
            model.add_at_most_one(group)
        else:
            model.add(cp_model.LinearExpr.sum(group) <= most)
    points = np.rint(scores * POINT).astype(np.int64)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, points))

    def solve() -> Cells:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = os.cpu_count() or 1
        expect(solver.solve(model) == cp_model.OPTIMAL)
        values = np.array([solver.boolean_value(variable) for variable in chosen])
        return rows[values], columns[values]

    return solve


def highs(problem: Problem) -> Callable[[], Cells]:
    """HiGHS with every column: a linear program, whose corners are whole."""
    import highspy

    rows, columns, scores = problem.cells()
    row_count, column_count = problem.shape
    count = len(rows)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, row_count + column_count
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = scores * POINT
    program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
    program.row_lower_ = np.full(row_count + column_count, -highspy.kHighsInf)
    program.row_upper_ = np.r_[np.ones(row_count), np.full(column_count, float(problem.load))]
    program.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2)
    program.a_matrix_.index_ = np.c_[rows, row_count + columns].ravel()
    program.a_matrix_.value_ = np.ones(2 * count)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)

    def solve() -> Cells:
        solver.run()
        expect(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
        chosen = np.asarray(solver.getSolution().col_value) > 0.5
        return rows[chosen], columns[chosen]

    return solve


def pulp_cbc(problem: Problem) -> Callable[[], Cells]:
    """PuLP with its CBC: an integer program, written to a file and read back."""
    import pulp

    rows, columns, scores = problem.cells()
    model = pulp.LpProblem("pairs", pulp.LpMaximize)
    chosen = [pulp.LpVariable(f"x{number}", cat=pulp.LpBinary) for number in range(len(rows))]
    points = np.rint(scores * POINT).tolist()
    model.setObjective(pulp.LpAffineExpression(zip(chosen, points)))
    for group, most in loads(problem, chosen):
        model.addConstraint(pulp.LpAffineExpression((one, 1) for one in group) <= most)

    def solve() -> Cells:
        exact = ["ratioGap 0", "allowableGap 0"]
        model.solve(pulp.PULP_CBC_CMD(msg=False, options=exact))
        expect(model.status == pulp.LpStatusOptimal)
        values = np.array([(variable.varValue or 0) > 0.5 for variable in chosen])
        return rows[values], columns[values]

    return solve


OURS = "nearpeer"
SOLVERS: dict[str, Callable[[Problem], Callable[[], Cells]]] = {
    OURS: nearpeer,
    "nearpeer, 1 thread": functools.partial(nearpeer, threads=1),
    "SciPy, dense": scipy_dense,
    "SciPy, sparse": scipy_sparse,
    "lapx": lapx,
    "OR-tools, assignment": ortools_assignment,
    "OR-tools, min-cost flow": ortools_flow,
    "HiGHS, all columns": highs,
    "OR-tools, CP-SAT": cp_sat,
    "PuLP with CBC": pulp_cbc,
}
PACKAGES = ["numpy", "polars", "scipy", "lapx", "ortools", "highspy", "pulp"]


# One run, in a process of its own


def run(kind: str, rows: int, peer: str) -> dict[str, float]:
    """Make the instance, solve it once, and say what that took."""
    SOLVERS[peer](
        Problem(np.full((1, 1), 0.5), 1)
    )  # its libraries are loaded before the clock runs
    if kind == "match":
        made = district(rows, rows // 2)
        frames = made.mentees.to_polars(), made.mentors.to_polars()
        forget_peak()
        if peer.startswith(OURS):
            return run_match(made.program, frames, 1 if peer.endswith("1 thread") else None)
        start = time.perf_counter()
        problem = Problem(weights(*frames), 2)
        weighing = time.perf_counter() - start
    else:
        problem = survey(rows) if kind == "assign" else HARD[kind](rows)
        weighing = 0.0
        forget_peak()
    start = time.perf_counter()
    solve = SOLVERS[peer](problem)
    ready = time.perf_counter()
    row, column = solve()
    solving = time.perf_counter() - ready
    memory = peak()
    expect(np.bincount(row).max(initial=0) <= 1)
    expect(np.bincount(column).max(initial=0) <= problem.load)
    points = np.rint(np.asarray(problem.scores[row, column]) * POINT)
    return {
        "weights": weighing,
        "form": ready - start,
        "solve": solving,
        "objective": int(points.sum()),
        "memory": memory,
        "cells": math.prod(problem.shape) if kind == "match" else len(problem.cells()[0]),
    }


def run_match(program: Any, frames: tuple[Any, Any], threads: int | None) -> dict[str, float]:
    """Time nearpeer's `match`, which scores for itself."""
    start = time.perf_counter()
    match = program.match(*frames, threads=threads, progress=False)
    solving = time.perf_counter() - start
    expect(match.certificate.gap == 0)
    return {
        "weights": 0.0,
        "form": 0.0,
        "solve": solving,
        "objective": match.total_score,
        "memory": peak(),
        "cells": match.mentees * match.mentors,
    }


def forget_peak() -> None:
    """Start the peak of memory anew where the system can (Linux): making the instance is over."""
    refs = Path("/proc/self/clear_refs")
    if refs.exists():
        refs.write_text("5", encoding="ascii")


def peak() -> float:
    """Give the most memory that this process, or one that it called, has held, in mebibytes."""
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return most / (1024 if sys.platform != "darwin" else 1024**2)


# All runs, in turns


@dataclasses.dataclass
class Series:
    """The runs of one peer on one instance; ``failure`` says why there are none."""

    kind: str
    rows: int
    peer: str
    runs: list[dict[str, float]] = dataclasses.field(default_factory=list)
    failure: str = ""

    def times(self) -> list[float]:
        """Give the seconds of each run that count: all from frames, the solver's from weights."""
        parts = ("weights", "form", "solve") if self.kind == "match" else ("solve",)
        return [sum(run[part] for part in parts) for run in self.runs]

    def median(self, part: str) -> float:
        """Give the median of one figure."""
        return statistics.median(run[part] for run in self.runs)


def call(series: Series, timeout: float) -> None:
    """Run once in a process of its own; a failure ends the series."""
    words = [sys.executable, __file__, "--worker", series.kind, str(series.rows), series.peer]
    try:
        told = subprocess.run(  # noqa: S603
            words, capture_output=True, text=True, timeout=timeout, check=True
        )
        series.runs.append(json.loads(told.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        series.failure = f"over {timeout:.0f} s"
    except subprocess.CalledProcessError as error:
        # The system ends a process that takes too much memory without a word.
        series.failure = "failed: " + (error.stderr.strip() or "killed").splitlines()[-1]


def measure(kind: str, rows: int, peers: list[str], asked: argparse.Namespace) -> list[Series]:
    """Run every peer as often as asked, in turns; once is enough for who takes very long."""
    told = [Series(kind, rows, peer) for peer in peers]
    for turn in range(asked.repeats):
        for series in told:
            slow = bool(series.runs) and max(series.times()) > asked.once_above
            if series.failure or slow:
                continue
            call(series, asked.timeout)
            took = series.failure or f"{series.times()[-1]:.3f} s"
            print(f"{kind}, {rows:,} rows, {series.peer}, {turn + 1}: {took}", file=sys.stderr)  # noqa: T201
    return told


def everything(asked: argparse.Namespace) -> list[Series]:
    """Run all instances by size; who did not finish a smaller one of a kind is left out."""
    results: list[Series] = []
    for kind in asked.kinds:
        peers = list(asked.peers)
        for rows in sorted(asked.sizes):
            told = measure(kind, rows, peers, asked)
            results += told
            peers = [series.peer for series in told if not series.failure]
    gave_up = {
        series.peer for series in results if series.failure and series.rows <= asked.hard_rows
    }
    for name in asked.hard:
        peers = [peer for peer in asked.peers if peer not in gave_up]
        results += measure(name, asked.hard_rows, peers, asked)
    return results


def differences(results: list[Series]) -> list[str]:
    """Say where two answers to one instance are not worth the same."""
    by_instance: dict[tuple[str, int], dict[int, list[str]]] = {}
    for series in results:
        # A match and an assign of the same size have the same optimum.
        kind = "assign" if series.kind == "match" else series.kind
        for one in series.runs:
            worth = by_instance.setdefault((kind, series.rows), {})
            worth.setdefault(int(one["objective"]), []).append(series.peer)
    return [
        f"{kind}, {rows} rows: {worth}"
        for (kind, rows), worth in by_instance.items()
        if len(worth) > 1
    ]


# What is written


def seconds(value: float) -> str:
    """Write seconds with two or three digits that count."""
    digits = next((4 - size for size, most in enumerate((0.01, 1, 10)) if value < most), 1)
    return f"{value:.{digits}f}"


def table(results: list[Series], kind: str) -> str:
    """Write one kind of instances as a Markdown table."""
    named = kind in ("assign", "match")
    lines = [
        "| instance | solver | median, s | range, s (runs) | of ours | before, s | peak, MB |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for series in results:
        if named != (series.kind in ("assign", "match")) or (named and series.kind != kind):
            continue
        size = f"{series.rows:,} x {series.rows // 2:,}" if named else series.kind
        if not series.runs:
            lines.append(f"| {size} | {series.peer} | {series.failure} | | | | |")
            continue
        ours = next(
            (s for s in results if (s.kind, s.rows, s.peer) == (series.kind, series.rows, OURS)),
            None,
        )
        times = series.times()
        middle = statistics.median(times)
        ratio = middle / statistics.median(ours.times()) if ours and ours.runs else math.nan
        before = series.median("weights") + series.median("form")
        lines.append(
            f"| {size} | {series.peer} | {seconds(middle)} | {seconds(min(times))} - "
            f"{seconds(max(times))} ({len(times)}) | "
            f"{'' if math.isnan(ratio) else f'{ratio:.2f}'} | {seconds(before)} | "
            f"{series.median('memory'):.0f} |"
        )
    return "\n".join(lines)


def summary(results: list[Series]) -> str:
    """Write nearpeer beside the fastest peer on every instance."""
    lines = [
        "| instance | nearpeer, s | fastest peer | its time, s | of nearpeer's |",
        "|---|--:|---|--:|--:|",
    ]
    instances: dict[tuple[str, int], list[Series]] = {}
    for series in results:
        instances.setdefault((series.kind, series.rows), []).append(series)
    for (kind, rows), told in instances.items():
        ours = next((series for series in told if series.peer == OURS), None)
        peers = [series for series in told if series.runs and not series.peer.startswith(OURS)]
        if ours is None or not peers:
            continue
        fastest = min(peers, key=lambda series: statistics.median(series.times()))
        theirs = statistics.median(fastest.times())
        name = f"`{kind}` {rows:,} x {rows // 2:,}" if kind in ("assign", "match") else kind
        if ours.runs:
            median = statistics.median(ours.times())
            took, ratio = seconds(median), f"{theirs / median:.2f}"
        else:
            took, ratio = ours.failure, ""
        lines.append(f"| {name} | {took} | {fastest.peer} | {seconds(theirs)} | {ratio} |")
    return "\n".join(lines)


def report(results: list[Series], asked: argparse.Namespace) -> str:
    """Write what was run, where, and every table."""
    import nearpeer as npr

    versions = ", ".join(
        [f"nearpeer {npr.__version__}"]
        + [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES if installed(name)]
    )
    parts = [
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {processor()}, "
        f"{memory_total():.0f} GB, {platform.system()}, Python {platform.python_version()}; "
        f"{versions}. {asked.repeats} runs each (one where a run takes over "
        f"{asked.once_above:.0f} s), at most {asked.timeout:.0f} s each.",
        f"### Beside the fastest peer\n\n{summary(results)}",
    ]
    titles = {
        "assign": "### `assign`, weights ready in memory",
        "match": "### `match`, from two Polars frames",
        "hard": f"### Hard instances, {asked.hard_rows:,} rows",
    }
    kinds = [*asked.kinds, *(["hard"] if asked.hard else [])]
    parts += [f"{titles[kind]}\n\n{table(results, kind)}" for kind in kinds]
    return "\n\n".join(parts) + "\n"


def installed(name: str) -> bool:
    """Say whether a package has a version to name."""
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def processor() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [text.split(":")[1].strip() for text in names if text.startswith("model name")]
    return models[0] if models else platform.processor()


def memory_total() -> float:
    """Give the machine's memory in gigabytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def plot(results: list[Series], kinds: list[str], path: Path) -> None:
    """Draw time and memory against pairs, both on logarithmic scales."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        2, len(kinds), figsize=(5.2 * len(kinds), 8), sharex=True, sharey="row", squeeze=False
    )
    colours = plt.get_cmap("tab10")
    for across, kind in enumerate(kinds):
        for number, peer in enumerate(SOLVERS):
            lines = [s for s in results if (s.kind, s.peer) == (kind, peer) and s.runs]
            if not lines:
                continue
            pairs = [series.median("cells") for series in lines]
            ours = peer.startswith(OURS)
            style: dict[str, Any] = {
                "label": peer,
                "color": "black" if ours else colours(number),
                "linestyle": "--" if peer == "nearpeer, 1 thread" else "-",
                "linewidth": 2 if ours else 1.2,
                "marker": "os^vD<>pP*"[number],
                "markersize": 5,
            }
            times = [statistics.median(series.times()) for series in lines]
            axes[0][across].loglog(pairs, times, **style)
            axes[1][across].loglog(pairs, [s.median("memory") for s in lines], **style)
        start = "weights in memory" if kind == "assign" else "Polars frames"
        axes[0][across].set_title(f"{kind}, from {start}")
        axes[1][across].set_xlabel("pairs")
    axes[0][0].set_ylabel("seconds (median)")
    axes[1][0].set_ylabel("peak memory of the process, MB")
    for axis in axes.flat:
        axis.grid(which="major", alpha=0.3)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    figure.set_layout_engine("constrained")
    figure.savefig(path, dpi=110)


def rewrite(doc: Path, text: str) -> None:
    """Put the text between the marks of a document."""
    before, rest = doc.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    doc.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Run what is asked for and write the table, the plot and the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--sizes", type=int, nargs="*", default=[300, 1_000, 2_000, 5_000], help="rows")
    add("--kinds", nargs="*", default=["assign", "match"], choices=["assign", "match"])
    add("--peers", nargs="*", default=list(SOLVERS), choices=list(SOLVERS), metavar="PEER")
    add("--hard", nargs="*", default=list(HARD), choices=list(HARD), metavar="INSTANCE")
    add("--hard-rows", type=int, default=1_000)
    add("--repeats", type=int, default=5)
    add("--once-above", type=float, default=10, help="seconds after which one run is enough")
    add("--timeout", type=float, default=120, help="seconds of a run, its instance included")
    add("--out", type=Path, default=Path("out/peers"), help="folder for table, plot and figures")
    add("--doc", type=Path, help="document whose marked part is rewritten, with peers.png beside")
    add("--worker", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        kind, rows, peer = asked.worker
        print(json.dumps(run(kind, int(rows), peer)))  # noqa: T201
        return 0
    results = everything(asked)
    text = report(results, asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    figures = [dataclasses.asdict(series) for series in results]
    (asked.out / "peers.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    (asked.out / "peers.md").write_text(text, encoding="utf-8")
    if asked.sizes and asked.kinds:
        plot(results, asked.kinds, asked.out / "peers.png")
    if asked.doc:
        rewrite(asked.doc, text)
        if asked.sizes and asked.kinds:
            plot(results, asked.kinds, asked.doc.parent / "peers.png")
    wrong = differences(results)
    print(text, *wrong, sep="\n")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
