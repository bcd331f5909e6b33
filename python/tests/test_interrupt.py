"""Ctrl-C ends a solve and a check; other threads run while one solves."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import nearpeer as npr

# Neither ends while the test waits, so that only Ctrl-C can have ended it. The timer's thread runs
# beside them.
SOLVE = """
import pyarrow as pa
import nearpeer as npr

programme = npr.Program(loads={"mentor": {"min": 4, "max": 4}})
mentees = pa.table({"id": [f"e{number}" for number in range(61)]})
mentors = pa.table({"id": [f"m{number}" for number in range(30)]})
press_soon()
programme.match(mentees, mentors)
"""
CHECK = """
import pyarrow as pa
import nearpeer as npr

def people(prefix, grade):
    words = [f"word {number}" for number in range(40)]
    return pa.table({
        "id": [f"{prefix}{number}" for number in range(40_000)],
        "grade": [grade] * 40_000,
        "interests": [[words[number * k % 40] for k in range(1, 9)] for number in range(40_000)],
    })

mentees, mentors = people("e", 6), people("m", 9)
match = npr.Program().match(mentees, mentors, time_limit=0.1)
press_soon()
npr.verify(npr.Program(), mentees, mentors, match, reference=True, threads=1)
"""
PRESS = """
import os, signal, threading

def press_soon():
    threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("work", [SOLVE, CHECK], ids=["solve", "check"])
def test_ctrl_c_ends(work: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRESS + work],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"


ASSIGN = """
import os, signal, threading
import numpy as np
import nearpeer as npr

scores = np.random.default_rng(1).integers(0, 1_000_000, ({size}, {size}))
threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    npr.assign(scores, row_load=(0, 3), col_load=(0, 3), threads=1)
except KeyboardInterrupt:
    print("interrupted")
else:
    print("solved")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_an_assignment() -> None:
    for size in (2_000, 4_000, 8_000):  # until the solve is longer than the timer
        done = subprocess.run(
            [sys.executable, "-c", ASSIGN.format(size=size)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if "solved" not in done.stdout:
            break
    assert done.stdout.strip() == "interrupted"


def test_an_interrupted_process_can_solve_again() -> None:
    handler = signal.getsignal(signal.SIGINT)
    assert handler is signal.default_int_handler
    scores = np.random.default_rng(2).integers(0, 1_000_000, (1_500, 1_500))
    timer = threading.Timer(0.05, _thread.interrupt_main)
    timer.start()
    try:
        npr.assign(scores, row_load=(0, 3), col_load=(0, 3))
        timer.join()  # the solve was shorter than the timer
        time.sleep(0.1)
    except KeyboardInterrupt:
        pass
    finally:
        timer.cancel()
    assert npr.assign([[1, 2], [2, 1]]).objective == 4


def test_other_threads_run_during_a_solve() -> None:
    scores = np.random.default_rng(3).integers(0, 1_000_000, (800, 800))
    ticks: list[float] = []
    over = threading.Event()

    def tick() -> None:
        while not over.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.monotonic()
    npr.assign(scores, threads=1)
    end = time.monotonic()
    over.set()
    ticker.join()
    during = [moment for moment in ticks if start < moment < end]
    assert len(during) >= min(20, (end - start) / 0.02)


def test_solves_in_several_threads_agree() -> None:
    scores = np.random.default_rng(4).integers(0, 100, (60, 60))
    expected = npr.assign(scores).objective
    found: list[float] = []
    threads = [
        threading.Thread(target=lambda: found.append(npr.assign(scores).objective))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6
