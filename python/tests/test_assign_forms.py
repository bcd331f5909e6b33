"""`assign` on arrays as they come: every type, order and stride, and every form of sparse array."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, sparse

import nearpeer as npr

DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g", ">i2", ">f8"]
STEPS = st.sampled_from([None, 2, -1, -2])


def cells(found: npr.Assignment) -> list[tuple[int, int]]:
    return list(zip(found.row.tolist(), found.col.tolist()))


def check_against_scipy(scores: Any, expected: npt.NDArray[Any], maximize: bool) -> None:
    """Compare with SciPy on a plain copy of the same scores, every one of which is an edge."""
    row, col = optimize.linear_sum_assignment(expected.astype(np.float64), maximize=maximize)
    rows, columns = expected.shape
    loads: dict[str, Any] = {"row_load": (1, 1)} if rows <= columns else {"col_load": (1, 1)}
    found = npr.assign(scores, **loads, maximize=maximize)
    assert found.objective == pytest.approx(
        float(expected[row, col].sum(dtype=np.float64)), abs=1e-4
    )
    assert found.gap == 0
    # The same cells as from a plain array of the same numbers: the form decides nothing.
    assert cells(found) == cells(npr.assign(expected.tolist(), **loads, maximize=maximize))


@st.composite
def views(draw: st.DrawFn) -> npt.NDArray[Any]:
    """Draw an array of any type in either order, or what slicing and turning makes of one."""
    kind = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=2, max_side=9))
    least = -50 if kind.kind in "if" else 0
    numbers = draw(
        hnp.arrays(np.int64, shape, elements=st.integers(least, 1 if kind == "?" else 50))
    )
    array = np.asarray(numbers.astype(kind), order=draw(st.sampled_from(["C", "F"])))
    array = array[:: draw(STEPS), :: draw(STEPS)]
    if draw(st.booleans()):
        array = array.T
    if draw(st.booleans()):
        array.flags.writeable = False
    return array


@settings(max_examples=200, deadline=None)
@given(views(), st.booleans())
def test_views(scores: npt.NDArray[Any], maximize: bool) -> None:
    before = scores.copy()
    check_against_scipy(
        scores, before.astype(np.float64 if scores.dtype.kind == "f" else np.int64), maximize
    )
    assert np.array_equal(scores, before)


def test_broadcast_arrays() -> None:
    line = np.arange(5)
    check_against_scipy(np.broadcast_to(line, (3, 5)), np.tile(line, (3, 1)), True)
    check_against_scipy(
        np.broadcast_to(line[:, None], (5, 3)), np.tile(line[:, None], (1, 3)), True
    )


@pytest.mark.parametrize("kind", ["i1", "i2", "f4", "f8"])
def test_fields_of_packed_records(kind: str) -> None:
    """Neither aligned nor a whole number of scores apart."""
    records = np.zeros((4, 5), dtype=[("flag", "u1"), ("score", kind)])
    records["score"] = np.random.default_rng(3).integers(-9, 9, (4, 5))
    check_against_scipy(records["score"], records["score"].astype(np.float64), True)


def test_wide_and_tall_arrays() -> None:
    """Longer than the blocks that are looked at together."""
    scores = np.random.default_rng(4).integers(-1000, 1000, (40, 300))
    for array in (scores, scores.T, scores[::-1], np.asfortranarray(scores)):
        check_against_scipy(array, np.ascontiguousarray(array), True)


@st.composite
def stored(draw: st.DrawFn) -> Any:
    """Draw a sparse array, with zeros that are stored, in any order, with repeats or without."""
    kind = np.dtype(draw(st.sampled_from(["?", "i1", "i4", "i8", "u2", "f4", "f8"])))
    rows, columns = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    cell = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    at = draw(st.lists(cell, max_size=20, unique=draw(st.booleans())))
    least = -9 if kind.kind in "if" else 0
    values = draw(
        st.lists(st.integers(least, 1 if kind == "?" else 9), min_size=len(at), max_size=len(at))
    )
    row, col = (np.array([place[axis] for place in at], dtype=np.int32) for axis in (0, 1))
    array = sparse.coo_array((np.array(values, kind), (row, col)), shape=(rows, columns))
    form = draw(st.sampled_from(["coo", "csr", "csc"]))
    if form == "coo":
        return array
    # Built from its parts, so that repeats and the order of the cells stay as they are.
    major, minor, count = (row, col, rows) if form == "csr" else (col, row, columns)
    order = np.argsort(major, kind="stable")
    starts = np.searchsorted(major[order], np.arange(count + 1))
    width = draw(st.sampled_from([np.int32, np.int64]))
    parts = (array.data[order], minor[order].astype(width), starts.astype(width))
    made: Any = getattr(sparse, f"{form}_array")(parts, shape=(rows, columns))
    if made.indices.dtype != width:  # SciPy takes the narrower where it can
        made.indices, made.indptr = made.indices.astype(width), made.indptr.astype(width)
    return made


@settings(max_examples=300, deadline=None)
@given(stored(), st.booleans())
def test_sparse_arrays(scores: Any, maximize: bool) -> None:
    """Against a dense array in which the cells that are not stored are forbidden."""
    coo = scores.tocoo()
    dense = np.zeros(scores.shape)
    np.add.at(dense, (coo.row, coo.col), coo.data.astype(np.float64))
    if scores.dtype == bool:
        dense = np.minimum(dense, 1)
    missing = np.ones(scores.shape, dtype=bool)
    missing[coo.row, coo.col] = False
    before = scores.copy()
    found = npr.assign(scores, maximize=maximize)
    same = npr.assign(dense, forbid=np.argwhere(missing), maximize=maximize)
    assert cells(found) == cells(same)
    assert (found.objective, found.bound, found.gap) == (same.objective, same.bound, 0)
    assert found.status == "optimal"
    assert (scores != before).nnz == 0


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
def test_sparse_arrays_without_cells(form: str) -> None:
    scores = getattr(sparse, f"{form}_array")((3, 4))
    assert len(npr.assign(scores)) == 0


def test_a_sparse_array_that_says_it_is_in_order_and_is_not() -> None:
    scores = sparse.csr_array(np.ones((2, 3)))
    assert scores.has_canonical_format  # SciPy remembers
    scores.indices[:3] = [2, 2, 0]
    with pytest.raises(npr.InputError, match="ascend") as caught:
        npr.assign(scores)
    assert (caught.value.table, caught.value.row) == ("scores", 0)


@pytest.mark.parametrize("name", ["row_load", "col_load"])
def test_forbidden_and_required_cells_of_every_form(name: str) -> None:
    scores = np.random.default_rng(8).integers(-5, 20, (6, 6))
    forbid, require = [(0, 0), (3, 5), (0, 4), (0, 0), (5, 1)], [(2, 2), (1, 0)]
    loads: dict[str, Any] = {name: (1, 1)}
    expected = npr.assign(scores, forbid=forbid, require=require, **loads)
    chosen = cells(expected)
    assert set(require) <= set(chosen)
    assert not set(forbid) & set(chosen)
    forms = (np.asfortranarray(scores), scores.astype("i1"), scores.astype("f4"))
    kept = sparse.coo_array((scores.ravel(), tuple(np.indices((6, 6)).reshape(2, -1))))
    for form in (*forms, kept, kept.tocsr(), kept.tocsc()):
        assert cells(npr.assign(form, forbid=forbid, require=require, **loads)) == chosen
