"""Measures what it takes to hand over a frame of 1,000,000 students, and that each gives one match.

    python benches/memory.py
    python benches/memory.py 100000 --match

For each producer a process of its own makes the frames, resets its peak of resident memory, and has
nearpeer take the frames and refuse a name of a column, before anything is read of them: how much
the peak grows is what is copied, by nearpeer or by the producer in its export. With ``--match`` it
matches them, too: the peak above the frames, and the digest of the pairs, the same for all.

Linux only: the peak is that of /proc/self/status.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

import nearpeer as npr

SIDES = ("mentees", "mentors")
PRODUCERS: dict[str, Any] = {
    "pyarrow": pq.read_table,
    "polars": pl.read_parquet,
    "polars, lazy": lambda path: pl.scan_parquet(path).collect(),
    "pandas, Arrow types": lambda path: pd.read_parquet(path, dtype_backend="pyarrow"),
    # What are objects of Python's own there, such as lists, pandas converts.
    "pandas": pd.read_parquet,
    # A relation is a query: its result comes into being when it is handed over.
    "duckdb": lambda path: duckdb.read_parquet(str(path)),
}


def peak() -> float:
    """Give the peak of resident memory since the last reset, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def reset() -> float:
    """Set the peak to what is resident now, and give it, in MiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return peak()


def measure(producer: str, folder: Path, *, match: bool) -> list[str]:
    """Hand over, and perhaps match, the frames of one producer."""
    frames = [PRODUCERS[producer](folder / f"{side}.parquet") for side in SIDES]
    programme = npr.Program.from_toml(folder / "programme.toml")
    before = reset()
    start = time.perf_counter()
    with contextlib.suppress(npr.InputError):
        programme.match(frames[0], frames[1], columns={"no such column": "id"})
    cells = [f"{peak() - before:.1f}", f"{time.perf_counter() - start:.3f}"]
    if match:
        before = reset()
        pairs = programme.match(frames[0], frames[1], progress=False).pairs.to_polars()
        digest = hashlib.sha256(pairs.write_csv().encode()).hexdigest()[:16]
        cells += [f"{peak() - before:.0f}", f"{len(pairs):,}", digest]
    return cells


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("students", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--match", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        cells = measure(given.one[0], Path(given.one[1]), match=given.match)
        print(json.dumps(cells))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as name:
        district = npr.synth(students=given.students, sites=max(1, given.students // 250), seed=7)
        district.save(name, format="parquet")
        size = sum(pq.read_table(Path(name) / f"{side}.parquet").nbytes for side in SIDES) / 2**20
        print(f"{given.students:,} students, {size:,.0f} MiB as Arrow tables")  # noqa: T201
        heads = ["handed over, MiB", "seconds"]
        if given.match:
            heads += ["match, MiB", "pairs", "digest"]
        print(f"{'':20}", *(f"{head:>16}" for head in heads))  # noqa: T201
        for producer in PRODUCERS:
            child = [sys.executable, __file__, "--one", producer, name]
            child += ["--match"] if given.match else []
            done = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
            cells = json.loads(done.stdout)
            print(f"{producer:20}", *(f"{cell:>16}" for cell in cells))  # noqa: T201


if __name__ == "__main__":
    main()
