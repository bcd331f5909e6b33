"""The exceptions of nearpeer, one family."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nearpeer._nearpeer import Certificate, Table


class NearpeerError(Exception):
    """What every exception of nearpeer is."""

    __module__ = "nearpeer"


class _PlacedError(NearpeerError):
    """A fault with a place in the input.

    Attributes
    ----------
    table : str or None
        The table or argument: ``mentees``, ``pairs_blocked``, ``scores``, ``row_load``, ...
    row : int or None
        The row: counted from 1 in a table, as a data row of its file is; counted from 0 in an
        array, as its index is.
    column : str, int or None
        The column: its name in a table, its index in an array.
    value : str or None
        The offending cell, shortened.
    """

    __module__ = "nearpeer"

    table: str | None = None
    row: int | None = None
    column: str | int | None = None
    value: str | None = None


class InputError(_PlacedError):
    """A table, file or array holds something that cannot be used.

    Attributes
    ----------
    table : str or None
        The table or argument: ``mentees``, ``pairs_blocked``, ``scores``, ``row_load``, ...
    row : int or None
        The row: counted from 1 in a table, as a data row of its file is; counted from 0 in an
        array, as its index is.
    column : str, int or None
        The column: its name in a table, its index in an array.
    value : str or None
        The offending cell, shortened.
    """

    __module__ = "nearpeer"


class ProgramError(NearpeerError):
    """The programme's settings are wrong.

    Attributes
    ----------
    key : str or None
        The key, such as ``criteria[1].weight``, or the argument, such as ``time_limit``.
    """

    __module__ = "nearpeer"

    key: str | None = None


class InfeasibleError(NearpeerError):
    """No match satisfies every hard constraint.

    Attributes
    ----------
    conflict : Table or None
        A smallest set of constraints that cannot all be kept: ``kind``, ``what`` (a sentence),
        ``table``, ``row``, ``column``, ``key``, and ``binds``, how many people or rows each binds.
    repair : Table or None
        What would repair it, a row for each constraint that changes: ``option`` (each makes the
        programme feasible by itself, those that change the fewest constraints first), ``what``,
        ``kind``, ``table``, ``row``, ``column``, ``key``, ``from``, ``to`` (None where the
        constraint is left out). ``what`` says what to type; ``from`` and ``to`` are whole numbers,
        of a balance's share and a budget's sum in thousandths.
    certificate : Certificate or None
        The proof that no match exists.
    """

    __module__ = "nearpeer"

    conflict: Table | None = None
    repair: Table | None = None
    certificate: Certificate | None = None


class SolverError(NearpeerError):
    """The solver behind the integer program failed."""

    __module__ = "nearpeer"


class LimitError(NearpeerError):
    """A limit was reached before any feasible match was found."""

    __module__ = "nearpeer"


class VerificationError(_PlacedError):
    """An answer or its certificate does not hold. Names the row of the pair where it is one."""

    __module__ = "nearpeer"
