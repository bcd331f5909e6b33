"""nearpeer and its peers, a file each. Their libraries are imported when they are first called."""

from __future__ import annotations

import functools

from peers.problem import Solver
from peers.solvers.ours import nearpeer
from peers.solvers.with_cbc import pulp_cbc
from peers.solvers.with_highs import highs
from peers.solvers.with_lapx import lapx
from peers.solvers.with_ortools import cp_sat, ortools_assignment, ortools_flow
from peers.solvers.with_scipy import scipy_dense, scipy_sparse

OURS = "nearpeer"
SOLVERS: dict[str, Solver] = {
    OURS: nearpeer,
    "nearpeer, 1 thread": functools.partial(nearpeer, threads=1),
    "SciPy, dense": scipy_dense,
    "SciPy, sparse": scipy_sparse,
    "lapx": lapx,
    "OR-tools, assignment": ortools_assignment,
    "OR-tools, min-cost flow": ortools_flow,
    "HiGHS, all columns": highs,
    "OR-tools, CP-SAT": cp_sat,
    "PuLP with CBC": pulp_cbc,
}
PACKAGES = ["numpy", "polars", "scipy", "lapx", "ortools", "highspy", "pulp"]
