"""Python and the command give the same files, byte by byte, and check each other's.

Needs the command, from ``NEARPEER_COMMAND`` or ``target/release/nearpeer``.
"""

from __future__ import annotations

import subprocess
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
    tables = ["--program", "programme.toml", "--mentees", "mentees.csv", "--mentors", "mentors.csv"]
    done = subprocess.run(
        [COMMAND, verb, *tables, "--out", str(out)],
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
