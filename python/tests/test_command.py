"""Python and the command give the same files, byte by byte, and check each other's.

Needs the command, from ``NEARPEER_COMMAND`` or ``target/release/nearpeer``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import COMMAND

PROGRAMME = """
loads.mentor = { max = 2 }
[[criteria]]
kind = "interests"
weight = 0.8
missing = "neutral"
[[criteria]]
kind = "grade_gap"
weight = 0.2
missing = "zero"
"""
FILES = ["pairs.csv", "unmatched.csv", "certificate.json"]
TABLES = ["--program", "programme.toml", "--mentees", "mentees.csv", "--mentors", "mentors.csv"]


@pytest.fixture
def folder(mentees: pa.Table, mentors: pa.Table, tmp_path: Path) -> Path:
    """Write what the command reads."""
    (tmp_path / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    for name, table in (("mentees", mentees), ("mentors", mentors)):
        frame: pd.DataFrame = table.to_pandas()
        frame["interests"] = [";".join(items) for items in frame["interests"]]
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


def command(folder: Path, verb: str, out: Path) -> None:
    done = subprocess.run(
        [COMMAND, verb, *TABLES, "--out", str(out)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_same_files_and_each_verifies_the_other(
    folder: Path, mentees: pa.Table, mentors: pa.Table
) -> None:
    programme = npr.Program.from_toml(folder / "programme.toml")
    command(folder, "match", folder / "command")
    programme.match(mentees, mentors).save(folder / "python")
    for file in FILES:
        ours, theirs = ((folder / way / file).read_bytes() for way in ("python", "command"))
        assert ours == theirs, file
    assert npr.verify(programme, mentees, mentors, folder / "command").pairs > 0
    command(folder, "verify", folder / "python")


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """Write a programme that no small tree proves: of 61 alike mentees 60 fit into circles of 4."""
    (tmp_path / "programme.toml").write_text("loads.mentor = { min = 4, max = 4 }")
    for name, count in (("mentees", 61), ("mentors", 30)):
        ids = "".join(f"{name}{number}\n" for number in range(count))
        (tmp_path / f"{name}.csv").write_text(f"id\n{ids}")
    return tmp_path


def on_a_terminal(folder: Path, *flags: str) -> tuple[int, str]:
    """Match on a terminal, press Ctrl-C in the first round; give the status and what was shown."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        [COMMAND, "match", *TABLES, "--out", "out", *flags],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    pressed = False
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # Linux's end of a terminal's output
            read = b""
        if not read:
            break
        shown += read
        if b", round " in shown and not pressed:
            pressed = True
            process.send_signal(signal.SIGINT)
    os.close(ours)
    return process.wait(), shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_ctrl_c_keeps_the_best_so_far_if_asked_to(endless: Path) -> None:
    status, shown = on_a_terminal(endless, "--keep-on-interrupt")
    assert status == 4, shown
    programme = npr.Program.from_toml(endless / "programme.toml")
    mentees, mentors = (pd.read_csv(endless / f"{name}.csv") for name in ("mentees", "mentors"))
    assert npr.verify(programme, mentees, mentors, endless / "out").pairs > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_ctrl_c_writes_nothing_otherwise(endless: Path) -> None:
    status, shown = on_a_terminal(endless)
    assert status == 130, shown
    # A terminal has the first word in colour.
    words = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "error: the solve was stopped; nothing was written" in words
    assert not (endless / "out").exists() or not list((endless / "out").iterdir())


def test_there_is_no_bar_without_a_terminal_or_if_it_is_not_wanted(endless: Path) -> None:
    limits = ["--time-limit", "0.5", "--memory-limit", "100000", "--gap", "0"]
    done = subprocess.run(
        [COMMAND, "match", *TABLES, "--out", "out", *limits],
        cwd=endless,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (4, "")
    if sys.platform != "win32":
        _, shown = on_a_terminal(endless, "--no-progress", *limits)
        assert shown == ""
