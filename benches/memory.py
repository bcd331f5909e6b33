"""Measures what it takes to hand over a frame of 1,000,000 students, and that each gives one match.

    python benches/memory.py [students]

For each producer a process of its own makes the frames, resets its peak of resident memory, and

1. has nearpeer take the frames and refuse a name of a column, before anything is read of them:
   how much the peak grows is what is copied, by nearpeer or by the producer in its export;
2. matches them: the peak above the frames, and the digest of the pairs, the same for all.

Linux only: the peak is that of /proc/self/status.
"""

from __future__ import annotations

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

STUDENTS = 1_000_000
SIDES = ("mentees", "mentors")
PRODUCERS = {
    "pyarrow": pq.read_table,
    "polars": pl.read_parquet,
    "pandas, Arrow types": lambda path: pd.read_parquet(path, dtype_backend="pyarrow"),
    "pandas": pd.read_parquet,
    "duckdb": lambda path: duckdb.read_parquet(str(path)),
}


def peak() -> int:
    """Give the peak of resident memory since the last reset, in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def reset() -> int:
    """Set the peak to what is resident now, and give it, in KiB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return peak()


def measure(producer: str, folder: Path) -> dict[str, Any]:
    """Hand over and match the frames of one producer."""
    frames: list[Any] = [PRODUCERS[producer](folder / f"{side}.parquet") for side in SIDES]
    programme = npr.Program.from_toml(folder / "programme.toml")
    before = reset()
    start = time.perf_counter()
    with contextlib.suppress(npr.InputError):
        programme.match(frames[0], frames[1], columns={"no such column": "id"})
    taken = time.perf_counter() - start
    handed = peak() - before
    before = reset()
    match = programme.match(frames[0], frames[1], progress=False)
    pairs = match.pairs.to_polars()
    digest = hashlib.sha256(pairs.write_csv().encode()).hexdigest()[:16]
    return {
        "seconds": taken,
        "handed": handed / 1024,
        "matched": (peak() - before) / 1024,
        "pairs": len(pairs),
        "digest": digest,
    }


def main() -> None:
    """Print the table."""
    if len(sys.argv) == 4:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))  # noqa: T201
        return
    students = int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        npr.synth(students=students, sites=max(1, students // 250), seed=7).save(
            folder, format="parquet"
        )
        size = sum(pq.read_table(folder / f"{side}.parquet").nbytes for side in SIDES) / 2**20
        print(f"{students:,} students, {size:,.0f} MiB as Arrow tables; memory in MiB")  # noqa: T201
        print(f"{'':20} {'handed over':>12} {'seconds':>8} {'match':>8} {'pairs':>9}  digest")  # noqa: T201
        for producer in PRODUCERS:
            child = [sys.executable, __file__, "--one", producer, name]
            done = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
            row = json.loads(done.stdout)
            print(  # noqa: T201
                f"{producer:20} {row['handed']:12,.1f} {row['seconds']:8.3f} "
                f"{row['matched']:8,.0f} {row['pairs']:9,}  {row['digest']}"
            )


if __name__ == "__main__":
    main()
