"""The compiled part of the package `nearpeer`."""

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, final, type_check_only

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pyarrow as pa
from typing_extensions import CapsuleType, Self, Unpack

__all__ = [
    "Certificate",
    "LevelValue",
    "Match",
    "Program",
    "Table",
    "Verified",
    "__version__",
    "assign_cells",
    "read_scores",
    "verify",
]

__version__: str

@type_check_only
class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None, /) -> Any: ...

@type_check_only
class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None, /) -> Any: ...

_Table: TypeAlias = _ArrowStream | _ArrowArray
_Path: TypeAlias = str | PathLike[str]
_Status: TypeAlias = Literal["optimal", "infeasible", "limit_reached"]

@type_check_only
class _Settings(TypedDict, total=False):
    mode: Literal["cross_age"] | None
    objective: Sequence[Literal["priority", "coverage", "score"]] | None
    loads: Mapping[str, Any] | None
    limits: Mapping[str, Any] | None
    eligibility: Mapping[str, Any] | None
    criteria: Sequence[Mapping[str, Any]] | None
    quotas: Sequence[Mapping[str, Any]] | None

@final
class Program:
    """A mentoring programme's settings.

    Takes the keys of the programme's TOML file as keyword arguments; a key that is None is left
    out. Without settings it is a sensible cross-age programme: a gap of at least two grades, the
    same site, screening, training, consent and a shared slot where the tables have those columns;
    scores of interests (0.7) and grade-gap fit (0.3); one pair a person; coverage before score.

    Parameters
    ----------
    mode : {'cross_age'}, optional
        The kind of programme.
    objective : sequence of {'priority', 'coverage', 'score'}, optional
        The levels of the objective, the most important first.
    loads : mapping, optional
        How many pairs a ``mentee`` and a ``mentor`` may be in: ``min``, ``max``, ...
    limits : mapping, optional
        What may cut a solve short, such as ``time`` in seconds.
    eligibility : mapping, optional
        The rules that say who may be paired.
    criteria : sequence of mapping, optional
        What makes a good pair, each with its ``kind`` and ``weight``.
    quotas : sequence of mapping, optional
        Limits on how many pairs of a kind a match may have: a ``name``, ``at_most``, and what is
        counted, such as ``property='cross_site'`` or ``different='club'``.

    Raises
    ------
    ProgramError
        Naming the key, and the nearest known one if it is unknown.

    Examples
    --------
    >>> import nearpeer as npr
    >>> npr.Program(loads={"mentor": {"max": 2}}, eligibility={"grade_gap": {"min": 3}})
    <Program: priority > coverage > score; criteria interests 0.7, grade_gap 0.3;
     loads: mentee 0-1, mentor 0-2>
    >>> npr.Program(lods={})
    Traceback (most recent call last):
        ...
    nearpeer.ProgramError: programme key `lods`: unknown key; did you mean `loads`? ...
    """

    def __new__(cls, **settings: Unpack[_Settings]) -> Self: ...
    @staticmethod
    def from_toml(path: _Path) -> Program:
        """Read a programme file.

        Parameters
        ----------
        path : path
            The TOML file.

        Returns
        -------
        Program

        Raises
        ------
        ProgramError
            Naming the key, and the nearest known one if it is unknown.
        OSError
            If the file cannot be read.
        """

    @staticmethod
    def from_toml_text(text: str) -> Program:
        """Read a programme file's text.

        Parameters
        ----------
        text : str
            The content of a programme's TOML file.

        Returns
        -------
        Program

        Raises
        ------
        ProgramError
            Naming the key, and the nearest known one if it is unknown.

        Examples
        --------
        >>> import nearpeer as npr
        >>> npr.Program.from_toml_text("objective = ['score']")
        <Program: score; criteria interests 0.7, grade_gap 0.3; loads: mentee 0-1, mentor 0-1>
        """

    def to_toml(self) -> str:
        """Give the programme as a file's text, which `from_toml_text` reads back."""

    def match(
        self,
        mentees: _Table,
        mentors: _Table,
        *,
        pairs_blocked: _Table | None = None,
        pairs_required: _Table | None = None,
        pairs_previous: _Table | None = None,
        pair_scores: _Table | None = None,
        threads: int | None = None,
        time_limit: float | None = None,
    ) -> Match:
        """Match mentees with mentors to a proven optimum.

        Other Python threads run meanwhile, and Ctrl-C ends it.

        Parameters
        ----------
        mentees, mentors : table
            One row a person, with the columns ``id``, ``grade``, ``site``, ``interests`` and what
            else the programme uses. Anything that exports Arrow: pandas, Polars, DuckDB, pyarrow,
            ...
        pairs_blocked, pairs_required, pairs_previous : table, optional
            Pairs that must not, or must, be in the match, or were in an earlier one: ``mentee_id``,
            ``mentor_id``.
        pair_scores : table, optional
            Scores of your own in [0, 1], for the criterion ``pair_scores``: ``mentee_id``,
            ``mentor_id``, ``value``.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which the best match so far is returned with its gap. Takes precedence
            over the programme's; without either, or with infinity, there is no limit.

        Returns
        -------
        Match

        Raises
        ------
        InputError
            Naming table, row, column and value.
        ProgramError
            If the settings do not fit the tables, or ``threads`` or ``time_limit`` cannot be used.
        InfeasibleError
            If no match keeps every minimum load and required pair.
        LimitError
            If the time was over before there was any match.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
        >>> mentors = {"id": ["max", "zoe"], "grade": [9, 10], "interests": ["chess", "art"]}
        >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
        >>> match.pairs["mentee_id"], match.pairs["mentor_id"]
        (['ana', 'bo'], ['max', 'zoe'])
        >>> match.covered, match.certificate.status, match.certificate.gap
        (2, 'optimal', 0)
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    __hash__: None  # type: ignore[assignment]

@final
class Match:
    """A match: the chosen pairs, everybody who is left, and the proof.

    `Program.match` makes it. Matches are equal where every part is; ``len(match)`` is the number of
    pairs, and a match can be pickled for the same version of nearpeer.
    """

    @property
    def pairs(self) -> Table:
        """The chosen pairs: ``mentee_id``, ``mentor_id``, ``score`` and one for each criterion.

        Ids are text here, whatever they were in the tables. To merge with a table whose ids are
        whole numbers, cast one side, in pandas
        ``pairs.astype({"mentee_id": "int64", "mentor_id": "int64"})`` and in Polars
        ``pairs.cast({"mentee_id": pl.Int64, "mentor_id": pl.Int64})``. Scores are in points.
        """

    @property
    def unmatched(self) -> Table:
        """Everybody in no pair, and why: ``id``, ``role``, ``reason``, ``detail``."""

    @property
    def notes(self) -> list[str]:
        """Settings and columns that have no effect, a sentence each."""

    @property
    def rules(self) -> Table:
        """Every eligibility rule, and whether it took part: ``code``, ``on``, ``why_off``."""

    @property
    def criteria(self) -> list[str]:
        """The names of the criteria, in the order of the columns of `pairs`."""

    @property
    def certificate(self) -> Certificate:
        """The proof."""

    @property
    def covered(self) -> int:
        """How many mentees have a mentor."""

    @property
    def mentees(self) -> int:
        """How many mentees there are."""

    @property
    def mentors(self) -> int:
        """How many mentors there are."""

    @property
    def total_score(self) -> int:
        """The total score of the pairs, in micropoints."""

    def save(self, dir: _Path) -> list[str]:
        """Write ``pairs.csv``, ``unmatched.csv`` and ``certificate.json`` as the command does.

        Parameters
        ----------
        dir : path
            The folder; it is made if it is not there.

        Returns
        -------
        list of path
            Where the files are.

        Raises
        ------
        OSError
            If the folder cannot be written; then nothing has changed.
        """

    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    def __len__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Table:
    """A table of results, which any Arrow library reads through ``__arrow_c_stream__``.

    ``table["column"]`` gives a column as a list. ``len(table)`` is the number of rows, and
    iteration goes over the rows, each a dictionary; ``column_names`` has the names.

    Examples
    --------
    >>> import nearpeer as npr
    >>> import pyarrow as pa
    >>> mentees = pa.table({"id": ["ana"], "grade": [6]})
    >>> mentors = pa.table({"id": ["max"], "grade": [9]})
    >>> match = npr.Program().match(mentees, mentors)
    >>> [(pair["mentee_id"], pair["mentor_id"]) for pair in match.pairs]
    [('ana', 'max')]
    """

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""

    def to_arrow(self) -> pa.Table:
        """Give a `pyarrow.Table`; needs pyarrow."""

    def to_pandas(self) -> pd.DataFrame:
        """Give a `pandas.DataFrame`; needs pandas and pyarrow."""

    def to_polars(self) -> pl.DataFrame:
        """Give a `polars.DataFrame`; needs Polars."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give one dictionary a row; needs nothing else."""

    def __arrow_c_stream__(self, requested_schema: CapsuleType | None = None) -> CapsuleType: ...
    def __getitem__(self, column: str, /) -> list[Any]: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def __len__(self) -> int: ...

