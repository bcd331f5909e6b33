"""`assign` against SciPy and OR-tools, and on the OR-Library's assign100."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from ortools.graph.python import min_cost_flow
from scipy import optimize, sparse

import nearpeer as npr

ORLIB = Path(__file__).parents[2] / "tests" / "data" / "orlib" / "assign100.txt"


def check(found: npr.Assignment, scores: npt.NDArray[Any]) -> None:
    """Compare the totals with the cells: each is chosen once, and the answer is proven."""
    assert found.row.dtype == found.col.dtype == np.intp
    assert len(set(zip(found.row.tolist(), found.col.tolist()))) == len(found)
    assert found.row.tolist() == sorted(found.row.tolist())
    total = scores[found.row, found.col].sum()
    assert found.objective == pytest.approx(total, abs=1e-6 * max(len(found), 1))
    assert found.gap == 0
    assert found.bound == found.objective
    assert found.status == "optimal"


def test_assign100_is_305() -> None:
    numbers = np.array(ORLIB.read_text(encoding="ascii").split(), dtype=np.int64)
    costs = numbers[1:].reshape(100, 100)
    found = npr.assign(costs, row_load=(1, 1), col_load=(1, 1), maximize=False)
    assert found.objective == 305
    assert isinstance(found.objective, int)
    assert (found.gap, found.bound, found.status) == (0, 305, "optimal")
    assert sorted(found.row.tolist()) == sorted(found.col.tolist()) == list(range(100))
    check(found, costs)


@pytest.mark.parametrize("seed", range(500))
def test_as_good_as_scipy(seed: int) -> None:
    """Rectangular; negative, zero and tied scores; forbidden cells; both directions."""
    dice = np.random.default_rng(seed)
    rows, columns = dice.integers(1, 16, 2)
    spread = int(dice.choice([1, 3, 1000]))
    scores = dice.integers(-spread, spread + 1, (rows, columns))
    forbidden = dice.random((rows, columns)) < dice.choice([0, 0, 0.2, 0.5])
    maximize = bool(dice.integers(2))

    weights = scores.astype(float)
    weights[forbidden] = -np.inf if maximize else np.inf
    row_load, col_load = ((1, 1), (0, 1)) if rows <= columns else ((0, 1), (1, 1))

    def ours() -> npr.Assignment:
        forbid = np.argwhere(forbidden)
        return npr.assign(scores, row_load, col_load, forbid=forbid, maximize=maximize)

    try:
        row, col = optimize.linear_sum_assignment(weights, maximize=maximize)
    except ValueError:  # SciPy's word for infeasible
        with pytest.raises(npr.InfeasibleError):
            ours()
        return
    found = ours()
    assert found.objective == scores[row, col].sum()
    assert not forbidden[found.row, found.col].any()
    check(found, scores)


@pytest.mark.parametrize("seed", range(40))
def test_floats_as_good_as_scipy(seed: int) -> None:
    dice = np.random.default_rng(1000 + seed)
    scores = np.round(dice.normal(size=dice.integers(1, 12, 2)), 6)
    row, col = optimize.linear_sum_assignment(np.minimum(-scores, 0))
    found = npr.assign(scores)  # loads (0, 1): a score below zero is not chosen
    assert isinstance(found.objective, float)
    assert found.objective == pytest.approx(np.maximum(scores[row, col], 0).sum(), abs=1e-9)
    check(found, scores)


Ints = npt.NDArray[np.int64]


def most_by_flow(
    scores: Ints, row_load: tuple[Ints, Ints], col_load: tuple[Ints, Ints]
) -> int | None:
    """Give the greatest total by OR-tools' min-cost flow; None where a low load cannot be kept."""
    rows, columns = scores.shape
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = rows + columns, rows + columns + 1
    promised = 10**6  # a promise is worth more than all scores together

    def arcs(start: int, end: int, low: int, high: int) -> None:
        flow.add_arc_with_capacity_and_unit_cost(start, end, low, -promised)
        flow.add_arc_with_capacity_and_unit_cost(start, end, high - low, 0)

    for row in range(rows):
        arcs(source, row, int(row_load[0][row]), int(row_load[1][row]))
        for column in range(columns):
            cost = -int(scores[row, column])
            flow.add_arc_with_capacity_and_unit_cost(row, rows + column, 1, cost)
    for column in range(columns):
        arcs(rows + column, sink, int(col_load[0][column]), int(col_load[1][column]))
    total = int(row_load[1].sum())
    flow.add_arc_with_capacity_and_unit_cost(source, sink, total, 0)
    flow.set_node_supply(source, total)
    flow.set_node_supply(sink, -total)
    assert flow.solve() == flow.OPTIMAL
    kept, best = divmod(-flow.optimal_cost() + promised // 2, promised)
    promises = row_load[0].sum() + col_load[0].sum()
    return best - promised // 2 if kept == promises else None


@pytest.mark.parametrize("seed", range(60))
def test_loads_as_good_as_ortools(seed: int) -> None:
    """A range of loads a row and a column, against a min-cost flow with the same supplies."""
    dice = np.random.default_rng(2000 + seed)
    rows, columns = (int(count) for count in dice.integers(1, 8, 2))
    scores = dice.integers(-20, 21, (rows, columns))
    high = dice.integers(0, 4, rows), dice.integers(0, 4, columns)
    low = tuple(dice.integers(0, ends + 1) * (dice.random(len(ends)) < 0.3) for ends in high)
    best = most_by_flow(scores, (low[0], high[0]), (low[1], high[1]))

    def ours() -> npr.Assignment:
        return npr.assign(scores, row_load=(low[0], high[0]), col_load=(low[1], high[1]))

    if best is None:
        with pytest.raises(npr.InfeasibleError) as caught:
            ours()
        assert caught.value.conflict
        return
    found = ours()
    assert found.objective == best
    check(found, scores)
    for axis, positions in enumerate((found.row, found.col)):
        counts = np.bincount(positions, minlength=scores.shape[axis])
        assert (counts >= low[axis]).all()
        assert (counts <= high[axis]).all()


SHAPES = [(1, 1), (1, 40), (40, 1), (23, 23), (60, 9), (9, 60)]


def popular(rows: int, columns: int) -> Ints:
    """Want the first column above all, and none of the others more than another."""
    return np.where(np.arange(columns) == 0, 900, 5) * np.ones((rows, 1), dtype=np.int64)


def one_chain(rows: int, columns: int) -> Ints:
    """Link every row to its column and, a little better, to the next; all else is below zero."""
    ahead = np.arange(columns)[None, :] - np.arange(rows)[:, None]
    return np.select([ahead == 0, ahead == 1], [100, 101], -1)


DEGENERATE: dict[str, Any] = {
    "equal": lambda rows, columns: np.full((rows, columns), 7),
    "zero": lambda rows, columns: np.zeros((rows, columns), dtype=np.int64),
    "below zero": lambda rows, columns: np.full((rows, columns), -7),
    "two scores": lambda rows, columns: np.indices((rows, columns)).sum(axis=0) % 2 + 3,
    "popular": popular,
    "chain": one_chain,
    "outer": lambda rows, columns: np.outer(np.arange(1, rows + 1), np.arange(1, columns + 1)),
    "ranks": lambda rows, columns: np.arange(rows * columns).reshape(rows, columns),
}


@pytest.mark.parametrize("load", [1, 2, 30])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_scores_as_good_as_ortools(name: str, shape: tuple[int, int], load: int) -> None:
    scores = DEGENERATE[name](*shape)
    ends = [
        (np.zeros(count, np.int64), np.full(count, most)) for count, most in zip(shape, (1, load))
    ]
    found = npr.assign(scores, col_load=(0, load))
    assert found.objective == most_by_flow(scores, ends[0], ends[1])
    check(found, scores)
    assert np.bincount(found.row).max(initial=0) <= 1
    assert np.bincount(found.col).max(initial=0) <= load


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_no_cell_may_be_chosen(shape: tuple[int, int]) -> None:
    every = np.argwhere(np.ones(shape, dtype=bool))
    for found in (
        npr.assign(np.ones(shape), forbid=every),
        npr.assign(sparse.csr_array(shape)),
        npr.assign(sparse.csr_array(shape), coverage_first=True),
        npr.assign(np.ones(shape), col_load=(0, 0)),
    ):
        assert (len(found), found.objective, found.gap) == (0, 0, 0)
    with pytest.raises(npr.InfeasibleError):
        npr.assign(np.ones(shape), row_load=(1, 1), forbid=every)


def test_the_cells_index_a_sparse_array() -> None:
    scores = sparse.csr_array([[0, 3], [4, 0]])
    found = npr.assign(scores)
    assert scores[found.row, found.col].sum() == found.objective == 7


def test_coverage_first_takes_scores_below_zero() -> None:
    scores = [[-5, -1], [-1, -9]]
    assert len(npr.assign(scores)) == 0
    found = npr.assign(scores, coverage_first=True)
    assert (found.objective, found.row.tolist(), found.col.tolist()) == (-2, [0, 1], [1, 0])
    found = npr.assign(scores, coverage_first=True, maximize=False)
    assert found.objective == -14


def test_required_cells_are_chosen() -> None:
    found = npr.assign([[9, 0], [0, 9]], require=[(0, 1)])
    assert (0, 1) in set(zip(found.row.tolist(), found.col.tolist()))
    assert found.objective == 0


def same(a: npr.Assignment, b: npr.Assignment) -> bool:
    cells_a, cells_b = (list(zip(found.row, found.col)) for found in (a, b))
    return cells_a == cells_b and (a.objective, a.bound) == (b.objective, b.bound)


DTYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g", ">i4", ">f8"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_and_order_gives_the_same_cells(dtype: str) -> None:
    scores = np.random.default_rng(5).integers(0, 100, (7, 9))
    expected = npr.assign(scores)
    wide = np.zeros((14, 27), dtype)
    wide[::2, ::3] = scores
    for array in (scores.astype(dtype), np.asfortranarray(scores.astype(dtype)), wide[::2, ::3]):
        assert same(npr.assign(array), expected)
    flipped = npr.assign(scores.astype(dtype)[::-1, ::-1])
    assert flipped.objective == expected.objective


def test_lists_and_booleans_are_scores() -> None:
    assert npr.assign([[True, False], [True, True]]).objective == 2
    assert npr.assign([[0.5, 0.25], [0.75, 0.25]]).objective == 1.0
    assert npr.assign([[1, 2.5]]).objective == 2.5


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok", "bsr"])
@pytest.mark.parametrize("kind", ["array", "matrix"])
def test_sparse_entries_that_are_not_stored_are_not_edges(form: str, kind: str) -> None:
    stored = sparse.coo_array(([-3, 4, 5], ([0, 0, 1], [0, 1, 1])), shape=(2, 3))
    scores = getattr(sparse, f"{form}_{kind}")(stored)
    found = npr.assign(scores, row_load=(1, 1))
    assert (found.row.tolist(), found.col.tolist(), found.objective) == ([0, 1], [0, 1], 2)


def test_a_stored_zero_is_an_edge() -> None:
    cells = ([0, 1], ([0, 1], [0, 1]))
    for form in (sparse.coo_array, sparse.csr_array, sparse.csc_array):
        found = npr.assign(form(cells, shape=(2, 2)), row_load=(1, 1))
        assert (found.row.tolist(), found.col.tolist(), found.objective) == ([0, 1], [0, 1], 1)
    with pytest.raises(npr.InfeasibleError):
        npr.assign(sparse.coo_array(([1], ([1], [1])), shape=(2, 2)), row_load=(1, 1))


def test_repeated_entries_are_added_up() -> None:
    cells = (np.array([100, 100, 5], "i1"), ([0, 0, 0], [0, 0, 1]))
    assert npr.assign(sparse.coo_array(cells, shape=(1, 2))).objective == 200
    flags = (np.array([True, True]), ([0, 0], [0, 0]))
    assert npr.assign(sparse.coo_array(flags, shape=(1, 1))).objective == 1


@settings(max_examples=100, deadline=None)
@given(
    hnp.arrays(
        np.int64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(-9, 9)
    ),
    st.booleans(),
)
def test_turning_the_array_turns_the_answer(scores: npt.NDArray[np.int64], maximize: bool) -> None:
    found = npr.assign(scores, maximize=maximize)
    assert npr.assign(scores.T, maximize=maximize).objective == found.objective
    assert npr.assign(-scores, maximize=not maximize).objective == -found.objective
    check(found, scores)


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_threads_change_nothing(threads: int) -> None:
    scores = np.random.default_rng(6).integers(0, 5, (60, 40))
    assert same(npr.assign(scores, threads=threads), npr.assign(scores))


def test_the_repr_says_how_it_ended() -> None:
    assert repr(npr.assign([[2]])) == "<Assignment: 1 cells, objective 2, optimal, gap 0>"
