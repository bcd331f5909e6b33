"""`Program.assess`: needs and resources, before any matching."""

from __future__ import annotations

import json
import pickle
import subprocess
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nearpeer as npr
from conftest import COMMAND

TABLES = ["eligibility", "rules", "supply", "bottlenecks", "bottleneck_members", "staff"]


@pytest.fixture(scope="module")
def district() -> npr.District:
    return npr.synth(students=600, sites=6, seed=7)


@pytest.fixture(scope="module")
def assessed(district: npr.District) -> npr.Assessment:
    return district.program.assess(
        district.mentees, district.mentors, leaders=district.leaders, rooms=district.rooms
    )


def test_tables_are_arrow_and_frames(assessed: npr.Assessment) -> None:
    for name in TABLES:
        table: npr.Table = getattr(assessed, name)
        assert len(table) > 0, name
        arrow = pa.table(table)
        assert arrow.column_names == table.column_names
        assert table.to_polars().equals(pl.DataFrame(arrow))
        pd.testing.assert_frame_equal(table.to_pandas(), arrow.to_pandas())


def test_shortages_add_up(assessed: npr.Assessment) -> None:
    sets = assessed.bottlenecks.to_dicts()
    assert sum(one["shortage"] for one in sets) == assessed.mentees - assessed.coverage
    assert [one["bottleneck"] for one in sets] == list(range(1, len(sets) + 1))
    assert all(one["shortage"] == one["mentees"] - one["room"] > 0 for one in sets)
    assert [one["shortage"] for one in sets] == sorted(
        (one["shortage"] for one in sets), reverse=True
    )
    members = assessed.bottleneck_members.to_polars()
    for one in sets:
        of_set = members.filter(pl.col("bottleneck") == one["bottleneck"])
        assert (of_set["role"] == "mentee").sum() == one["mentees"]
        assert (of_set["role"] == "mentor").sum() == one["mentors"]


def test_a_match_covers_what_loads_allow(district: npr.District, assessed: npr.Assessment) -> None:
    match = district.program.match(district.mentees, district.mentors)
    assert match.covered == assessed.coverage
    left = match.unmatched.to_polars().filter(pl.col("reason") == "out_competed")
    assert len(left) > 0
    sets = assessed.bottlenecks.to_polars()
    joined = left.join(sets, on="bottleneck", how="left")
    assert (joined["bottleneck_mentees"] == joined["mentees"]).all()
    assert (joined["bottleneck_room"] == joined["room"]).all()
    # A place costs nothing less than nothing, and somebody else would be left.
    assert (left["cost"] >= 0).all()
    assert left["displaced_id"].null_count() == 0
    detail = left["detail"][0]
    assert "eligible, all with others" in detail
    assert "member of bottleneck" in detail


def test_rules_say_what_they_cost(district: npr.District, assessed: npr.Assessment) -> None:
    people = assessed.eligibility.to_polars()
    rules = assessed.rules.to_polars()
    without = people.filter((pl.col("candidates") == 0) & (pl.col("role") == "mentor"))
    assert len(without) > 0
    by_training = rules.filter(pl.col("rule") == "training")["mentors_alone"][0]
    settings = district.program.to_toml().replace("training = true", "training = false")
    off = npr.Program.from_toml_text(settings)
    assert off != district.program
    again = off.assess(district.mentees, district.mentors).eligibility.to_polars()
    still = again.filter((pl.col("candidates") == 0) & (pl.col("role") == "mentor"))
    assert len(without) - len(still) == by_training
    first = without.filter(pl.col("alone") > 0).to_dicts()[0]
    if first["rule"] == "training":
        now = again.filter(pl.col("id") == first["id"])["candidates"][0]
        assert now == first["alone"]


def test_staff_only_where_pairs_get_slots(district: npr.District, assessed: npr.Assessment) -> None:
    assert len(district.program.assess(district.mentees, district.mentors).staff) == 0
    staff = assessed.staff.to_polars()
    weeks = staff.filter(pl.col("slot").is_null())
    assert set(weeks["site"]) >= set(district.mentees["site"]) - {None}
    assert (staff["leaders_needed"] >= 0).all()
    assert ((staff["mentees"] - staff["capacity"]).clip(lower_bound=0) == staff["short"]).all()


def test_page_and_repr(assessed: npr.Assessment) -> None:
    assert repr(assessed).startswith("<Assessment: 400 mentees, ")
    page = str(assessed)
    for heading in ["mentees: 400;", "bottlenecks: ", "by it alone", "room in reach", "whole week"]:
        assert heading in page
    assert all(len(line) < 140 for line in page.splitlines())


def test_equal_inputs_give_equal_assessments(district: npr.District) -> None:
    one = district.program.assess(district.mentees, district.mentors, threads=1)
    assert one == district.program.assess(district.mentees, district.mentors, threads=2)
    with pytest.raises(npr.ProgramError):
        district.program.assess(district.mentees, district.mentors, threads=0)
    with pytest.raises(npr.InputError, match="grade"):
        npr.Program().assess(
            pa.table({"id": ["a"], "grade": ["no"]}), pa.table({"id": ["b"], "grade": [3]})
        )


