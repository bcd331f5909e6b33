"""HiGHS, through highspy."""

from __future__ import annotations

import numpy as np

from peers.problem import POINT, Cells, Problem, Solve, expect


def highs(problem: Problem) -> Solve:
    """HiGHS with every column: a linear program, whose corners are whole."""
    import highspy

    rows, columns, scores = problem.cells()
    row_count, column_count = problem.shape
    count = len(rows)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, row_count + column_count
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = scores * POINT
    program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
    program.row_lower_ = np.full(row_count + column_count, -highspy.kHighsInf)
    program.row_upper_ = np.r_[np.ones(row_count), problem.loads.astype(np.float64)]
    program.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2)
    program.a_matrix_.index_ = np.c_[rows, row_count + columns].ravel()
    program.a_matrix_.value_ = np.ones(2 * count)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)

    def solve() -> Cells:
        solver.run()
        expect(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)
        chosen = np.asarray(solver.getSolution().col_value) > 0.5
        return rows[chosen], columns[chosen]

    return solve
