"""Times `assign` on scores that are ready in memory, against SciPy with the columns doubled.

``python benches/assign.py`` runs every case; ``--cases`` names some of them, ``--sizes`` sizes of
rows. The peak of memory is what a process of its own holds at most beyond what it held before the
call. Every figure is the best of several runs, but for SciPy on large arrays, which runs once.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

import nearpeer as npr

RUNS = 3
LOADS: dict[str, Any] = {"row_load": (0, 1), "col_load": (0, 2)}


def weights(rows: int) -> npt.NDArray[np.float64]:
    """Make scores in [0, 1] of rows against half as many columns."""
    return np.random.default_rng(rows).random((rows, rows // 2))


def thinned(scores: npt.NDArray[np.float64]) -> sparse.csr_array:
    """Keep a tenth of the cells."""
    kept = np.random.default_rng(1).random(scores.shape) < 0.1
    return sparse.csr_array(np.where(kept, scores, 0.0))


CASES: dict[str, Callable[[npt.NDArray[np.float64]], Any]] = {
    "float64": lambda scores: scores,
    "float64, Fortran": np.asfortranarray,
    "float64, [::-1, ::-1]": lambda scores: scores[::-1, ::-1],
    "float32": lambda scores: scores.astype(np.float32),
    "int32": lambda scores: np.rint(scores * 1_000_000).astype(np.int32),
    "csr, 10 %": thinned,
    "csc, 10 %": lambda scores: thinned(scores).tocsc(),
}


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Give the seconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def scipy(scores: npt.NDArray[np.float64]) -> float:
    """Time SciPy: a column that takes two stands there twice."""
    doubled = np.repeat(scores, 2, axis=1)
    runs = RUNS if doubled.size < 10**7 else 1
    return best(lambda: optimize.linear_sum_assignment(doubled, maximize=True), runs)


def reading(scores: Any) -> float:
    """Time all that comes before the solve, up to a contradiction that is found there."""

    def refused() -> None:
        with contextlib.suppress(npr.InputError):
            npr.assign(scores, **LOADS, require=[(0, 0)], forbid=[(0, 0)])

    return best(refused)


def peak(rows: int, case: str) -> float:
    """Measure the peak of memory in a process of its own, in megabytes."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, __file__, "--peak", case, "--sizes", str(rows)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(told.stdout)


def print_peak(rows: int, case: str) -> None:
    """Print how far the call raises the memory that the process holds (on Linux)."""

    def held(line: str) -> int:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split(f"{line}:")[1].split()[0])

    scores = CASES[case](weights(rows))
    npr.assign([[1.0]])  # what is loaded with the first call is not the array's
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    filled = held("VmRSS")
    npr.assign(scores, **LOADS)
    print((held("VmHWM") - filled) / 1024)  # noqa: T201


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 2_000, 5_000])
    parser.add_argument("--cases", nargs="*", default=list(CASES), choices=list(CASES))
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--no-peers", action="store_true", help="do not run SciPy")
    asked = parser.parse_args()
    if asked.peak:
        print_peak(asked.sizes[0], asked.peak)
        return
    for rows in asked.sizes:
        scores = weights(rows)
        peer = None if asked.no_peers else scipy(scores)
        if peer is not None:
            print(f"{rows:,} x {rows // 2:,}  SciPy: {peer:.3f} s")  # noqa: T201
        for case in asked.cases:
            given = CASES[case](scores)
            seconds = best(lambda given=given: npr.assign(given, **LOADS))  # type: ignore[misc]
            ratio = f", {seconds / peer:.3f} of SciPy" if peer is not None else ""
            print(  # noqa: T201
                f"{rows:,} x {rows // 2:,}  {case}: {seconds:.3f} s{ratio}; without the solve "
                f"{reading(given):.4f} s; {peak(rows, case):.1f} MB"
            )


if __name__ == "__main__":
    main()
