"""Times of questions of the kind 'what if' at a district of 100,000 students.

Each line has the wall clock and the processor's time, of all threads together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import nearpeer as npr

T = TypeVar("T")


def timed(name: str, ask: Callable[[], T]) -> T:
    """Print how long an answer takes."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = ask()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name}: {wall:.2f} s, processor {processor:.2f} s", flush=True)  # noqa: T201
    return answer


def main() -> None:
    """Match the district, then ask about the first who have somebody, and nobody."""
    district = npr.synth(students=100_000, sites=120, seed=7)
    programme = district.program
    match = timed(
        "match", lambda: programme.match(district.mentees, district.mentors, progress=False)
    )
    matched, left = match.pairs["mentee_id"][0], match.unmatched["id"][0]
    timed("explain a person", lambda: match.explain(left))
    others = timed("alternatives, n=5", lambda: match.alternatives(matched, n=5))
    timed("explain a pair", lambda: match.explain(matched, others["partner_id"][0]))
    timed("alternatives of the unmatched, n=20", lambda: match.alternatives(left, n=20))


if __name__ == "__main__":
    main()
