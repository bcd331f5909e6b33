"""A made-up district: the same for the same seed, the command's, and one that can be matched."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import COMMAND, ROOT

GOLDEN = ROOT / "tests" / "data" / "synth"
TABLES = ["mentees", "mentors", "leaders", "rooms"]
FILES = [*(f"{name}.csv" for name in TABLES), "programme.toml"]


def tables(district: npr.District) -> list[pa.Table]:
    return [pa.table(getattr(district, name)) for name in TABLES]


def test_a_seed_gives_the_same_district_and_another_another() -> None:
    first, again = (tables(npr.synth(students=200, sites=6, seed=7)) for _ in range(2))
    other = tables(npr.synth(students=200, sites=6, seed=8))
    for a, b, c in zip(first, again, other):
        assert a.equals(b)
        assert not a.equals(c)


def test_the_files_are_the_golden_ones(tmp_path: Path) -> None:
    district = npr.synth(students=24, sites=4, seed=7, missing=0.1)
    paths = district.save(tmp_path / "new")
    assert [path.name for path in paths] == FILES
    for file in FILES:
        assert (tmp_path / "new" / file).read_bytes() == (GOLDEN / file).read_bytes()


def test_the_tables_are_the_commands(tmp_path: Path) -> None:
    words = ["--students", "400", "--sites", "5", "--seed", "11", "--missing", "0.1"]
    words += ["--mentors", "90", "--mentor-share", "0.25", "--out", str(tmp_path)]
    subprocess.run([COMMAND, "synth", *words], check=True, capture_output=True)
    district = npr.synth(400, 5, 11, mentors=90, mentor_share=0.25, missing=0.1)
    assert (len(district.mentees), len(district.mentors)) == (300, 90)
    assert npr.Program.from_toml(tmp_path / "programme.toml") == district.program
    for name in TABLES:
        ours = getattr(district, name).to_polars()
        lists = [column for column, kind in ours.schema.items() if kind == pl.List(pl.String)]
        ours = ours.with_columns(pl.col(lists).list.join(";"))
        assert ours.equals(pl.read_csv(tmp_path / f"{name}.csv", schema=ours.schema))

    subprocess.run([COMMAND, "synth", *words, "--format", "parquet", "--force"], check=True)
    for name in TABLES:
        frame = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert getattr(district, name).to_polars().equals(frame)


def test_a_match_is_proven_and_verifies(tmp_path: Path) -> None:
    district = npr.synth(students=300, sites=6, seed=3)
    match = district.program.match(district.mentees, district.mentors)
    assert match.certificate.gap == 0
    assert 0 < match.covered < len(district.mentees)
    assert npr.verify(district.program, district.mentees, district.mentors, match).pairs > 0

    district.save(tmp_path)
    frames = [pd.read_csv(tmp_path / f"{name}.csv") for name in ("mentees", "mentors")]
    assert district.program.match(*frames) == match


def test_types_and_missing_cells() -> None:
    mentors = npr.synth(students=600, seed=1, missing=0.25).mentors
    frame = mentors.to_polars()
    kinds: dict[str, Any] = {
        "id": pl.String,
        "grade": pl.Int64,
        "site": pl.String,
        "interests": pl.List(pl.String),
        "languages": pl.List(pl.String),
        "slots": pl.List(pl.String),
        "gender": pl.String,
        "load_max": pl.Int64,
        "consent": pl.Boolean,
        "screened": pl.Boolean,
        "trained": pl.Boolean,
    }
    assert dict(frame.schema) == kinds
    for column in set(kinds) - {"id", "site"}:
        assert 30 < frame[column].null_count() < 70, column
    assert frame["id"].null_count() == frame["site"].null_count() == 0
    row = mentors.to_dicts()[0]
    assert list(row) == list(kinds)
    for column in kinds:
        assert mentors[column] == frame[column].to_list()
    assert "200 rows" in repr(mentors)


def test_interests_are_skewed() -> None:
    interests = npr.synth(students=3000, missing=0).mentees["interests"]
    counts = Counter(interest for items in interests for interest in items)
    assert len(counts) == 63
    # 951 and 112 of the survey's 1,010 respondents.
    assert 0.92 < counts["Music"] / len(interests) < 0.96
    assert 0.08 < counts["Gardening"] / len(interests) < 0.14


def test_an_open_district_has_exact_numbers_and_every_pair() -> None:
    district = npr.synth(sites=0, mentees=60, mentors=30, missing=0)
    assert district.mentees.column_names == ["id", "grade", "interests"]
    assert (district.mentees.shape, district.mentors.shape) == ((60, 3), (30, 3))
    assert (district.leaders.shape, district.rooms.shape) == ((0, 5), (0, 3))
    match = district.program.match(district.mentees, district.mentors)
    assert match.covered == 60
    assert npr.verify(district.program, district.mentees, district.mentors, match).eligible == 1800


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"students": 1}, "mentors: a district needs one at least"),
        ({"missing": -1}, "missing: a share is a number from 0 to 1, not -1"),
        ({"mentor_share": float("nan")}, "mentor_share: a share is a number from 0 to 1"),
        ({"sites": 10**6}, "sites: the most is 100000"),
        (
            {"students": 10, "sites": 50},
            "sites: a district of 7 mentees has no use for 50 sites",
        ),
    ],
)
def test_what_cannot_be_names_the_argument(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(npr.InputError, match=message):
        npr.synth(**arguments)


def test_a_format_that_is_not_written(tmp_path: Path) -> None:
    district = npr.synth(students=24)
    with pytest.raises(npr.InputError, match="format: tables are written as 'csv' or 'parquet'"):
        district.save(tmp_path / "out", format="xls")  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
