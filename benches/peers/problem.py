"""What a solver is given and what it gives back: scores and loads, and the cells chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

POINT = 1_000_000
SEED = 7

Floats = npt.NDArray[np.float64]
Cells = tuple[npt.NDArray[Any], npt.NDArray[Any]]


@dataclasses.dataclass(frozen=True)
class Problem:
    """Scores of rows (in at most one cell each) and columns (in at most ``load``, or one each).

    Scores are 0 or more and whole micropoints; a sparse array has fewer cells, all above 0. If
    ``partly``, there may be no way to place every row.
    """

    scores: Any
    load: int | npt.NDArray[np.int64]
    partly: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        return self.scores.shape  # type: ignore[no-any-return]

    def cells(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Floats]:
        """Give every cell that may be chosen: rows, columns, scores."""
        if not isinstance(self.scores, np.ndarray):
            stored = self.scores.tocoo()
            return stored.row, stored.col, stored.data
        rows, columns = np.indices(self.shape, dtype=np.int32)
        return rows.ravel(), columns.ravel(), self.scores.ravel()

    @property
    def loads(self) -> npt.NDArray[np.int64]:
        """How many cells of each column may be chosen."""
        return np.broadcast_to(self.load, self.shape[1])

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """The columns, each as often as its load."""
        return np.repeat(np.arange(self.shape[1]), self.loads)

    def doubled(self) -> Floats:
        """Give a matrix with a column a place; what may not be chosen is worth 0."""
        dense = self.scores if isinstance(self.scores, np.ndarray) else self.scores.toarray()
        return np.repeat(dense, self.loads, axis=1)


Solve = Callable[[], Cells]
# Brings a problem into its own form, and gives what is then timed.
Solver = Callable[[Problem], Solve]


def expect(holds: bool) -> None:
    """Stop a run whose answer is not what it has to be."""
    if not holds:
        raise RuntimeError("not an optimal answer")


def whole(scores: Floats) -> Floats:
    """Round to whole micropoints, so that nobody's rounding decides."""
    return np.round(scores, 6)


def loads(problem: Problem, variables: list[Any]) -> Iterable[tuple[list[Any], int]]:
    """Give the variables of each row and of each column, with the most that may be chosen."""
    rows, columns, _ = problem.cells()
    once = np.ones(problem.shape[0], dtype=np.int64)
    for positions, most in ((rows, once), (columns, problem.loads)):
        groups: dict[int, list[Any]] = {}
        for position, variable in zip(positions.tolist(), variables):
            groups.setdefault(position, []).append(variable)
        for position, group in groups.items():
            yield group, int(most[position])
