"""lapx."""

from __future__ import annotations

import numpy as np

from peers.problem import Cells, Problem, Solve


def lapx(problem: Problem) -> Solve:
    """Lapx, a solver by Jonker and Volgenant's method."""
    import lap

    matrix, places = -problem.doubled(), problem.places

    def solve() -> Cells:
        _, partner, _ = lap.lapjv(matrix, extend_cost=True)
        row = np.flatnonzero(partner >= 0)
        row = row[matrix[row, partner[row]] < 0]
        return row, places[partner[row]]

    return solve
