"""SciPy, dense and sparse."""

from __future__ import annotations

import numpy as np

from peers.problem import Cells, Problem, Solve


def scipy_dense(problem: Problem) -> Solve:
    """SciPy's `linear_sum_assignment`."""
    from scipy.optimize import linear_sum_assignment

    matrix = problem.doubled()

    def solve() -> Cells:
        row, column = linear_sum_assignment(matrix, maximize=True)
        return row, column // problem.load

    return solve


def scipy_sparse(problem: Problem) -> Solve:
    """SciPy's `min_weight_full_bipartite_matching`; a cell costs what it lacks of 2."""
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, scores = problem.cells()
    copies = np.arange(problem.load)
    at = (np.repeat(rows, problem.load), (columns[:, None] * problem.load + copies).ravel())
    shape = (problem.shape[0], problem.shape[1] * problem.load)
    costs = sparse.csr_array((np.repeat(2 - scores, problem.load), at), shape=shape)

    def solve() -> Cells:
        row, column = min_weight_full_bipartite_matching(costs)
        return row, column // problem.load

    return solve
