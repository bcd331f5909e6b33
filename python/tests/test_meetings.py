"""Leaders, rooms and meetings: tables in, errors that name the cell, and what has no effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr

MENTEES = pa.table({"id": ["ana", "bo"], "site": ["East"] * 2, "slots": ["Mon;Tue", "Mon"]})
MENTORS = pa.table({"id": ["max", "zoe"], "site": ["East"] * 2, "slots": ["Mon", "Mon;Tue"]})
LEADERS = pa.table(
    {
        "id": ["lea", "lou"],
        "site": [["East", "West"], ["East"]],
        "slots": [["Mon"], ["Mon", "Tue"]],
        "capacity": [8, 2],
        "max_slots": [None, 1],
    }
)
ROOMS = pa.table({"site": ["East", "East"], "slot": ["Mon", "Tue"], "capacity": [1, 1]})
OFF = npr.Program(meetings={"assign": False})


def test_settings_are_read_back() -> None:
    programme = npr.Program(meetings={"travel": "either", "assign": True})
    text = programme.to_toml()
    assert "[meetings]" in text
    assert npr.Program.from_toml_text(text) == programme != npr.Program()
    assert "meetings" not in npr.Program().to_toml()


@pytest.mark.parametrize(
    ("meetings", "message"),
    [
        ({"travel": "both"}, "`meetings.travel`: unknown value `both`"),
        ({"assign": "yes"}, "`meetings.assign`: true or false is needed"),
        ({"asign": True}, "did you mean `assign`"),
        (True, "`meetings`: a table is needed"),
    ],
)
def test_wrong_settings_name_the_key(meetings: Any, message: str) -> None:
    with pytest.raises(npr.ProgramError, match=message):
        npr.Program(meetings=meetings)


def test_any_frame_is_read() -> None:
    text = LEADERS.to_pandas().assign(site=["East;West", "East"], slots=["Mon", "Mon;Tue"])
    for leaders, rooms in [
        (LEADERS, ROOMS),
        (text, ROOMS.to_pandas()),
        (pl.DataFrame(LEADERS), pl.DataFrame(ROOMS)),
        (duckdb.sql("from LEADERS"), duckdb.sql("from ROOMS")),
    ]:
        match = OFF.match(MENTEES, MENTORS, leaders=leaders, rooms=rooms)
        assert match.covered == 2
        assert match.notes[-2:] == [
            "the table leaders has no effect where meetings.assign is false",
            "the table rooms has no effect where meetings.assign is false",
        ]
        assert match.pairs.column_names[:3] == ["mentee_id", "mentor_id", "score"]
        assert npr.verify(OFF, MENTEES, MENTORS, match, leaders=leaders, rooms=rooms).pairs == 2


@pytest.mark.parametrize(
    ("tables", "table", "row", "column"),
    [
        ({"leaders": LEADERS.drop_columns("site")}, "leaders", None, "site"),
        ({"leaders": LEADERS.drop_columns("capacity")}, "leaders", None, "capacity"),
        ({"leaders": pa.concat_tables([LEADERS, LEADERS])}, "leaders", 3, "id"),
        (
            {"leaders": LEADERS.rename_columns({"max_slots": "Max slot"})},
            "leaders",
            None,
            "Max slot",
        ),
        ({"leaders": LEADERS.slice(0, 0)}, "leaders", None, None),
        ({"rooms": pa.concat_tables([ROOMS, ROOMS])}, "rooms", 3, "slot"),
        ({"rooms": ROOMS.to_pandas().assign(capacity=[1, -1])}, "rooms", 2, "capacity"),
        (
            {"rooms": pd.DataFrame({"site": ["East"], "slot": [None], "capacity": 1})},
            "rooms",
            1,
            "slot",
        ),
        ({"rooms": {"site": 1}}, "rooms", None, None),
    ],
)
def test_a_wrong_table_is_named(
    tables: dict[str, Any], table: str, row: int | None, column: str | None
) -> None:
    with pytest.raises(npr.InputError) as caught:
        npr.Program().match(MENTEES, MENTORS, **tables)
    assert (caught.value.table, caught.value.row, caught.value.column) == (table, row, column)


def test_slots_that_nobody_has_cannot_be_assigned() -> None:
    mentors = MENTORS.drop_columns("slots")
    with pytest.raises(npr.InputError, match="nobody's are known") as caught:
        npr.Program().match(MENTEES, mentors, rooms=ROOMS)
    assert (caught.value.table, caught.value.column) == ("mentors", "slots")


def test_a_districts_leaders_and_rooms_are_read(tmp_path: Path) -> None:
    district = npr.synth(students=60, sites=3, seed=5)
    district.save(tmp_path)
    leaders, rooms = district.leaders, district.rooms
    match = OFF.match(district.mentees, district.mentors, leaders=leaders, rooms=rooms)
    files: dict[str, Any] = {
        name: pd.read_csv(tmp_path / f"{name}.csv") for name in ("leaders", "rooms")
    }
    assert OFF.match(district.mentees, district.mentors, **files) == match
