"""One run, in a process of its own."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from peers.hard import HARD
from peers.instances import district, survey, weights
from peers.memory import forget_peak, peak
from peers.problem import POINT, Problem, expect
from peers.solvers import OURS, SOLVERS


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
    expect(bool(np.all(np.bincount(column, minlength=problem.shape[1]) <= problem.loads)))
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