@final
class Certificate:
    """The proof that comes with every result: exact integers, and the prices behind the bound."""

    @property
    def status(self) -> _Status:
        """How the solve ended: ``optimal``, ``infeasible`` or ``limit_reached``."""

    @property
    def level(self) -> str:
        """The level that the values below speak of: the first that is not proven, else the last."""

    @property
    def objective(self) -> int:
        """The value in that level: micropoints for the score, a count otherwise."""

    @property
    def bound(self) -> int:
        """No match that is as good in the levels above has a greater value."""

    @property
    def gap(self) -> int:
        """``bound - objective``: 0 exactly when the match is proven optimal."""

    @property
    def levels(self) -> list[LevelValue]:
        """Every level in order, with its values."""

    def to_json(self) -> str:
        """Give the text of the file ``certificate.json``."""

    @staticmethod
    def from_json(text: str) -> Certificate:
        """Read what `to_json` or the command wrote.

        Parameters
        ----------
        text : str
            The text of a ``certificate.json``.

        Returns
        -------
        Certificate

        Raises
        ------
        InputError
            If the text is not a certificate.
        """

    def to_dict(self) -> dict[str, Any]:
        """Give the file's content as dictionaries and lists."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    __hash__: None  # type: ignore[assignment]

@final
class LevelValue:
    """What a match has in one level of the objective, and the proven bound of it."""

    @property
    def level(self) -> str:
        """The level: ``obligations``, ``priority 2``, ``coverage``, ``score``."""

    @property
    def weight(self) -> int:
        """Its weight in the combined objective."""

    @property
    def objective(self) -> int:
        """The match's value."""

    @property
    def bound(self) -> int:
        """The proven bound of the value."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Verified:
    """What the checker found to be true."""

    @property
    def pairs(self) -> int:
        """Pairs in the answer."""

    @property
    def eligible(self) -> int:
        """Eligible pairs that were priced."""

    @property
    def leaves(self) -> int:
        """Leaves of the proof tree."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

