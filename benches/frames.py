"""Times a match of 2,000 mentees and 1,000 mentors from Polars frames, and the import.

Run by ``make bench``. Every figure is the best of several runs; every pair is eligible.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable

import polars as pl

import nearpeer as npr

MENTEES, MENTORS, RUNS = 2_000, 1_000, 5


def people(count: int, prefix: str, grades: range, seed: int) -> pl.DataFrame:
    """Make people with 3 to 12 of 64 interests, the first of which are the most common."""
    chance = random.Random(seed)  # noqa: S311
    words = [f"interest {number}" for number in range(64)]
    skewed = [1 / (rank + 1) for rank in range(64)]
    rows = [
        {
            "id": f"{prefix}{number:05}",
            "grade": chance.choice(grades),
            "interests": sorted(set(chance.choices(words, skewed, k=chance.randint(3, 12)))),
        }
        for number in range(count)
    ]
    return pl.DataFrame(rows)


def best(work: Callable[[], object]) -> float:
    """Give the seconds of the fastest run."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    mentees = people(MENTEES, "e", range(6, 9), 1)
    mentors = people(MENTORS, "m", range(9, 13), 2)
    programme = npr.Program(loads={"mentor": {"max": 2}})
    match = programme.match(mentees, mentors)
    print(match)  # noqa: T201
    figures = {
        f"match {MENTEES:,} x {MENTORS:,} from Polars": lambda: programme.match(mentees, mentors),
        "verify it": lambda: npr.verify(programme, mentees, mentors, match),
        "python -c 'import nearpeer'": lambda: subprocess.run(
            [sys.executable, "-c", "import nearpeer"],
            check=True,
        ),
        "python -c 'pass'": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
    }
    for name, work in figures.items():
        print(f"{best(work):8.3f} s  {name}")  # noqa: T201


if __name__ == "__main__":
    main()
