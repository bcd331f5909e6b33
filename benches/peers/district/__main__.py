"""Times nearpeer's ``match`` of a whole district, and the peers' a component at a time.

``python -m peers.district`` in ``benches``. All start from two Polars frames. A peer's time has the
eligible pairs and scores by NumPy, its own form and the solve, summed over the components, of which
only one is held at a time. Runs are processes of their own and take turns; all answers are worth
the same to the last micropoint, or the command fails.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from peers.district.pairs import COVERED, components
from peers.machine import machine
from peers.memory import forget_peak, peak
from peers.problem import POINT, SEED, expect
from peers.report import rewrite, seconds
from peers.solvers import OURS, SOLVERS

PEERS = [
    OURS,
    "nearpeer, 1 thread",
    "SciPy, dense",
    "SciPy, sparse",
    "lapx",
    "OR-tools, min-cost flow",
]


@dataclasses.dataclass
class Run:
    """What one run took, in seconds and mebibytes, and what its answer is worth."""

    weights: float
    form: float
    solve: float
    covered: int
    score: int
    pairs: int
    memory: float
    load: float

    @property
    def total(self) -> float:
        """Give all seconds."""
        return self.weights + self.form + self.solve


def run(students: int, sites: int, peer: str) -> Run:
    """Make the district and match it once."""
    import nearpeer as npr

    made = npr.synth(students=students, sites=sites, seed=SEED)
    frames = made.mentees.to_polars(), made.mentors.to_polars()
    forget_peak()
    start = time.perf_counter()
    if peer.startswith(OURS):
        threads = 1 if peer.endswith("1 thread") else None
        match = made.program.match(*frames, threads=threads, progress=False)
        took = time.perf_counter() - start
        expect(match.certificate.gap == 0)
        memory = peak()
        pairs = npr.verify(made.program, *frames, match).eligible
        return Run(0, 0, took, match.covered, match.total_score, pairs, memory, os.getloadavg()[0])
    settings = importlib.import_module("tomllib").loads(made.program.to_toml())
    feeders = [(route["from"], route["to"]) for route in settings["eligibility"]["feeders"]]
    told = Run(0, 0, 0, 0, 0, 0, 0, 0)
    for problem in components(*frames, feeders):
        weighed = time.perf_counter()
        solve = SOLVERS[peer](problem)
        ready = time.perf_counter()
        row, column = solve()
        done = time.perf_counter()
        told.weights += weighed - start
        told.form += ready - weighed
        told.solve += done - ready
        expect(np.bincount(row).max(initial=0) <= 1)
        expect(bool(np.all(np.bincount(column, minlength=problem.shape[1]) <= problem.loads)))
        worth = np.rint((np.asarray(problem.scores[row, column]) - COVERED) * POINT)
        told.covered += len(row)
        told.score += int(worth.sum())
        told.pairs += problem.scores.nnz
        start = time.perf_counter()
    told.memory, told.load = peak(), os.getloadavg()[0]
    return told


def table(runs: dict[str, list[Run]]) -> str:
    """Write the medians as a Markdown table."""
    lines = [
        "| solver | median, s | range, s (runs) | of ours | scoring, s | form, s | solve, s "
        "| peak, MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    ours = statistics.median(one.total for one in runs[OURS]) if runs.get(OURS) else None
    for peer, all_of in runs.items():
        if not all_of:
            lines.append(f"| {peer} | none ended | | | | | | |")
            continue
        middle = statistics.median(one.total for one in all_of)
        parts = [
            seconds(statistics.median(getattr(one, part) for one in all_of))
            for part in ("weights", "form", "solve")
        ]
        totals = [one.total for one in all_of]
        lines.append(
            f"| {peer} | {seconds(middle)} | {seconds(min(totals))} - {seconds(max(totals))} "
            f"({len(totals)}) | {f'{middle / ours:.1f}' if ours else ''} | {' | '.join(parts)} | "
            f"{statistics.median(one.memory for one in all_of):.0f} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Run the peers in turns and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--students", type=int, default=100_000)
    add("--sites", type=int, default=120)
    add("--peers", nargs="*", default=PEERS, choices=PEERS, metavar="PEER")
    add("--repeats", type=int, default=3)
    add("--timeout", type=float, default=600, help="seconds of a run")
    add("--doc", type=Path, help="document whose marked part is rewritten")
    add("--worker", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        print(json.dumps(dataclasses.asdict(run(asked.students, asked.sites, asked.worker))))  # noqa: T201
        return 0
    runs: dict[str, list[Run]] = {peer: [] for peer in asked.peers}
    size = ["--students", str(asked.students), "--sites", str(asked.sites)]
    for turn in range(asked.repeats):
        for peer, all_of in runs.items():
            words = [sys.executable, "-m", "peers.district", *size, "--worker", peer]
            try:
                told = subprocess.run(  # noqa: S603
                    words, stdout=subprocess.PIPE, text=True, timeout=asked.timeout, check=True
                )
            except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
                print(f"{peer}, {turn + 1}: {error}", file=sys.stderr)  # noqa: T201
                continue
            one = Run(**json.loads(told.stdout.splitlines()[-1]))
            all_of.append(one)
            print(f"{peer}, {turn + 1}: {one.total:.2f} s, {one}", file=sys.stderr)  # noqa: T201
    every = [one for all_of in runs.values() for one in all_of]
    answers = {(one.covered, one.score, one.pairs) for one in every}
    loads = [one.load for one in every]
    text = (
        f"{machine()} {asked.students:,} students at {asked.sites} sites, "
        f"{every[0].pairs:,} eligible pairs. {asked.repeats} runs each; the machine's load at the "
        f"end of each was {min(loads):.1f} to {max(loads):.1f}.\n\n{table(runs)}\n"
    )
    if asked.doc:
        rewrite(asked.doc, "benches/peers/district", text)
    print(text, *([answers] if len(answers) > 1 else []), sep="\n")  # noqa: T201
    return int(len(answers) > 1)


if __name__ == "__main__":
    sys.exit(main())
