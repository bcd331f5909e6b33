"""Columns that the tables call something else."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr

NAMES = {
    "Student No.": "id",
    "tutor_no": "id",
    "Year": "grade",
    "Campus": "site",
    "likes": "interests",
}


def own(table: pa.Table, key: str) -> pa.Table:
    """Give the table with a district's own names."""
    names = {"id": key, "grade": "Year", "site": "Campus", "interests": "likes"}
    return table.rename_columns([names.get(name, name) for name in table.column_names])


def test_names_change_nothing_else(mentees: pa.Table, mentors: pa.Table) -> None:
    programme = npr.Program()
    tables = own(mentees, "Student No."), own(mentors, "tutor_no")
    expected = programme.match(mentees, mentors)
    assert programme.match(*tables, columns=NAMES) == expected
    frames = [pl.DataFrame(table) for table in tables]
    match = programme.match(frames[0], frames[1], columns=MappingProxyType(NAMES))
    assert match == expected
    assert programme.assess(*tables, columns=NAMES) == programme.assess(mentees, mentors)
    verified = npr.verify(programme, *tables, match, columns=NAMES)
    assert verified == npr.verify(programme, mentees, mentors, match)
    assert match.groups("site") is not None


def test_names_of_one_table_of_students() -> None:
    students = pa.table({"key": ["ana", "bo"], "likes": ["art", "art"]})
    names = {"key": "id", "likes": "interests"}
    programme = npr.Program(mode="co_mentoring")
    match = programme.co_match(students, columns=names)
    assert match.covered == 2
    assert npr.verify_co_match(programme, students, match, columns=names).pairs == 1


def test_tables_of_pairs_keep_the_names_that_people_have(
    mentees: pa.Table, mentors: pa.Table
) -> None:
    names = {"mentee_id": "id", "mentor_id": "id"}
    tables = [
        table.rename_columns([key, *table.column_names[1:]])
        for table, key in ((mentees, "mentee_id"), (mentors, "mentor_id"))
    ]
    pair = pa.table({"mentee_id": ["e0000"], "mentor_id": ["m0000"]})
    match = npr.Program().match(*tables, pairs_blocked=pair, columns=names)
    assert match == npr.Program().match(mentees, mentors, pairs_blocked=pair)
    scores = pair.append_column("points", pa.array([0.5]))
    criteria: Any = [{"kind": "pair_scores", "weight": 1, "missing": "neutral"}]
    programme = npr.Program(criteria=criteria)
    match = programme.match(*tables, pair_scores=scores, columns={**names, "points": "value"})
    assert len(match) > 0


MENTEES = {"student_no": ["ana", "bo"], "Year": [6, 7], "club": ["a", "b"]}
MENTORS = {"student_no": ["max"], "Year": [9], "id": [1]}


@pytest.mark.parametrize(
    ("columns", "place", "words"),
    [
        ({"student_nr": "id"}, (None, "student_nr"), 'the nearest is "student_no"'),
        ({"nothing like it": "id"}, (None, "nothing like it"), "no table has this column"),
        ({"id": "student_no"}, ("mentors", "id"), "and so is"),
        ({"student_no": "id"}, ("mentors", "student_no"), 'and so is "id"'),
        ({"student_no": " "}, (None, "student_no"), "empty"),
        ({"student_no": "id", "club": "id"}, ("mentees", "club"), "and so is"),
    ],
)
def test_faults_name_the_column(
    columns: dict[str, str], place: tuple[str | None, str], words: str
) -> None:
    with pytest.raises(npr.InputError) as caught:
        npr.Program().match(pa.table(MENTEES), pa.table(MENTORS), columns=columns)
    assert words in str(caught.value)
    assert (caught.value.table, caught.value.column) == place


def test_a_mapping_the_wrong_way_round_is_told() -> None:
    mentors = {"student_no": ["max"], "Year": [9]}
    with pytest.raises(npr.InputError, match="the table's own name comes first"):
        npr.Program().match(pa.table(MENTEES), pa.table(mentors), columns={"id": "student_no"})


def test_a_fault_in_a_cell_names_the_column_as_the_table_does() -> None:
    mentees = {"student_no": ["ana", "bo"], "Year": ["6", "sixth"]}
    mentors = {"student_no": ["max"], "Year": ["9"]}
    names = {"student_no": "id", "Year": "grade"}
    with pytest.raises(npr.InputError) as caught:
        npr.Program().match(pa.table(mentees), pa.table(mentors), columns=names)
    error = caught.value
    assert (error.table, error.row, error.column, error.value) == ("mentees", 2, "Year", "sixth")


def test_a_column_that_is_nearly_there_is_named() -> None:
    mentees = pa.table({"student_id": ["ana"], "grade": [6]})
    told = (
        'the nearest is "student_id"; '
        'if it is called something else there, give columns={"OWN NAME": "id"}'
    )
    with pytest.raises(npr.InputError, match=re.escape(told)):
        npr.Program().match(mentees, pa.table({"id": ["max"], "grade": [9]}))


@pytest.mark.parametrize("columns", [3, ["id"], {"student_no": 1}, {1: "id"}, "student_no"])
def test_what_is_no_mapping(columns: Any) -> None:
    with pytest.raises(npr.ProgramError, match=r"^columns: a mapping") as caught:
        npr.Program().match(pa.table(MENTEES), pa.table(MENTORS), columns=columns)
    assert caught.value.key == "columns"
