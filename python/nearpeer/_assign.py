"""``assign``: the engine for people who bring their own scores."""

from __future__ import annotations

import dataclasses
import numbers
from typing import TYPE_CHECKING, Any, Literal

from nearpeer import _arrays
from nearpeer._nearpeer import Certificate, assign_cells

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from nearpeer._nearpeer import Progress

#: Float scores are rounded once to whole micropoints.
_POINT = 1_000_000

#: The engine counts gaps in 64 bits; no total of floats can be this large.
_LARGEST_GAP = 1e12


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Assignment:
    """The chosen cells and the proof.

    Attributes
    ----------
    row, col : numpy.ndarray of intp
        The row and column of each chosen cell, by row and then column.
    objective : int or float
        The total score, as the caller counts it: whole if the scores were.
    bound : int or float
        No assignment (that covers as many rows, if coverage comes first) has a better total.
    gap : int or float
        The distance of objective and bound; 0 exactly when the assignment is proven optimal.
    status : str
        ``'optimal'`` or ``'limit_reached'``.
    certificate : Certificate
        The proof, in the engine's terms: rows are mentees and columns mentors, the total is
        maximised (a minimised score is negated), and floats are micropoints.
    """

    row: npt.NDArray[np.intp]
    col: npt.NDArray[np.intp]
    objective: int | float
    bound: int | float
    gap: int | float
    status: str
    certificate: Certificate

    def __len__(self) -> int:
        """How many cells are chosen."""
        return len(self.row)

    def __repr__(self) -> str:
        """Show the summary; the cells are in ``row`` and ``col``."""
        return (
            f"<Assignment: {len(self)} cells, objective {self.objective}, {self.status}, "
            f"gap {self.gap}>"
        )


def assign(
    scores: Any,
    row_load: tuple[Any, Any] = (0, 1),
    col_load: tuple[Any, Any] = (0, 1),
    forbid: Any = None,
    require: Any = None,
    coverage_first: bool | np.bool_ = False,
    maximize: bool | np.bool_ = True,
    threads: int | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    gap: float | None = None,
    progress: Callable[[Progress], object] | bool | None = None,
    on_interrupt: Literal["raise", "keep"] = "raise",
) -> Assignment:
    """Choose the cells of the greatest total score under loads, to a proven optimum.

    Parameters
    ----------
    scores : array_like, sparse array or table
        A 2-D array of whole numbers, floats or booleans, in any order and strides; or a
        `scipy.sparse` array, in which an entry that is not stored is not an edge, a stored zero
        is, and repeated entries are added up; or a table with the columns ``row``, ``col``
        (counted from 0) and ``score``, exported through ``__arrow_c_stream__``. A frame that is
        a matrix is given as ``frame.to_numpy()``. Whole numbers are used exactly, up to 10^15 in
        size; floats are rounded once to millionths, up to 10^9. Arrays are read in place, as are
        CSR arrays without repeats, so no other thread may write to them during the call; other
        sparse arrays, half and long floats and foreign byte orders are copied once.
        C order is the fastest.
    row_load, col_load : (low, high)
        How many cells each row or column may be in: numbers, or 1-D arrays of one number a row or
        column. A low above 0 is a promise: if it cannot be kept, the error says so.
    forbid, require : array_like of int, shape (k, 2)
        Cells (row, column) that must not, or must, be chosen.
    coverage_first : bool
        Choose something in as many rows as possible before looking at scores.
    maximize : bool
        With False, choose the least total.
    threads : int, optional
        Threads to use; all cores by default. The answer does not depend on it.
    time_limit : float, optional
        Seconds after which the best assignment so far is returned with its gap; without it, or
        with infinity, there is no limit.
    memory_limit : int, optional
        Mebibytes that the solve may take, after which the same is done.
    gap : int or float, optional
        A gap that is good enough, as the caller counts scores: the solve may end as soon as the
        total is within this of its bound (and coverage is proven, if it comes first).
    progress : callable or bool, optional
        A function that is called with a `Progress`, or whether to show a bar; as `Program.match`
        takes it.
    on_interrupt : {'raise', 'keep'}
        What Ctrl-C does: ``'raise'`` ends the solve with `KeyboardInterrupt`, ``'keep'`` returns
        the best assignment so far with its gap (a second Ctrl-C raises).

    Returns
    -------
    Assignment

    Raises
    ------
    InputError
        For scores, loads, cells or switches that cannot be used, naming where.
    ProgramError
        If ``threads``, a limit, ``progress`` or ``on_interrupt`` cannot be used.
    InfeasibleError
        If the loads and required cells cannot all be kept.
    LimitError
        If a limit was reached before there was any assignment.
    ImportError
        If ``progress`` is True and tqdm is not installed.

    Examples
    --------
    >>> import nearpeer as npr
    >>> found = npr.assign([[4, 1, 3], [2, 0, 5], [3, 2, 2]], row_load=(1, 1), maximize=False)
    >>> found.objective, found.gap, found.status
    (5, 0, 'optimal')
    >>> found.row.tolist(), found.col.tolist()
    ([0, 1, 2], [1, 0, 2])
    """
    _arrays.need_numpy()
    ahead = _arrays.read_switch("coverage_first", coverage_first)
    greatest = _arrays.read_switch("maximize", maximize)
    # A table's loads may name more rows and columns than its cells do.
    read = _arrays.read(scores, (_named(row_load), _named(col_load)))
    row_loads = _arrays.read_loads("row_load", row_load, read.shape[0])
    col_loads = _arrays.read_loads("col_load", col_load, read.shape[1])
    forbidden = _arrays.read_cells("forbid", forbid, read.shape)
    required = _arrays.read_cells("require", require, read.shape)
    is_float = read.values.dtype.kind == "f"
    row, col, totals, status, certificate = assign_cells(
        read.shape,
        read.cells,
        read.values,
        row_loads,
        col_loads,
        forbidden,
        required,
        ahead,
        greatest,
        threads,
        time_limit,
        memory_limit,
        _in_units(gap, is_float),
        progress,
        on_interrupt,
    )
    objective, bound, open_gap = totals
    if not greatest:
        objective, bound = -objective, -bound
    if is_float:
        return Assignment(
            row, col, objective / _POINT, bound / _POINT, open_gap / _POINT, status, certificate
        )
    return Assignment(row, col, objective, bound, open_gap, status, certificate)


def _in_units(gap: Any, is_float: bool) -> Any:
    """Round a gap down to the engine's units, which refuses what is no amount."""
    is_amount = isinstance(gap, numbers.Real) and not isinstance(gap, bool)
    return int(gap * _POINT) if is_float and is_amount and 0 <= gap <= _LARGEST_GAP else gap


def _named(load: Any) -> int:
    """How many rows or columns a load names; 0 for a number, which goes for any."""
    ends = load if isinstance(load, (tuple, list)) else ()
    return max((len(end) for end in ends if hasattr(end, "__len__")), default=0)