def verify(
    program: Program,
    mentees: _Table,
    mentors: _Table,
    answer: Match | _Path | tuple[_Table, Certificate | str],
    *,
    pairs_blocked: _Table | None = None,
    pairs_required: _Table | None = None,
    pairs_previous: _Table | None = None,
    pair_scores: _Table | None = None,
) -> Verified:
    """Re-prove an answer: read the tables again, score every pair again, and check the bound.

    Parameters
    ----------
    program : Program
        The settings that the answer is for.
    mentees, mentors, pairs_blocked, pairs_required, pairs_previous, pair_scores : table
        The tables that the answer is for, as `Program.match` takes them.
    answer : Match, path, or tuple of table and Certificate
        A match; a folder that `Match.save` or the command wrote; or the pairs (``mentee_id``,
        ``mentor_id``, ``score`` in points) with their certificate, or its JSON text.

    Returns
    -------
    Verified
        How much was checked.

    Raises
    ------
    InputError
        If a table or the answer cannot be read.
    VerificationError
        Saying what does not hold, and naming the row of the pair where it is one.

    Examples
    --------
    >>> import nearpeer as npr
    >>> import pyarrow as pa
    >>> mentees = pa.table({"id": ["ana"], "grade": [6]})
    >>> mentors = pa.table({"id": ["max"], "grade": [9]})
    >>> match = npr.Program().match(mentees, mentors)
    >>> npr.verify(npr.Program(), mentees, mentors, match)
    Verified(pairs=1, eligible=1, leaves=1)
    """

def assign_cells(
    shape: tuple[int, int],
    cells: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]] | None,
    values: npt.NDArray[np.int64] | npt.NDArray[np.float64],
    row_load: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]],
    col_load: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]],
    forbid: npt.NDArray[np.uint32],
    require: npt.NDArray[np.uint32],
    coverage_first: bool,
    maximize: bool,
    threads: int | None,
    time_limit: float | None,
) -> tuple[
    npt.NDArray[np.intp],
    npt.NDArray[np.intp],
    tuple[int, int, int],
    Literal["optimal", "limit_reached"],
    Certificate,
]:
    """Choose cells; `nearpeer.assign` checks and prepares the arrays."""

def read_scores(
    table: _Table,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Give the columns ``row``, ``col`` and ``score`` of a table as arrays."""
