"""OR-tools: min-cost flow, assignment by cost scaling, and CP-SAT."""

from __future__ import annotations

import os

import numpy as np

from peers.problem import POINT, Cells, Problem, Solve, expect, loads


def ortools_flow(problem: Problem) -> Solve:
    """OR-tools' min-cost flow, with loads as capacities."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    row_count, column_count = problem.shape
    rows, columns, scores = problem.cells()
    costs = -np.rint(scores * POINT).astype(np.int64)
    one = np.ones(len(rows), dtype=np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(rows, row_count + columns, one, costs)
    sink = row_count + column_count
    every_row, every_column = np.arange(row_count), row_count + np.arange(column_count)
    for start, room in ((every_row, np.ones_like(every_row)), (every_column, problem.loads)):
        flow.add_arcs_with_capacity_and_unit_cost(
            start, np.full_like(start, sink), room, np.zeros_like(start)
        )
    flow.set_nodes_supplies(every_row, np.ones_like(every_row))
    flow.set_node_supply(sink, -row_count)

    def solve() -> Cells:
        expect(flow.solve() == flow.OPTIMAL)
        chosen = flow.flows(np.arange(len(rows))) > 0
        return rows[chosen], columns[chosen]

    return solve


def ortools_assignment(problem: Problem) -> Solve:
    """OR-tools' `SimpleLinearSumAssignment`, made square by rows or columns that are worth 0."""
    from ortools.graph.python import linear_sum_assignment

    matrix, places = problem.doubled(), problem.places
    row_count, column_count = matrix.shape
    size = max(matrix.shape)
    square = np.zeros((size, size))
    square[:row_count, :column_count] = matrix
    rows, columns = np.indices(square.shape, dtype=np.int32)
    costs = -np.rint(square * POINT).astype(np.int64)
    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(rows.ravel(), columns.ravel(), costs.ravel())

    def solve() -> Cells:
        expect(solver.solve() == solver.OPTIMAL)
        partner = np.array([solver.right_mate(row) for row in range(row_count)])
        row = np.flatnonzero(partner < column_count)
        row = row[matrix[row, partner[row]] > 0]
        return row, places[partner[row]]

    return solve


def cp_sat(problem: Problem) -> Solve:
    """OR-tools' CP-SAT, on as many threads as nearpeer."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    rows, columns, scores = problem.cells()
    chosen = [model.new_bool_var("") for _ in range(len(rows))]
    for group, most in loads(problem, chosen):
        if most == 1:
            model.add_at_most_one(group)
        else:
            model.add(cp_model.LinearExpr.sum(group) <= most)
    points = np.rint(scores * POINT).astype(np.int64)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, points))

    def solve() -> Cells:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = os.cpu_count() or 1
        expect(solver.solve(model) == cp_model.OPTIMAL)
        values = np.array([solver.boolean_value(variable) for variable in chosen])
        return rows[values], columns[values]

    return solve
