"""CBC, through PuLP."""

from __future__ import annotations

import numpy as np

from peers.problem import POINT, Cells, Problem, Solve, expect, loads


def pulp_cbc(problem: Problem) -> Solve:
    """PuLP with its CBC: an integer program, written to a file and read back."""
    import pulp

    rows, columns, scores = problem.cells()
    model = pulp.LpProblem("pairs", pulp.LpMaximize)
    chosen = [pulp.LpVariable(f"x{number}", cat=pulp.LpBinary) for number in range(len(rows))]
    points = np.rint(scores * POINT).tolist()
    model.setObjective(pulp.LpAffineExpression(zip(chosen, points)))
    for group, most in loads(problem, chosen):
        model.addConstraint(pulp.LpAffineExpression((one, 1) for one in group) <= most)

    def solve() -> Cells:
        exact = ["ratioGap 0", "allowableGap 0"]
        model.solve(pulp.PULP_CBC_CMD(msg=False, options=exact))
        expect(model.status == pulp.LpStatusOptimal)
        values = np.array([(variable.varValue or 0) > 0.5 for variable in chosen])
        return rows[values], columns[values]

    return solve
