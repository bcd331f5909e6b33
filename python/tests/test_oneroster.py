"""OneRoster packages: the tables are the command's, and they are matched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

import nearpeer as npr
from conftest import COMMAND, ROOT

SAMPLES = ROOT / "tests" / "data" / "oneroster"


@pytest.mark.parametrize("version", ["v1p1", "v1p2"])
def test_a_folder_and_a_zip_give_the_tables_of_the_command(version: str, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "roster"), "zip", SAMPLES / version)
    words = ["--mentee-grades", "6", "--mentor-grades", "7-8", "--format", "parquet"]
    subprocess.run([COMMAND, "oneroster", archive, *words, "--out", tmp_path], check=True)
    for path in (archive, SAMPLES / version):
        roster = npr.read_oneroster(path, mentee_grades=6, mentor_grades="7-8")
        for name in ("mentees", "mentors"):
            table: npr.Table = getattr(roster, name)
            assert table.to_polars().equals(pl.read_parquet(tmp_path / f"{name}.parquet"))
        assert roster.mentees.column_names == ["id", "grade", "site", "gender"]
        assert roster.left_out == {
            "disabled": 1,
            "inactive": 1,
            "other_grades": 1,
            "without_grade": 1,
        }
        assert roster.without_school == 1
        match = npr.Program().match(roster.mentees, roster.mentors)
        assert (match.covered, match.certificate.gap) == (2, 0)
        npr.verify(npr.Program(), roster.mentees, roster.mentors, match)


def test_names_are_carried_on_demand_and_serve_the_report(tmp_path: Path) -> None:
    roster = npr.read_oneroster(
        SAMPLES / "v1p2",
        mentee_grades=[6],
        mentor_grades=[7, "8"],
        id="identifier",
        names=True,
        birth_dates=True,
        disabled=True,
    )
    assert roster.mentees["name"][:2] == ["Ana Rivera", "Bo Kim"]
    assert roster.mentees["id"][:2] == ["100101", "100102"]
    assert roster.mentees["birth_date"][0] == "2014-10-05"
    assert len(roster.mentees) == 5
    match = npr.Program().match(roster.mentees, roster.mentors)
    match.report(tmp_path / "match.html", names="name")
    assert "Ana Rivera" in (tmp_path / "match.html").read_text(encoding="utf-8")


def test_faults_name_file_line_column_and_value(tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLES / "v1p1", tmp_path / "in")
    users = (folder / "users.csv").read_text(encoding="utf-8")
    (folder / "users.csv").write_text(users.replace("u-102,active", "u-102,gone"), encoding="utf-8")
    with pytest.raises(npr.InputError, match="line 3: not one of active") as caught:
        npr.read_oneroster(folder, mentee_grades=6, mentor_grades=8)
    assert (caught.value.table, caught.value.row) == ("users.csv", 2)
    assert (caught.value.column, caught.value.value) == ("status", "gone")
    with pytest.raises(OSError, match="nowhere"):
        npr.read_oneroster(tmp_path / "nowhere", mentee_grades=6, mentor_grades=8)


def test_rules_that_cannot_be_are_refused() -> None:
    cases: list[tuple[int | str | list[int | str], int, str]] = [
        ("six", 8, 'mentee_grades: "six" is not a grade'),
        (6, 100, "mentor_grades: 100 is not a grade"),
        ([], 8, "the grades of the mentees are missing"),
        ("6-8", 8, "grade 8 is both"),
    ]
    for mentees, mentors, message in cases:
        with pytest.raises(npr.InputError, match=message):
            npr.read_oneroster(SAMPLES / "v1p1", mentee_grades=mentees, mentor_grades=mentors)
    with pytest.raises(npr.InputError, match="id: one of"):
        npr.read_oneroster(SAMPLES / "v1p1", mentee_grades=6, mentor_grades=8, id="name")  # type: ignore[arg-type]
