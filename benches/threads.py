"""Times eight threads that match at once beside the same matches one after the other.

    python benches/threads.py
    python benches/threads.py --students 1500 --matches 4 --rounds 9

Eight tasks, each a made-up district of its own with a programme of its own, on one thread of
nearpeer's (``threads=1``), so that its own pool does not hide what threads of Python do. Rounds
take turns: all tasks one after the other, then all at once; printed are the medians of the rounds,
and of their ratios. What is worked out has to be the same. The second line also reads every pair
in Python, which holds the GIL where there is one.

Needs nothing but nearpeer, so that it runs in any interpreter that nearpeer has a wheel for.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nearpeer as npr

THREADS = 8
Task = tuple[npr.Program, npr.Table, npr.Table]


def tasks(students: int) -> list[Task]:
    """Make eight programmes with rosters of their own."""
    made = []
    for seed in range(THREADS):
        district = npr.synth(students=students, sites=0, seed=seed)
        programme = district.program.replace(loads={"mentor": {"max": 1 + seed % 3}})
        made.append((programme, district.mentees, district.mentors))
    return made


def match(task: Task) -> npr.Match:
    """Match on one thread."""
    programme, mentees, mentors = task
    return programme.match(mentees, mentors, threads=1, progress=False)


def read(task: Task) -> dict[str, float]:
    """Match, and add up the scores by mentor, pair by pair."""
    by_mentor: dict[str, float] = {}
    for pair in match(task).pairs:
        mentor = pair["mentor_id"]
        by_mentor[mentor] = by_mentor.get(mentor, 0.0) + pair["score"]
    return by_mentor


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Give wall time, processor time and the outcome."""
    wall, processor = time.perf_counter(), time.process_time()
    outcome = work()
    return time.perf_counter() - wall, time.process_time() - processor, outcome


def compare(
    what: str, work: Callable[[Task], Any], given: list[Task], matches: int, rounds: int
) -> None:
    """Print a line: one after the other, at once, and how many times as fast."""
    alone, at_once = [], []
    with ThreadPoolExecutor(THREADS) as pool:

        def some(task: Task) -> list[Any]:
            return [work(task) for _ in range(matches)]

        list(pool.map(some, given))  # memory and code that are touched for the first time
        for _ in range(rounds):
            *times, expected = timed(lambda: [some(task) for task in given])
            alone.append(times)
            *times, found = timed(lambda: list(pool.map(some, given)))
            at_once.append(times)
            if found != expected:
                raise SystemExit("threads have other answers")
    ratios = [one[0] / other[0] for one, other in zip(alone, at_once)]
    walls = [statistics.median(one[0] for one in runs) for runs in (alone, at_once)]
    used = [statistics.median(one[1] for one in runs) for runs in (alone, at_once)]
    print(  # noqa: T201
        f"{what:28} {walls[0]:8.3f} {walls[1]:8.3f}"
        f" {statistics.median(ratios):7.2f} ({min(ratios):.2f} - {max(ratios):.2f})"
        f" {used[0]:8.3f} {used[1]:8.3f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=1500)
    parser.add_argument("--matches", type=int, default=4, help="of each task in a round")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    lock = getattr(sys, "_is_gil_enabled", lambda: True)()
    given = tasks(asked.students)
    print(  # noqa: T201
        f"Python {sys.version.split()[0]}, GIL {'on' if lock else 'off'}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}; {THREADS} tasks of {asked.students:,} students,"
        f" {asked.matches} matches each"
    )
    heads = ("in turn, s", "at once, s", "times as fast (range)", "processor, s")
    print(f"{'':28} {heads[0]} {heads[1]} {heads[2]} {heads[3]}")  # noqa: T201
    compare("matches", match, given, asked.matches, asked.rounds)
    compare("matches, and pairs read", read, given, asked.matches, asked.rounds)
    if getattr(sys, "_is_gil_enabled", lambda: True)() != lock:
        raise SystemExit("the GIL was switched on")


if __name__ == "__main__":
    main()
