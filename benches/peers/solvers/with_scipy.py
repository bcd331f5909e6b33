"""SciPy, dense and sparse."""

from __future__ import annotations

import numpy as np

from peers.problem import Cells, Problem, Solve


def scipy_dense(problem: Problem) -> Solve:
    """SciPy's `linear_sum_assignment`."""
    from scipy.optimize import linear_sum_assignment

    matrix, places = problem.doubled(), problem.places

    def solve() -> Cells:
        row, column = linear_sum_assignment(matrix, maximize=True)
        chosen = matrix[row, column] > 0
        return row[chosen], places[column[chosen]]

    return solve


def scipy_sparse(problem: Problem) -> Solve:
    """SciPy's `min_weight_full_bipartite_matching`; a cell costs what it lacks of more than all."""
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, scores = problem.cells()
    row_count, places = problem.shape[0], problem.places
    most = float(scores.max(initial=0)) + 1
    # The cells of a column stand at each of its places.
    copies = problem.loads[columns]
    first = np.cumsum(problem.loads) - problem.loads
    nth = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
    at = np.repeat(rows, copies), np.repeat(first[columns], copies) + nth
    costs = most - np.repeat(scores, copies)
    width = len(places)
    if problem.partly:
        # Every row has a place of its own that is worth nothing.
        own = np.arange(row_count)
        at = np.r_[at[0], own], np.r_[at[1], width + own]
        costs = np.r_[costs, np.full(row_count, most)]
    graph = sparse.csr_array((costs, at), shape=(row_count, width + problem.partly * row_count))

    def solve() -> Cells:
        row, column = min_weight_full_bipartite_matching(graph)
        chosen = column < width
        return row[chosen], places[column[chosen]]

    return solve