def test_the_command_writes_the_same_tables(district: npr.District, tmp_path: Path) -> None:
    district.save(tmp_path)
    tables = [
        "--program",
        "programme.toml",
        *(
            word
            for name in ["mentees", "mentors", "leaders", "rooms"]
            for word in [f"--{name}", f"{name}.csv"]
        ),
    ]
    run = [COMMAND, "assess", *tables]
    done = subprocess.run(
        [*run, "--out", "out"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assessed = npr.Program.from_toml(tmp_path / "programme.toml").assess(
        district.mentees, district.mentors, leaders=district.leaders, rooms=district.rooms
    )
    assert str(assessed).splitlines() == done.stdout.splitlines()[:-1]
    saved = assessed.save(tmp_path / "python")
    assert [path.name for path in saved] == [f"{name}.csv" for name in TABLES]
    for path in saved:
        assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes()
    printed = subprocess.run(
        [*run, "--json"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    answer = json.loads(printed.stdout)
    assert answer["assessment"]["coverage"] == assessed.coverage
    assert len(answer["sentences"]) == len(assessed.bottlenecks)


@given(
    sizes=st.lists(st.integers(1, 25), min_size=1, max_size=6),
    matched=st.integers(0, 3),
    min_n=st.integers(0, 15),
)
@settings(max_examples=60, deadline=None)
def test_groups_reveal_nothing_by_subtraction(sizes: list[int], matched: int, min_n: int) -> None:
    clubs = [f"club {number}" for number, size in enumerate(sizes) for _ in range(size)]
    ids = [f"e{number}" for number in range(len(clubs))]
    mentees = pa.table({"id": ids, "grade": [6] * len(ids), "club": clubs})
    mentors = pa.table({"id": ["m"], "grade": [9], "load_max": [matched * len(ids) // 3]})
    table = npr.Program().match(mentees, mentors).groups("club", min_n=min_n).to_polars()
    total = table.filter(pl.col("kind") == "total").to_dicts()[0]
    groups = table.filter(pl.col("kind") != "total").sort("value")
    for numbers, flag in [("mentees", "suppressed"), ("covered", "scores_suppressed")]:
        real = sizes if numbers == "mentees" else _covered(mentees, mentors)
        hidden = [bool(cell) for cell in groups[flag]]
        told = sum(size for size, gone in zip(real, hidden, strict=True) if not gone)
        assert all(
            gone or size in (0, *range(min_n, 999)) for size, gone in zip(real, hidden, strict=True)
        )
        difference = sum(real) - told
        if total[flag]:
            assert told == 0 or numbers == "covered"
        elif difference:
            assert difference >= min_n
            assert sum(hidden) >= 2


def _covered(mentees: pa.Table, mentors: pa.Table) -> list[int]:
    match = npr.Program().match(mentees, mentors)
    clubs = dict(zip(mentees["id"].to_pylist(), mentees["club"].to_pylist(), strict=True))
    counts = dict.fromkeys(sorted(set(clubs.values())), 0)
    for mentee in match.pairs["mentee_id"]:
        counts[clubs[mentee]] += 1
    return list(counts.values())


def test_groups_by_columns(district: npr.District, tmp_path: Path) -> None:
    match = district.program.match(district.mentees, district.mentors)
    table = match.groups("grade", min_n=1).to_polars()
    total = table.filter(pl.col("kind") == "total").to_dicts()[0]
    assert (total["mentees"], total["covered"]) == (match.mentees, match.covered)
    assert total["mean_score"] == pytest.approx(match.total_score / 1e6 / len(match), abs=1e-6)
    assert total["worst_off"] == (match.lowest_score or 0) / 1e6
    parts = table.filter(pl.col("kind") != "total")
    assert parts["mentees"].sum() == match.mentees
    assert parts["covered"].sum() == match.covered
    assert not table["suppressed"].any()
    with pytest.raises(npr.InputError, match="did you mean `grade`"):
        match.groups("grades")
    with pytest.raises(npr.InputError, match="one value a mentee"):
        match.groups("interests")
    district.save(tmp_path)
    command = [COMMAND, "match", "--program", "programme.toml", "--mentees", "mentees.csv"]
    command += ["--mentors", "mentors.csv", "--out", "out", "--groups", "site", "--groups", "grade"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    written = pl.read_csv(tmp_path / "out" / "groups.csv")
    assert written["column"].unique().sort().to_list() == ["grade", "site"]
    assert written.columns == table.columns
    by_site = match.groups("site").to_polars()
    ours = written.filter(pl.col("column") == "site")
    assert ours["covered"].to_list() == by_site["covered"].to_list()


def test_a_pickled_match_keeps_its_reasons(district: npr.District) -> None:
    match = district.program.match(district.mentees, district.mentors)
    again = pickle.loads(pickle.dumps(match))
    assert again.unmatched.to_dicts() == match.unmatched.to_dicts()
    with pytest.raises(npr.InputError, match="pickled"):
        again.groups("site")
