"""`assign` from tables of (row, col, score)."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr

COLUMNS = {"row": [0, 0, 1, 1], "col": [0, 1, 0, 2], "score": [5, 4, 4, 0]}


def frames() -> list[Any]:
    cells = pa.table(COLUMNS)
    return [
        cells,
        cells.to_batches()[0],
        pa.RecordBatchReader.from_batches(cells.schema, cells.to_batches(max_chunksize=1)),
        pd.DataFrame(COLUMNS),
        pl.DataFrame(COLUMNS),
        duckdb.sql("from cells"),
    ]


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: type(frame).__name__)
def test_every_frame_gives_the_same_cells(frame: Any) -> None:
    found = npr.assign(frame)
    assert (found.row.tolist(), found.col.tolist()) == ([0, 1], [1, 0])
    assert (found.objective, found.gap) == (8, 0)


def test_loads_may_name_rows_that_no_cell_names() -> None:
    with pytest.raises(npr.InfeasibleError):
        npr.assign(pa.table(COLUMNS), row_load=([1, 1, 1], [1, 1, 1]))


def test_decimals_are_floats() -> None:
    table = duckdb.sql('select 0 as "row", 0 as col, 1.25 as score')
    assert npr.assign(table).objective == 1.25


FAULTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"row": [0], "col": [0]}, {"column": "score"}),
    ({"row": [0], "score": [0]}, {"column": "col"}),
    ({"row": [0, None], "col": [0, 0], "score": [0, 1]}, {"column": "row", "row": 2}),
    ({"row": [0, 1], "col": [0, -1], "score": [0, 1]}, {"column": "col", "row": 2, "value": "-1"}),
    ({"row": [0.5], "col": [0], "score": [0]}, {"column": "row"}),
    ({"row": ["0"], "col": [0], "score": [0]}, {"column": "row"}),
    ({"row": [0, 0], "col": [1, 1], "score": [0, 1]}, {"column": "row", "row": 2}),
    ({"row": [0, 1], "col": [1, 1], "score": [0, np.nan]}, {"column": "score", "row": 2}),
    ({"row": [0, 1], "col": [1, 1], "score": [0, np.inf]}, {"column": "score", "row": 2}),
    ({"row": [2**62], "col": [1], "score": [0]}, {"column": "row", "row": 1}),
    ({"row": [0], "col": [1], "score": ["high"]}, {"column": "score"}),
]


@pytest.mark.parametrize(("columns", "place"), FAULTS)
def test_faults_name_row_and_column(columns: dict[str, Any], place: dict[str, Any]) -> None:
    with pytest.raises(npr.InputError) as caught:
        npr.assign(pa.table(columns))
    assert caught.value.table == "scores"
    for name, expected in place.items():
        assert getattr(caught.value, name) == expected


def test_whole_numbers_beyond_64_bits_are_refused() -> None:
    score = pa.array([2**64 - 1], pa.uint64())
    with pytest.raises(npr.InputError) as caught:
        npr.assign(pa.table({"row": [0], "col": [0], "score": score}))
    assert (caught.value.table, caught.value.column) == ("scores", "score")


def test_an_empty_table_is_refused() -> None:
    empty = pa.table({name: pa.array([], pa.int64()) for name in COLUMNS})
    with pytest.raises(npr.InputError, match="no rows"):
        npr.assign(empty)
