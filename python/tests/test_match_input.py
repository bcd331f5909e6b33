"""Tables that cannot be matched, each with the place that the error names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr

MENTEES: dict[str, Any] = {"id": ["ana", "bo"], "grade": [6, 7]}
MENTORS: dict[str, Any] = {"id": ["max", "zoe"], "grade": [9, 10]}
PAIR: dict[str, Any] = {"mentee_id": ["ana"], "mentor_id": ["max"]}


def refused(mentees: Any = MENTEES, mentors: Any = MENTORS, **tables: Any) -> npr.InputError:
    def table(given: Any) -> Any:
        return pa.table(given) if isinstance(given, dict) else given

    with pytest.raises(npr.InputError) as caught:
        npr.Program().match(
            table(mentees), table(mentors), **{name: table(given) for name, given in tables.items()}
        )
    return caught.value


PEOPLE: list[tuple[dict[str, Any], int | None, str | None, str | None]] = [
    ({"id": None}, None, "id", None),
    ({"id": ["ana", "ana"]}, 2, "id", "ana"),
    ({"id": ["ana", None]}, 2, "id", None),
    ({"grade": ["6", "sixth"]}, 2, "grade", "sixth"),
    ({"load_max": [1, -1]}, 2, "load_max", "-1"),
    ({"load_max": [1, 1.5]}, 2, "load_max", "1.5"),
    ({"load_max": [1, 10**12]}, 2, "load_max", str(10**12)),
    ({"load_max": pa.array([1, 2**64 - 1], pa.uint64())}, 2, "load_max", str(2**64 - 1)),
    ({"load_min": [0, 3], "load_max": [1, 2]}, 2, "load_min", "3"),
    ({"consent": ["yes", "perhaps"]}, 2, "consent", "perhaps"),
    ({"preferences": ["max", "nobody"]}, 2, "preferences", None),
]


@pytest.mark.parametrize(("change", "row", "column", "value"), PEOPLE)
def test_people(
    change: dict[str, Any], row: int | None, column: str | None, value: str | None
) -> None:
    columns = {name: cells for name, cells in (MENTEES | change).items() if cells is not None}
    error = refused(columns)
    assert (error.table, error.row, error.column) == ("mentees", row, column)
    if value is not None:
        assert error.value == value


def test_an_id_on_both_sides() -> None:
    error = refused(mentors={"id": ["max", "bo"], "grade": [9, 9]})
    assert (error.table, error.row, error.column, error.value) == ("mentors", 2, "id", "bo")


def test_an_empty_table() -> None:
    error = refused(pa.table(MENTEES).slice(0, 0))
    assert (error.table, error.row) == ("mentees", None)
    assert refused(mentors=pa.table(MENTORS).slice(0, 0)).table == "mentors"


@pytest.mark.parametrize(
    "name", ["pairs_blocked", "pairs_required", "pairs_previous", "pair_scores"]
)
def test_pairs(name: str) -> None:
    value = {"value": [0.5]} if name == "pair_scores" else {}
    error = refused(**{name: PAIR | value | {"mentor_id": ["nobody"]}})
    assert (error.table, error.row, error.column) == (name, 1, "mentor_id")
    assert error.value == "nobody"
    error = refused(**{name: {"mentee_id": ["ana"]} | value})
    assert (error.table, error.column) == (name, "mentor_id")


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5, 1.5])
def test_pair_scores(value: float) -> None:
    error = refused(pair_scores=PAIR | {"value": [value]})
    assert (error.table, error.row) == ("pair_scores", 1)


def test_a_pair_both_required_and_blocked() -> None:
    error = refused(pairs_required=PAIR, pairs_blocked=PAIR)
    assert (error.table, error.row) == ("pairs_required", 1)


def test_a_required_pair_that_is_not_eligible() -> None:
    error = refused({"id": ["ana", "bo"], "grade": [9, 7]}, pairs_required=PAIR)
    assert (error.table, error.row) == ("pairs_required", 1)
    assert "grade_gap" in str(error)


@pytest.mark.parametrize(
    "table", [None, 3, "mentees.csv", {"id": ["ana"]}, [("ana", 6)], np.zeros((2, 2))], ids=repr
)
def test_what_is_no_table(table: Any) -> None:
    with pytest.raises(npr.InputError, match="not a table") as caught:
        npr.Program().match(table, pa.table(MENTORS))
    assert caught.value.table == "mentees"
    assert caught.value.row is None


def test_a_frame_that_is_no_arrow_table() -> None:
    frame = pd.DataFrame({"id": ["ana", 3], "grade": [6, object()]})
    error = refused(frame)
    assert error.table == "mentees"
    assert error.__cause__ is not None


def test_columns_of_nothing_but_nulls() -> None:
    nothing = {"notes": [None] * 2, "lists": [[None]] * 2, "parts": [{"a": None}] * 2}
    columns = MENTEES | nothing
    mentors = pa.table(MENTORS)
    expected = npr.Program().match(pa.table(MENTEES), mentors)
    for frame in (pl.DataFrame(columns), pd.DataFrame(columns), pa.table(columns)):
        assert npr.Program().match(frame, mentors) == expected
    # A column that the programme uses is missing in every row.
    unknown = pl.DataFrame(MENTEES | {"interests": [None, None]})
    assert unknown.schema["interests"] == pl.Null
    interests = mentors.append_column("interests", pa.array(["art", "chess"]))
    assert len(npr.Program().match(unknown, interests)) == 2
    assert refused(unknown.clear()).table == "mentees"
    chunks = pl.concat([unknown.head(1), unknown.tail(1)], rechunk=False)
    assert len(npr.Program().match(chunks, interests)) == 2


def test_an_exporter_that_fails() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return "not a capsule"

    class Used:
        def __init__(self) -> None:
            self.stream = pa.table(MENTEES).__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.stream

    class Interrupted:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise KeyboardInterrupt

    assert refused(Broken()).table == "mentees"
    used = Used()
    assert len(npr.Program().match(used, pa.table(MENTORS))) == 2
    assert "already read" in str(refused(used))

    def failing() -> Iterator[pa.RecordBatch]:
        raise ValueError("the disk is gone")
        yield

    broken = pa.RecordBatchReader.from_batches(pa.table(MENTEES).schema, failing())
    assert "the disk is gone" in str(refused(broken))
    with pytest.raises(KeyboardInterrupt):
        npr.Program().match(Interrupted(), pa.table(MENTORS))


def test_a_cell_of_ten_million_characters() -> None:
    error = refused({"id": ["ana", "b" * 10_000_000]})
    assert (error.table, error.row, error.column) == ("mentees", 2, "id")
    assert len(str(error)) < 1000


def test_a_list_of_ten_million_items() -> None:
    lists = pa.array([["a"] * 10_000_000, []], pa.list_(pa.string()))
    error = refused(MENTEES | {"interests": lists})
    assert (error.table, error.row, error.column) == ("mentees", 1, "interests")


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), True, "1"])
def test_a_time_limit_of_nothing(seconds: Any) -> None:
    with pytest.raises(npr.ProgramError, match=r"^time_limit: a time limit is") as caught:
        npr.Program().match(pa.table(MENTEES), pa.table(MENTORS), time_limit=seconds)
    assert caught.value.key == "time_limit"


def test_a_time_limit_without_end() -> None:
    tables = pa.table(MENTEES), pa.table(MENTORS)
    assert npr.Program().match(*tables, time_limit=float("inf")) == npr.Program().match(*tables)
