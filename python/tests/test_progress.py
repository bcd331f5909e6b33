"""``progress=``, ``on_interrupt=`` and the limits."""

from __future__ import annotations

import _thread
import io
import math
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import people
from nearpeer import _progress

# Of 61 mentees who are all alike 60 fit into circles of 4: no small tree proves it.
ENDLESS = npr.Program(loads={"mentor": {"min": 4, "max": 4}})
ALIKE = (
    pa.table({"id": [f"e{number}" for number in range(61)]}),
    pa.table({"id": [f"m{number}" for number in range(30)]}),
)


class Told(list[npr.Progress]):
    """What a match told."""

    def __call__(self, progress: npr.Progress) -> None:
        self.append(progress)


def test_a_function_is_told_every_phase_and_round(mentees: pa.Table, mentors: pa.Table) -> None:
    # With sites, each part of the programme would be solved by itself and told of as one.
    mentees, mentors = mentees.drop_columns(["site"]), mentors.drop_columns(["site"])
    told = Told()
    match = npr.Program().match(mentees, mentors, progress=told)
    assert match == npr.Program().match(mentees, mentors)
    assert (told[0].phase, told[0].round, told[0].gap) == ("compile", 0, None)
    phases = [progress.phase for progress in told]
    assert {"first_columns", "network", "pricing", "explain"} <= set(phases)
    rounds = [progress.round for progress in told]
    assert rounds == sorted(rounds)
    assert set(range(rounds[-1] + 1)) == set(rounds)
    times = [progress.elapsed for progress in told]
    assert times == sorted(times)
    last, proof = told[-1], match.certificate
    assert (last.level, last.objective, last.bound) == (proof.level, proof.objective, proof.bound)
    assert last.gap == proof.gap == 0
    assert last.columns > 0
    assert all(0 <= progress.done <= progress.total for progress in told)
    assert repr(last) == (
        f"Progress(phase='explain', round={last.round}, columns={last.columns}, level='score', "
        f"objective={last.objective}, bound={last.bound}, gap=0, done={last.done}, "
        f"total={last.total}, elapsed={last.elapsed:.3f})"
    )
    assert repr(told[0]).startswith("Progress(phase='compile', round=0, columns=0, done=0, total=0")


def test_a_function_is_called_on_the_thread_of_the_caller(
    mentees: pa.Table, mentors: pa.Table
) -> None:
    threads = set()
    npr.Program().match(mentees, mentors, progress=lambda _: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


def test_a_function_may_solve_something_else(mentees: pa.Table, mentors: pa.Table) -> None:
    found = []
    match = npr.Program().match(
        mentees, mentors, progress=lambda _: found.append(npr.assign([[1, 2], [2, 1]]).objective)
    )
    assert set(found) == {4}
    assert match.certificate.gap == 0


def test_an_exception_of_the_function_ends_the_match() -> None:
    calls = []

    def fail(progress: npr.Progress) -> None:
        calls.append(progress)
        if progress.round == 1:
            raise ZeroDivisionError("on purpose")

    meanings: tuple[Literal["raise", "keep"], ...] = ("raise", "keep")
    for on_interrupt in meanings:
        calls.clear()
        with pytest.raises(ZeroDivisionError, match="on purpose"):
            ENDLESS.match(*ALIKE, progress=fail, on_interrupt=on_interrupt)
        assert calls[-1].round == 1
    with pytest.raises(ZeroDivisionError):
        npr.assign([[1, 2], [2, 1]], progress=fail)


def in_pricing(act: Callable[[], object]) -> Callable[[npr.Progress], None]:
    """Act once, when all pairs are priced for the first time."""
    acted: list[npr.Progress] = []

    def tell(progress: npr.Progress) -> None:
        if progress.phase == "pricing" and not acted:
            acted.append(progress)
            act()

    return tell


def interrupt() -> None:
    raise KeyboardInterrupt


def test_ctrl_c_keeps_the_best_so_far_if_asked_to() -> None:
    with pytest.raises(KeyboardInterrupt):
        ENDLESS.match(*ALIKE, progress=in_pricing(interrupt))
    for act in (interrupt, _thread.interrupt_main):
        match = ENDLESS.match(*ALIKE, progress=in_pricing(act), on_interrupt="keep")
        assert match.certificate.status == "limit_reached"
        assert match.certificate.gap > 0
        npr.verify(ENDLESS, *ALIKE, match)


def test_a_second_ctrl_c_raises() -> None:
    with pytest.raises(KeyboardInterrupt):
        ENDLESS.match(*ALIKE, progress=lambda _: interrupt(), on_interrupt="keep")


def test_limits_cut_a_match(mentees: pa.Table, mentors: pa.Table) -> None:
    match = ENDLESS.match(*ALIKE, memory_limit=100_000, time_limit=0.3)
    assert match.certificate.status == "limit_reached"
    npr.verify(ENDLESS, *ALIKE, match)
    best = npr.Program().match(mentees, mentors)
    near = npr.Program().match(mentees, mentors, gap=10**9)
    assert near.certificate.gap <= 10**9
    assert best.total_score - near.certificate.gap <= near.total_score <= best.total_score
    limited = npr.Program(limits={"memory": 512, "gap": 1_000, "time": 60})
    assert npr.Program.from_toml_text(limited.to_toml()) == limited
    assert limited.match(mentees, mentors).certificate.gap <= 1_000


def test_the_gap_of_an_assignment_is_in_its_own_scores() -> None:
    scores = np.random.default_rng(5).random((80, 80))
    best = npr.assign(scores)
    for gap in (0, 0.25, np.float32(0.5), 1e300, math.inf):
        if gap <= 1e12:
            found = npr.assign(scores, gap=gap)
            assert found.gap <= gap
            assert best.objective - found.gap <= found.objective + 1e-9
        else:
            with pytest.raises(npr.ProgramError, match="gap: a gap is"):
                npr.assign(scores, gap=gap)
    whole = npr.assign((scores * 1000).astype(int), gap=50)
    assert whole.gap <= 50


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("memory_limit", 0),
        ("memory_limit", 1.5),
        ("memory_limit", True),
        ("memory_limit", "1 GiB"),
        ("gap", -1),
        ("gap", 0.5),
        ("gap", "small"),
        ("gap", True),
        ("progress", 3),
        ("progress", "bar"),
        ("on_interrupt", "ignore"),
    ],
)
def test_what_cannot_be_used_is_named(
    argument: str, value: Any, mentees: pa.Table, mentors: pa.Table
) -> None:
    for call in (
        lambda given: npr.Program().match(mentees, mentors, **given),
        lambda given: npr.assign([[1, 2], [2, 1]], **given),
    ):
        with pytest.raises(npr.ProgramError) as raised:
            call({argument: value})
        assert raised.value.key == argument
        assert str(raised.value).startswith(f"{argument}: ")
        assert str(raised.value).endswith(f", not {value!r}")


