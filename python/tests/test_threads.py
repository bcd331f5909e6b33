"""Eight threads match at once, each its own people by its own programme, with or without a GIL."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import nearpeer as npr

THREADS = 8
TASKS = [
    (npr.synth(students=150 + 10 * seed, sites=1 + seed % 4, seed=seed), 1 + seed % 3)
    for seed in range(THREADS)
]


def answer(task: tuple[npr.District, int]) -> tuple[Any, ...]:
    """All that a task's match says."""
    district, load = task
    programme = district.program.replace(loads={"mentor": {"max": load}})
    match = programme.match(district.mentees, district.mentors, threads=1)
    npr.verify(programme, district.mentees, district.mentors, match)
    pairs = [(pair["mentee_id"], pair["mentor_id"], pair["score"]) for pair in match.pairs]
    left = [(person["id"], person["reason"]) for person in match.unmatched]
    return pairs, left, match.certificate.gap, match.certificate.objective


def test_eight_threads_have_the_answers_of_one_after_the_other() -> None:
    alone = [answer(task) for task in TASKS]
    assert len({str(one) for one in alone}) == THREADS
    assert all(gap == 0 for _, _, gap, _ in alone)
    together = threading.Barrier(THREADS)

    def at_once(task: tuple[npr.District, int]) -> list[tuple[Any, ...]]:
        together.wait(timeout=60)
        return [answer(task) for _ in range(3)]

    with ThreadPoolExecutor(THREADS) as pool:
        for expected, found in zip(alone, pool.map(at_once, TASKS)):
            assert found == [expected] * 3


def test_one_programme_and_one_roster_serve_all_threads() -> None:
    district, _ = TASKS[0]
    tables = (district.mentees, district.mentors)
    alone = district.program.match(*tables, threads=1)

    def work(_: int) -> bool:
        match = district.program.match(*tables, threads=1)
        # Results are made when they are asked for, here by several threads at one time.
        return match == alone and len(alone.unmatched) + 2 * len(alone.pairs) > 0

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(4 * THREADS)))


def test_importing_leaves_the_lock_as_it_was() -> None:
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    if not free_threaded:
        pytest.skip("this interpreter has a GIL")
    # Other packages of the tests may switch it on, so a process of nearpeer's own looks.
    script = "import nearpeer, sys; print(sys._is_gil_enabled())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "False\n"
