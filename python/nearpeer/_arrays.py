"""Scores, loads and cells, checked and brought into the form that the engine takes.

NumPy is imported when a function here is called, not when nearpeer is imported.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from nearpeer._errors import InputError
from nearpeer._nearpeer import read_scores

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Uint32s = npt.NDArray[np.uint32]

#: Whole scores beyond this could not be added up in 64 bits.
MOST_WHOLE = 10**15
#: Floats beyond this could not be added up in 64 bits of micropoints.
MOST_POINTS = 10**9
#: No roster has a load like this; it is a typing error.
MOST_LOAD = 10**9
#: More rows or columns than this take too much memory; checked before any is taken.
MOST_ROWS = 10**7


class Scores(NamedTuple):
    """Scores as the engine takes them: of a type that it reads, and borrowed where they can be."""

    shape: tuple[int, int]
    #: A sparse array's row starts and columns (int32 or int64); None where the values are a
    #: two-dimensional array.
    cells: tuple[npt.NDArray[Any], npt.NDArray[Any]] | None
    values: npt.NDArray[Any]


def fault(
    message: str,
    table: str,
    row: int | None = None,
    column: str | int | None = None,
    value: object = None,
) -> NoReturn:
    """Raise an InputError that names its place."""
    place = [table]
    if row is not None:
        place.append(f"row {row}")
    if column is not None:
        place.append(f"column {column}")
    if value is not None:
        value = str(value)
        value = value if len(value) <= 80 else value[:80] + "..."
        place.append(f"value {value}")
    error = InputError(f"{', '.join(place)}: {message}")
    error.table, error.row, error.column, error.value = table, row, column, value
    raise error


def need_numpy() -> None:
    """Raise an ImportError that says what to install, if NumPy is not there."""
    if importlib.util.find_spec("numpy") is None:
        raise ModuleNotFoundError(
            "assign takes and gives NumPy arrays; pip install 'nearpeer[assign]'", name="numpy"
        )


def read(scores: Any, least: tuple[int, int]) -> Scores:
    """Check scores of any kind. A table has at least the shape `least`."""
    import numpy as np

    sparse = sys.modules.get("scipy.sparse")  # who has a sparse array has imported it
    if sparse is not None and sparse.issparse(scores):
        return _sparse(scores)
    is_table = hasattr(scores, "__arrow_c_stream__") or hasattr(scores, "__arrow_c_array__")
    if is_table and not isinstance(scores, np.ndarray):
        return _table(scores, least)
    return _dense(scores)


def _dense(scores: Any) -> Scores:
    import numpy as np

    masked = sys.modules.get("numpy.ma")  # who has a masked array has imported it
    if masked is not None and isinstance(scores, masked.MaskedArray):
        fault("masked arrays are not read; give a sparse array, or forbid the cells", "scores")
    try:
        array = np.asarray(scores)
    except (TypeError, ValueError, OverflowError) as error:
        fault(f"not a two-dimensional array of numbers: {error}", "scores")
    _check_shape(array.shape)
    return Scores((array.shape[0], array.shape[1]), None, _numbers(array))


def _sparse(scores: Any) -> Scores:
    import numpy as np

    _check_shape(scores.shape)
    shape = (int(scores.shape[0]), int(scores.shape[1]))
    try:
        if hasattr(scores, "check_format"):
            scores.check_format(full_check=True)
        in_order = scores.format in ("csr", "csc") and scores.has_canonical_format
        # A CSR array is itself; of the others a copy is made.
        stored = scores.tocsr() if in_order else scores.tocoo()
    except (TypeError, ValueError, IndexError) as error:
        fault(f"not a valid sparse array: {error}", "scores")
    if in_order:
        parts = stored.indptr, stored.indices, _numbers(stored.data)
        starts, columns, values = (np.ascontiguousarray(part) for part in parts)
        return Scores(shape, (starts, columns), values)
    rows, columns = (np.asarray(part, dtype=np.int64) for part in (stored.row, stored.col))
    _check_positions("scores", rows, columns, shape)
    is_bool = stored.data.dtype.kind == "b"
    values = _numbers(stored.data)
    _check_range(values, lambda place: (int(rows[place]), int(columns[place])))
    values = values.astype(np.float64 if values.dtype.kind == "f" else np.int64)
    rows, columns, values = _add_repeats(rows, columns, values)
    if is_bool:  # SciPy adds booleans up as 'or'
        values = np.minimum(values, 1)
    return Scores(shape, (_starts(rows, shape[0]), columns), values)


def _starts(rows: Any, count: int) -> Any:
    """Give where the cells of each row start, in cells that are ordered by row."""
    import numpy as np

    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)


def _add_repeats(rows: Any, columns: Any, values: Any) -> tuple[Any, Any, Any]:
    """Put cells in order, and add up what is stored twice."""
    import numpy as np

    order = np.lexsort((columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    if len(rows) == 0:
        return rows, columns, values
    new = np.r_[True, (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])]
    starts = np.flatnonzero(new)
    if len(starts) == len(rows):
        return rows, columns, values
    # Floats show whether 64-bit integers hold the sum; these can only be lost above 2^63.
    sizes = np.add.reduceat(np.abs(values.astype(np.float64)), starts)
    if values.dtype.kind == "i" and sizes.max() > 2**62:
        at = starts[sizes.argmax()]
        fault("the sum of a cell's scores is too large", "scores", int(rows[at]), int(columns[at]))
    return rows[starts], columns[starts], np.add.reduceat(values, starts)


def _table(scores: Any, least: tuple[int, int]) -> Scores:
    import numpy as np

    rows, columns, values = read_scores(scores)
    if len(rows) == 0:
        fault("the table has no rows", "scores")
    for name, positions in (("row", rows), ("col", columns)):
        wrong = np.flatnonzero((positions < 0) | (positions >= MOST_ROWS))
        if len(wrong):
            at = int(wrong[0])
            fault(
                f"rows and columns are numbered from 0 to {MOST_ROWS - 1}",
                "scores",
                at + 1,
                name,
                int(positions[at]),
            )
    _check_range(values, lambda place: (int(place) + 1, "score"))
    order = np.lexsort((columns, rows))
    twice = np.flatnonzero((np.diff(rows[order]) == 0) & (np.diff(columns[order]) == 0))
    if len(twice):
        at = int(order[twice + 1].min())
        cell = f"({int(rows[at])}, {int(columns[at])})"
        fault(f"the cell {cell} is in the table twice", "scores", at + 1, "row", int(rows[at]))
    shape = (max(int(rows.max()) + 1, least[0]), max(int(columns.max()) + 1, least[1]))
    return Scores(shape, (_starts(rows[order], shape[0]), columns[order]), values[order])


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 2:
        fault(f"scores have two dimensions, rows and columns, not {len(shape)}", "scores")
    if 0 in shape:
        fault(f"there are no scores: the shape is {tuple(shape)}", "scores")
    if max(shape) > MOST_ROWS:
        fault(f"at most {MOST_ROWS} rows and columns, not {max(shape)}", "scores")


def _numbers(array: Any) -> Any:
    """Give the array itself if the engine reads its type, else a converted copy."""
    import numpy as np

    kind = array.dtype.kind
    if kind not in "biuf":
        fault(f"scores are whole numbers, floats or booleans, not {array.dtype}", "scores")
    if kind == "b":
        array = array.view(np.uint8)
    elif kind == "f" and array.itemsize not in (4, 8):
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
            array = array.astype(np.float64)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    # A field of a packed record is neither aligned nor a whole number of scores from the next.
    whole_steps = all(step % array.itemsize == 0 for step in array.strides)
    return array if array.flags.aligned and whole_steps else array.copy()


def _check_range(values: Any, where: Any) -> None:
    import numpy as np

    if values.dtype.kind == "f":
        # NaN fails every comparison, so what is asked is what is right.
        wrong = np.flatnonzero(~(np.abs(values) <= MOST_POINTS))
        message = f"a score is a finite number from -{MOST_POINTS} to {MOST_POINTS}"
    else:
        wrong = np.flatnonzero((values > MOST_WHOLE) | (values < -MOST_WHOLE))
        message = f"a whole score is from -{MOST_WHOLE} to {MOST_WHOLE}"
    if len(wrong):
        at = int(wrong[0])
        row, column = where(at)
        fault(message, "scores", row, column, values[at])


def read_switch(name: str, switch: Any) -> bool:
    """Check that a switch is True or False: ``maximize="no"`` would be true."""
    import numpy as np

    if not isinstance(switch, (bool, np.bool_)):
        fault("True or False is wanted", name, value=repr(switch))
    return bool(switch)


def read_loads(name: str, load: Any, count: int) -> tuple[_Uint32s, _Uint32s]:
    """Check a pair (low, high), each a number or an array of `count` of them."""
    import numpy as np

    if not isinstance(load, (tuple, list)) or len(load) != 2:
        fault("a load is a pair (low, high), each a number or an array", name)
    low, high = (_load(name, end, bound, count) for end, bound in zip(("low", "high"), load))
    wrong = np.flatnonzero(low > high)
    if len(wrong):
        at = int(wrong[0])
        fault(f"low is above high, which is {int(high[at])}", name, at, "low", int(low[at]))
    return low, high


def _load(name: str, end: str, bound: Any, count: int) -> _Uint32s:
    import numpy as np

    try:
        array = np.asarray(bound)
    except (TypeError, ValueError, OverflowError) as error:
        fault(f"not a number or an array of them: {error}", name, column=end)
    if array.ndim > 1:
        fault(f"a load is a number or has one dimension, not {array.ndim}", name, column=end)
    if array.ndim == 1 and len(array) != count:
        fault(f"{len(array)} loads for {count} rows or columns", name, column=end)
    if array.dtype.kind not in "iuf":
        # Whole numbers beyond 64 bits come as objects; they are named like any other.
        shown = bound if array.ndim == 0 else None
        fault("a load is a whole number, 0 or more", name, column=end, value=shown)
    spread = np.broadcast_to(array, (count,))
    right = (spread >= 0) & (spread <= MOST_LOAD)
    if spread.dtype.kind == "f":
        right &= spread == np.floor(spread)
    wrong = np.flatnonzero(~right)
    if len(wrong):
        at = int(wrong[0])
        row = at if array.ndim == 1 else None
        fault(f"a load is a whole number from 0 to {MOST_LOAD}", name, row, end, spread[at])
    return np.ascontiguousarray(spread, dtype=np.uint32)


def read_cells(name: str, cells: Any, shape: tuple[int, int]) -> _Uint32s:
    """Check an integer array of shape (k, 2) of (row, column)."""
    import numpy as np

    if cells is None:
        return np.empty((0, 2), dtype=np.uint32)
    try:
        array = np.asarray(cells)
    except (TypeError, ValueError, OverflowError) as error:
        fault(f"not an array of (row, column): {error}", name)
    if array.size == 0 and array.ndim in (1, 2):
        return np.empty((0, 2), dtype=np.uint32)
    if array.ndim != 2 or array.shape[1] != 2:
        fault(f"cells have the shape (k, 2) of (row, column), not {array.shape}", name)
    if array.dtype.kind not in "iu":
        fault(f"rows and columns are whole numbers, not {array.dtype}", name)
    _check_positions(name, array[:, 0], array[:, 1], shape)
    return np.ascontiguousarray(array, dtype=np.uint32)


def _check_positions(name: str, rows: Any, columns: Any, shape: tuple[int, int]) -> None:
    import numpy as np

    for what, positions, count in (("row", rows, shape[0]), ("col", columns, shape[1])):
        wrong = np.flatnonzero((positions < 0) | (positions >= count))
        if len(wrong):
            at = int(wrong[0])
            fault(f"the scores have {count} of these", name, at, what, int(positions[at]))