def test_a_bar_is_drawn_if_asked_for(
    mentees: pa.Table, mentors: pa.Table, capsys: pytest.CaptureFixture[str]
) -> None:
    npr.Program().match(mentees, mentors, progress=True)
    shown = capsys.readouterr()
    assert "round 1" in shown.err or "compile" in shown.err
    assert shown.out == ""


def test_nothing_is_shown_without_a_terminal(
    mentees: pa.Table, mentors: pa.Table, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _progress.bar(None) is None
    npr.Program().match(mentees, mentors)
    npr.Program().match(mentees, mentors, progress=False)
    assert capfd.readouterr() == ("", "")


class Terminal(io.StringIO):
    """What seems to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    told = Told()
    ENDLESS.match(*ALIKE, time_limit=0.2, progress=told)
    bar = _progress.bar(None)
    assert bar is not None
    early = [progress for progress in told if progress.elapsed < 1]
    assert early
    for progress in early:
        bar(progress)
    bar.close()
    assert terminal.getvalue() == ""
    bar = _progress.bar(None)
    assert bar is not None
    bar._next = 0.0  # as if the second had passed
    for progress in told:
        bar(progress)
    bar.close()
    assert "round" in terminal.getvalue()


def test_without_tqdm_there_is_no_bar(
    monkeypatch: pytest.MonkeyPatch, mentees: pa.Table, mentors: pa.Table
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert _progress.bar(None) is None
    with pytest.raises(ImportError, match=r"nearpeer\[progress\]"):
        npr.Program().match(mentees, mentors, progress=True)


def test_tqdm_is_imported_only_for_a_bar() -> None:
    code = (
        "import sys, nearpeer as npr; npr.assign([[1, 2], [2, 1]], progress=lambda _: None); "
        "print('tqdm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_more_people_tell_more() -> None:
    told = Told()
    many = [
        pa.table(people(prefix, 400, grades, seed))
        for prefix, grades, seed in [("e", range(5, 9), 1), ("m", range(8, 13), 2)]
    ]
    npr.Program().match(*many, progress=told)
    levels = [progress.level for progress in told if progress.level]
    gaps = [progress.gap for progress in told if progress.level == "score"]
    assert levels[-1] == "score"
    assert gaps == sorted(gaps, key=lambda gap: -(gap or 0))
