"""HiGHS on the integer program with all columns, through highspy."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np

from peers.staffed.program import Program


@dataclasses.dataclass
class Answer:
    """What came of one program."""

    seconds: float
    processor: float
    worth: float
    bound: float
    covered: int
    is_proven: bool


def solve(program: Program, limit: float) -> Answer:
    """Solve on one thread, all variables integer, with no gap allowed, within processor seconds."""
    import highspy

    # Before any work: nobody is covered, and at most everybody.
    mentees = program.limits[np.unique(program.rows.indices[: 4 * program.meetings : 4])]
    most = float(program.worth.max(initial=0) * mentees.sum())
    nothing = Answer(0, 0, 0, most, 0, is_proven=False)
    if limit <= 0:
        return nothing
    start, used = time.perf_counter(), time.process_time()
    rows, columns = program.rows.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = program.worth
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.ones(columns)
    lp.row_lower_ = np.full(rows, -highspy.kHighsInf)
    lp.row_upper_ = program.limits
    lp.a_matrix_.start_ = program.rows.indptr
    lp.a_matrix_.index_ = program.rows.indices
    lp.a_matrix_.value_ = program.rows.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    for name, value in options.items():
        solver.setOptionValue(name, value)

    def watch(event: Any) -> None:
        event.data_in.user_interrupt = time.process_time() - used > limit

    solver.cbSimplexInterrupt += watch
    solver.cbIpmInterrupt += watch
    solver.cbMipInterrupt += watch
    solver.passModel(lp)
    solver.run()
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    info = solver.getInfo()
    chosen = np.asarray(solver.getSolution().col_value)[: program.meetings] > 0.5
    worth = float(program.worth[: program.meetings][chosen].sum()) if len(chosen) else 0.0
    bound = min(info.mip_dual_bound, most)
    is_proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Answer(seconds, processor, worth, bound, int(chosen.sum()), is_proven)
