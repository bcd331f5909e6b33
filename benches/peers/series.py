"""All runs of a peer on an instance, and all peers in turns."""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import subprocess
import sys


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
    words = [sys.executable, "-m", "peers", "--worker", series.kind, str(series.rows), series.peer]
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
