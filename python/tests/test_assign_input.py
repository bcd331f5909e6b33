"""Scores, loads and cells that cannot be used, each with the place that the error names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

import nearpeer as npr

SQUARE = np.arange(6).reshape(2, 3)


def refused(*arguments: Any, **keywords: Any) -> npr.InputError:
    with pytest.raises(npr.InputError) as caught:
        npr.assign(*arguments, **keywords)
    return caught.value


@pytest.mark.parametrize(
    "scores",
    [
        5,
        [1, 2, 3],
        np.zeros((2, 2, 2)),
        np.zeros((0, 3)),
        np.zeros((3, 0)),
        [],
        [[]],
        [[1, 2], [3]],
        None,
        "scores",
        [["1"]],
        [[None]],
        [[1j]],
        [[2**70]],
        np.array([[1, "a"]], dtype=object),
        np.zeros((2, 2), dtype="M8[s]"),
        np.zeros((2, 2), dtype=[("a", "i4")]),
        np.ma.masked_array(np.zeros((2, 2)), mask=[[True, False], [False, False]]),
        sparse.coo_array([1, 2, 3]),
        sparse.csr_array((0, 3)),
        sparse.csr_array(np.eye(2) * 1j),
    ],
    ids=repr,
)
def test_what_is_no_two_dimensional_array_of_numbers(scores: Any) -> None:
    assert refused(scores).table == "scores"


@pytest.mark.parametrize(
    "value", [np.nan, np.inf, -np.inf, 1e300, -1.0000001e9, 10**15 + 1, -(2**63), 2**64 - 1]
)
@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("form", [np.asarray, np.asfortranarray, sparse.csr_array])
def test_a_score_that_cannot_be_counted(value: Any, maximize: bool, form: Any) -> None:
    kind = "f8" if isinstance(value, float) else "u8" if value > 2**63 else "i8"
    scores = np.ones((3, 4), dtype=kind)
    scores[1, 2] = value
    error = refused(form(scores), maximize=maximize)
    if not (kind == "u8" and form is sparse.csr_array):
        assert (error.table, error.row, error.column) == ("scores", 1, 2)
    assert error.value == str(scores[1, 2])


def test_half_floats_that_overflow() -> None:
    scores = np.ones((1, 2), dtype=np.longdouble)
    scores[0, 1] = np.finfo(np.longdouble).max
    assert (refused(scores).row, refused(scores).column) == (0, 1)


def test_a_sum_of_repeated_entries_beyond_64_bits() -> None:
    cells = (np.full(20_000, 10**15), (np.zeros(20_000, int), np.zeros(20_000, int)))
    error = refused(sparse.coo_array(cells, shape=(1, 1)))
    assert (error.row, error.column) == (0, 0)


def test_a_sparse_array_with_indices_out_of_range() -> None:
    scores = sparse.csr_array(np.eye(3))
    scores.indices = scores.indices + 7
    assert refused(scores).table == "scores"


LOADS: list[tuple[Any, int | None, str | None, str | None]] = [
    ((0, -1), None, "high", "-1"),
    ((0.5, 1), None, "low", "0.5"),
    ((0, 2**40), None, "high", str(2**40)),
    ((0, 2**70), None, "high", str(2**70)),
    ((0, np.nan), None, "high", "nan"),
    ((0, np.inf), None, "high", "inf"),
    ((0, True), None, "high", "True"),
    ((0, None), None, "high", None),
    ((0, "2"), None, "high", "2"),
    ((2, 1), 0, "low", "2"),
    ((0, [1, -2]), 1, "high", "-2"),
    ((0, [1, 1.5]), 1, "high", "1.5"),
    (([0, 3], [1, 2]), 1, "low", "3"),
    ((0, [1, 1, 1]), None, "high", None),
    ((0, [[1, 1]]), None, "high", None),
    (1, None, None, None),
    ((1,), None, None, None),
    ((0, 1, 2), None, None, None),
]


@pytest.mark.parametrize(("load", "row", "column", "value"), LOADS)
@pytest.mark.parametrize("name", ["row_load", "col_load"])
def test_loads(
    name: str, load: Any, row: int | None, column: str | None, value: str | None
) -> None:
    scores = SQUARE if name == "row_load" else SQUARE.T
    error = refused(scores, **{name: load})
    assert (error.table, error.row, error.column, error.value) == (name, row, column, value)


@pytest.mark.parametrize("name", ["forbid", "require"])
@pytest.mark.parametrize(
    ("cells", "row", "column", "value"),
    [
        ([(0, 0), (2, 0)], 1, "row", "2"),
        ([(0, 3)], 0, "col", "3"),
        ([(-1, 0)], 0, "row", "-1"),
        (np.array([(0, 2**63)], dtype=np.uint64), 0, "col", str(2**63)),
        ([(0, 2**70)], None, None, None),
        ([(0, 1, 2)], None, None, None),
        ([0, 1], None, None, None),
        ([(0.0, 1.0)], None, None, None),
        ([(True, False)], None, None, None),
        ([(0, 1), (2,)], None, None, None),
        ("ab", None, None, None),
    ],
)
def test_cells(
    name: str, cells: Any, row: int | None, column: str | None, value: str | None
) -> None:
    error = refused(SQUARE, **{name: cells})
    assert (error.table, error.row, error.column, error.value) == (name, row, column, value)


def test_a_cell_both_required_and_forbidden() -> None:
    error = refused(SQUARE, require=[(0, 1), (1, 2)], forbid=[(0, 0), (1, 2)])
    assert (error.table, error.row) == ("require", 1)


def test_a_required_cell_without_a_score() -> None:
    error = refused(sparse.csr_array(np.eye(2, dtype=int)), require=[(0, 0), (0, 1)])
    assert (error.table, error.row) == ("require", 1)


@pytest.mark.parametrize("threads", [0, -1, 1.0, True, "2", 10**9, 2**70])
def test_threads(threads: Any) -> None:
    with pytest.raises(npr.ProgramError) as caught:
        npr.assign(SQUARE, threads=threads)
    assert caught.value.key == "threads"


@pytest.mark.parametrize(
    "seconds", [0, -1, float("nan"), -float("inf"), "1", True, np.True_, [1], 10**400]
)
def test_time_limits(seconds: Any) -> None:
    with pytest.raises(npr.ProgramError, match=r"^time_limit: a time limit is a number") as caught:
        npr.assign(SQUARE, time_limit=seconds)
    assert caught.value.key == "time_limit"
    assert "programme" not in str(caught.value)


@pytest.mark.parametrize("seconds", [float("inf"), np.inf, 1e300, 60, np.float32(60), None])
def test_a_time_limit_that_is_never_reached(seconds: Any) -> None:
    assert npr.assign(SQUARE, time_limit=seconds).status == "optimal"


@pytest.mark.parametrize("name", ["coverage_first", "maximize"])
@pytest.mark.parametrize("switch", ["no", "", 0, 1, None, np.array([True]), np.int64(1)])
def test_switches(name: str, switch: Any) -> None:
    error = refused(SQUARE, **{name: switch})
    assert (error.table, error.value) == (name, repr(switch))


def test_switches_of_numpy() -> None:
    least = npr.assign(SQUARE, row_load=(1, 1), maximize=np.False_)
    assert least.objective == npr.assign(SQUARE, row_load=(1, 1), maximize=False).objective == 4
    assert len(npr.assign(-SQUARE, coverage_first=np.True_)) == 2


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_frame_that_is_a_matrix(frame: Any) -> None:
    error = refused(frame(SQUARE))
    assert (error.table, error.column) == ("scores", "row")
    assert "for a matrix pass .to_numpy()" in str(error)
    assert npr.assign(frame(SQUARE).to_numpy()).objective == npr.assign(SQUARE).objective


@given(
    hnp.arrays(
        st.sampled_from(["f8", "i8", "u8", "f4", "?", "c8", "U1"]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    ),
    st.tuples(st.integers() | st.floats(), st.integers() | st.floats()),
)
def test_nothing_but_an_error_of_ours(scores: Any, load: Any) -> None:
    try:
        found = npr.assign(scores, row_load=load)
    except (npr.InputError, npr.InfeasibleError):
        return
    assert found.gap == 0
