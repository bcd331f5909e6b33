"""The command has colour on a terminal, and nowhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conftest import COMMAND

pytest.importorskip("pty", reason="Windows has no such terminals")

ESCAPE = b"\x1b["


def on_a_terminal(words: list[str], folder: Path, **environment: str) -> bytes:
    """Run the command on a terminal, and give what it writes."""
    inside, outside = os.openpty()
    process = subprocess.Popen(
        [COMMAND, *words],
        cwd=folder,
        stdin=outside,
        stdout=outside,
        stderr=outside,
        env={"PATH": os.environ["PATH"], "TERM": "xterm", **environment},
    )
    os.close(outside)
    said = b""
    while True:
        try:
            part = os.read(inside, 1 << 16)
        except OSError:  # Linux says so at the end
            break
        if not part:
            break
        said += part
    os.close(inside)
    process.wait(timeout=60)
    return said


FAULTS = [["match"], ["check", "--mentees", "a.csv", "--mentors", "b.csv"]]


@pytest.mark.parametrize("words", [["--help"], *FAULTS])
def test_colour_is_for_terminals(words: list[str], tmp_path: Path) -> None:
    assert ESCAPE in on_a_terminal(words, tmp_path)
    assert ESCAPE not in on_a_terminal(words, tmp_path, NO_COLOR="1")
    piped = subprocess.run([COMMAND, *words], cwd=tmp_path, capture_output=True, check=False)
    assert ESCAPE not in piped.stdout + piped.stderr
    assert len(piped.stdout + piped.stderr) > 20
