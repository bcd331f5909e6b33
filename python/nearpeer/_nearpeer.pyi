"""The compiled part of the package `nearpeer`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, final, overload, type_check_only

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pyarrow as pa
from typing_extensions import CapsuleType, Self, Unpack

from nearpeer._plot import Plot
from nearpeer.settings import Settings

__all__ = [
    "Assessment",
    "Certificate",
    "CoMatch",
    "District",
    "Explanation",
    "LevelValue",
    "Match",
    "OneRoster",
    "PairExplanation",
    "PriceOfFairness",
    "Program",
    "Progress",
    "Table",
    "Verified",
    "__version__",
    "assign_cells",
    "read_oneroster",
    "read_scores",
    "run_command",
    "synth",
    "verify",
    "verify_co_match",
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

@final
class Program:
    """A mentoring programme's settings.

    Takes the keys of the programme's TOML file as keyword arguments; a key that is None is left
    out. Without settings it is a sensible cross-age programme: a gap of at least two grades, the
    same site, screening, training, consent and a shared slot where the tables have those columns;
    scores of interests (0.7) and grade-gap fit (0.3); one pair a person; coverage before score.

    A programme does not change; `replace` gives another. `nearpeer.settings` has the types of all
    settings.

    Parameters
    ----------
    mode : {'cross_age', 'co_mentoring'}, optional
        The kind of programme.
    objective : sequence of str, optional
        The levels of the objective, the most important first: ``priority``, ``transition``,
        ``coverage``, then ``worst_off`` or ``leximin``, and ``score``.
    transition_grades : sequence of int or str, optional
        The grades that the level ``transition`` counts; 6 and 9 by default.
    loads : mapping, optional
        How many pairs a ``mentee`` and a ``mentor`` may be in: ``min``, ``max``, ...
    limits : mapping, optional
        What may cut a solve short: ``time`` in seconds, ``memory`` in mebibytes, ``gap`` in
        micropoints.
    eligibility : mapping, optional
        The rules that say who may be paired.
    meetings : mapping, optional
        Where pairs meet, ``travel='mentee'`` (at the mentee's site), ``'mentor'`` or ``'either'``,
        and whether each gets a slot, ``assign``: by default if there are leaders or rooms.
    circles : mapping, optional
        What the mentees of one mentor have in common: ``one_slot=True``, ``grade_band=1``.
    criteria : sequence of mapping, optional
        What makes a good pair, each with its ``kind`` and ``weight``.
    quotas : sequence of mapping, optional
        At most, or at least, so many pairs of a kind: a ``name``, ``at_most``, ``at_least``, and
        what is counted, such as ``property='cross_site'``, ``different='club'``,
        ``mentor={'column': 'first_time', 'value': 'yes'}`` or ``language='Spanish'``.
    budgets : sequence of mapping, optional
        Limits on what a match costs: a ``name``, ``at_most``, and costs a ``pair``, or of everybody
        who takes part, in a column of the ``mentee`` or ``mentor`` table.
    balance : sequence of mapping, optional
        The coverage of groups of mentees: a ``column``, and the share of each group that is covered
        ``at_least``, or how far it may be from that of all, ``within``.
    families : sequence of mapping, optional
        Siblings and friends: a ``name``, the ids of its ``members``, and ``keep='together'`` or
        ``'apart'`` for their slots, or ``all_or_none=True``.
    stability : mapping, optional
        That wishes are kept to: a ``mode``, which is ``'mentee_optimal'``, ``'mentor_optimal'``,
        ``'best_score'`` or ``'fewest_blocking'``, and whether the ``unlisted`` are ``'accepted'``
        or ``'refused'``.
    triads : bool or int, optional
        In co-mentoring, whether students who would be left over may be in groups of three, or the
        greatest number of those.

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

    def __new__(cls, **settings: Unpack[Settings]) -> Self: ...
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
            Naming the key, and the nearest known one if it is unknown; or if ``path`` is no path
            but a programme's text.
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

    def replace(self, **settings: Unpack[Settings]) -> Program:
        """Give the same programme with some settings changed.

        Parameters
        ----------
        **settings : nearpeer.settings.Settings
            The keys of `Program`, each in place of the whole setting of this name; None stands for
            its default.

        Returns
        -------
        Program
            This programme stays as it is.

        Raises
        ------
        ProgramError
            Naming the key, and the nearest known one if it is unknown.

        Examples
        --------
        >>> import nearpeer as npr
        >>> programme = npr.Program(objective=["coverage", "score"])
        >>> programme.replace(loads={"mentor": {"max": 2}})
        <Program: coverage > score; criteria interests 0.7, grade_gap 0.3;
         loads: mentee 0-1, mentor 0-2>
        >>> programme.replace(objective=None) == npr.Program()
        True
        """

    def match(
        self,
        mentees: _Table,
        mentors: _Table,
        *,
        leaders: _Table | None = None,
        rooms: _Table | None = None,
        pairs_blocked: _Table | None = None,
        pairs_required: _Table | None = None,
        pairs_previous: _Table | None = None,
        pair_scores: _Table | None = None,
        columns: Mapping[str, str] | None = None,
        threads: int | None = None,
        time_limit: float | None = None,
        memory_limit: int | None = None,
        gap: int | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "keep"] = "raise",
    ) -> Match:
        """Match mentees with mentors to a proven optimum.

        Other Python threads run meanwhile. Ctrl-C ends it or, if asked to, keeps what was found.

        Parameters
        ----------
        mentees, mentors : table
            One row a person, with the columns ``id``, ``grade``, ``site``, ``interests`` and what
            else the programme uses. Anything that exports Arrow: pandas, Polars, DuckDB, pyarrow,
            ...
        leaders : table, optional
            The adults who supervise meetings: ``id``, ``site`` (one or several), ``slots``,
            ``capacity`` in pairs at one time and, if there is a limit, ``max_slots`` a week. Every
            pair then gets a slot and a leader, unless ``meetings`` says else.
        rooms : table, optional
            How many pairs there is room for: ``site``, ``slot``, ``capacity``. There is no room
            where no row is. Every pair then gets a slot, unless ``meetings`` says else.
        pairs_blocked, pairs_required, pairs_previous : table, optional
            Pairs that must not, or must, be in the match, or were in an earlier one: ``mentee_id``,
            ``mentor_id``.
        pair_scores : table, optional
            Scores of your own in [0, 1], for the criterion ``pair_scores``: ``mentee_id``,
            ``mentor_id``, ``value``.
        columns : mapping, optional
            What nearpeer calls columns that the tables call something else, as
            ``{"student_no": "id", "year": "grade"}``. An entry is for the tables of which nearpeer
            reads such a column, so ``{"mentee_id": "id"}`` leaves tables of pairs as they are.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which the best match so far is returned with its gap. Takes precedence
            over the programme's; without either, or with infinity, there is no limit.
        memory_limit : int, optional
            Mebibytes that the solve may take, after which the same is done.
        gap : int, optional
            Micropoints of the total score within which a match is good enough. Takes precedence
            over the programme's; 0 asks for the optimum.
        progress : callable or bool, optional
            A function that is called with a `Progress` at every change of phase, in every round and
            about ten times a second in between; an exception that it raises ends the match. True
            shows a bar by tqdm, False none. By default there is a bar if tqdm is installed, after a
            second, in a notebook or on a terminal.
        on_interrupt : {'raise', 'keep'}
            What Ctrl-C does: ``'raise'`` ends the match with `KeyboardInterrupt`, ``'keep'``
            returns the best match so far with its gap (a second Ctrl-C raises).

        Returns
        -------
        Match

        Raises
        ------
        InputError
            Naming table, row, column and value.
        ProgramError
            If the settings do not fit the tables, or ``threads``, a limit, ``progress`` or
            ``on_interrupt`` cannot be used.
        InfeasibleError
            If no match keeps every minimum load and required pair.
        LimitError
            If a limit was reached before there was any match.
        ImportError
            If ``progress`` is True and tqdm is not installed.

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

        Tables with names of their own:

        >>> mentees = {"student_no": [17, 18], "year": [6, 7]}
        >>> mentors = {"tutor_no": [21, 22], "year": [9, 10]}
        >>> names = {"student_no": "id", "tutor_no": "id", "year": "grade"}
        >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors), columns=names)
        >>> match.pairs["mentee_id"], match.pairs["mentor_id"]
        (['17', '18'], ['21', '22'])
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def assess(
        self,
        mentees: _Table,
        mentors: _Table,
        *,
        leaders: _Table | None = None,
        rooms: _Table | None = None,
        pairs_blocked: _Table | None = None,
        pairs_required: _Table | None = None,
        pairs_previous: _Table | None = None,
        pair_scores: _Table | None = None,
        columns: Mapping[str, str] | None = None,
        threads: int | None = None,
    ) -> Assessment:
        """Say what people need and what there is, before any matching.

        Who is eligible, what each rule costs, where there are too few mentors and, with leaders or
        rooms, where there are too few places. Other Python threads run meanwhile, and Ctrl-C ends
        it.

        Parameters
        ----------
        mentees, mentors : table
            As in `match`.
        leaders, rooms : table, optional
            As in `match`; they are assessed if pairs get slots.
        pairs_blocked, pairs_required, pairs_previous, pair_scores : table, optional
            As in `match`.
        columns : mapping, optional
            As in `match`.
        threads : int, optional
            Threads to use; all cores by default.

        Returns
        -------
        Assessment

        Raises
        ------
        InputError
            Naming table, row, column and value.
        ProgramError
            If the settings do not fit the tables, or ``threads`` cannot be used.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> mentees = pa.table({"id": ["ana", "bo", "cy"], "grade": [6, 7, 8]})
        >>> mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9]})
        >>> assessment = npr.Program().assess(mentees, mentors)
        >>> assessment.coverage, assessment.bottlenecks["detail"]
        (2, ['1 mentee can be served by nobody: 1 will be left'])
        >>> [(row["id"], row["rule"], row["alone"]) for row in assessment.eligibility][2]
        ('cy', 'grade_gap', 2)
        """

    def co_match(
        self,
        students: _Table,
        *,
        pairs_blocked: _Table | None = None,
        pairs_required: _Table | None = None,
        pairs_previous: _Table | None = None,
        pair_scores: _Table | None = None,
        columns: Mapping[str, str] | None = None,
        threads: int | None = None,
        time_limit: float | None = None,
        memory_limit: int | None = None,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "keep"] = "raise",
    ) -> CoMatch:
        """Pair students of one table with each other, to a proven optimum.

        For ``mode="co_mentoring"``. Everybody is in at most one group: a pair, or with ``triads``
        a group of three where somebody would be left. Other Python threads run meanwhile. Ctrl-C
        ends it or, if asked to, keeps what was found.

        Parameters
        ----------
        students : table
            One row a student, with the columns ``id``, ``grade``, ``site``, ``interests`` and what
            else the programme uses. Anything that exports Arrow: pandas, Polars, DuckDB, pyarrow,
            ...
        pairs_blocked, pairs_required, pairs_previous : table, optional
            Pairs that must not, or must, be in the match, or were in an earlier one:
            ``student_a_id``, ``student_b_id``, in either order.
        pair_scores : table, optional
            Scores of your own in [0, 1], for the criterion ``pair_scores``: ``student_a_id``,
            ``student_b_id``, ``value``.
        columns : mapping, optional
            As in `match`.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which the best match so far is returned with its gap. Takes precedence
            over the programme's; without either, or with infinity, there is no limit.
        memory_limit : int, optional
            Mebibytes that the solve may take, after which the same is done.
        progress : callable or bool, optional
            As in `match`.
        on_interrupt : {'raise', 'keep'}
            As in `match`.

        Returns
        -------
        CoMatch

        Raises
        ------
        InputError
            Naming table, row, column and value.
        ProgramError
            If the settings do not fit the table or are not of co-mentoring, or ``threads``, a
            limit, ``progress`` or ``on_interrupt`` cannot be used.
        ImportError
            If ``progress`` is True and tqdm is not installed.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> students = {"id": ["ana", "bo", "cy"], "interests": ["art;chess", "art", "chess"]}
        >>> programme = npr.Program(mode="co_mentoring", triads=True)
        >>> match = programme.co_match(pa.table(students))
        >>> [(pair["group"], pair["student_a_id"], pair["student_b_id"]) for pair in match.pairs]
        [(1, 'ana', 'bo'), (1, 'ana', 'cy'), (1, 'bo', 'cy')]
        >>> match.covered, match.triads, match.certificate.gap
        (3, 1, 0)
        """

    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    def __replace__(self, **settings: Unpack[Settings]) -> Program: ...
    def __hash__(self) -> int: ...
    def _repr_html_(self) -> str: ...

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
        ``pairs.cast({"mentee_id": pl.Int64, "mentor_id": pl.Int64})``. Scores are in points. Where
        slots are assigned, ``site``, ``slot`` and ``leader`` stand after the ids.
        """

    @property
    def unmatched(self) -> Table:
        """Everybody in no pair, and why: ``id``, ``role``, ``reason``, its numbers, and ``detail``.

        Each reason has columns of its own, which are null for the others: ``rule``, ``removed`` and
        ``alone`` of ``not_eligible``; ``rivals``, ``cost`` (in points), ``mentor_id``,
        ``rival_id``, ``displaced_id`` and ``bottleneck`` of ``out_competed``, and so on;
        ``docs/reasons.md`` has all. ``detail`` says the same in words.
        """

    @property
    def notes(self) -> list[str]:
        """Settings and columns that have no effect, a sentence each."""

    @property
    def limits(self) -> Table:
        """How the match stands to each limit and promise.

        Columns ``key``, ``what``, ``has``, ``how`` (``at_least`` or ``at_most``), ``limit``, and
        ``unit`` (``pairs``, ``mentees``, ``cost``, percentage ``points``). Families and circles
        have no numbers.
        """

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

    def groups(self, column: str, *, min_n: int = 10) -> Table:
        """Say how the groups of mentees with equal cells in a column fare.

        What is told of fewer than ``min_n`` people is suppressed (null): the numbers of a group of
        fewer mentees, and the scores of a group in which fewer have a mentor. So that it cannot be
        had by subtraction from the total either, further groups are suppressed, the smallest
        first, until there are at least two, of at least ``min_n`` people together. Tables of
        several columns must not be held against each other: that is not looked after.

        Parameters
        ----------
        column : str
            A column of the mentees with one value each: ``site``, ``grade``, ``gender``, ... or one
            of your own.
        min_n : int, default 10
            The least number of people that something is told of.

        Returns
        -------
        Table
            ``column``, ``kind`` (``group``, ``missing`` or ``total``), ``value``, ``mentees``,
            ``covered``, ``coverage`` (0 to 1), ``mean_score`` and ``worst_off`` in points,
            ``suppressed``, ``scores_suppressed``.

        Raises
        ------
        InputError
            If there is no such column, or it holds lists, or the match was pickled: its tables are
            not kept.

        Examples
        --------
        >>> import nearpeer as npr
        >>> district = npr.synth(students=300, sites=3, seed=7)
        >>> match = district.program.match(district.mentees, district.mentors)
        >>> match.groups("site").column_names[3:6]
        ['mentees', 'covered', 'coverage']
        """

    @property
    def lowest_score(self) -> int | None:
        """The lowest score of the pairs, in micropoints; None where there are none."""

    @property
    def price_of_fairness(self) -> PriceOfFairness | None:
        """What fairness or balance costs; None without one, or without ``score``."""

    def blocking_pairs(self, *, threads: int | None = None) -> Table:
        """Give the blocking pairs: two people who may be paired, are not, and would both rather be.

        Each would be in a free place, or in that of somebody whom they have. Who is in a person's
        ``preferences`` comes first, in that order; then the others, by score. A stable match has no
        blocking pair; of any other this says how far it is from one.

        Other Python threads run meanwhile, and Ctrl-C ends it.

        Parameters
        ----------
        threads : int, optional
            Threads to use; all cores by default.

        Returns
        -------
        Table
            ``mentee_id``, ``mentor_id``, and ``mentee_rank`` and ``mentor_rank``: the other's place
            among all whom the person may have, the most wanted being 1.

        Raises
        ------
        InputError
            If the match was pickled: its tables are not kept.
        ProgramError
            If ``threads`` cannot be used.
        """

    @overload
    def explain(
        self,
        id: str | int,
        other: None = None,
        *,
        threads: int | None = None,
        time_limit: float | None = None,
    ) -> Explanation: ...
    @overload
    def explain(
        self,
        id: str | int,
        other: str | int,
        *,
        threads: int | None = None,
        time_limit: float | None = None,
    ) -> PairExplanation:
        """Say why a person has whom they have or nobody, or why two people are no pair.

        Of a person: who may be paired with them, whom each rule rules out, whom they would like
        better and who has those. Of two people, in either order: each rule, the score by criterion,
        and what the pair would cost the programme, for which it is solved again with the pair
        required. Other Python threads run meanwhile, and Ctrl-C ends it.

        Parameters
        ----------
        id : str or int
            A mentee or a mentor.
        other : str or int, optional
            Somebody on the other side.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which the question is given up.

        Returns
        -------
        Explanation or PairExplanation
            The latter of two people.

        Raises
        ------
        InputError
            For an id that nobody has, naming the nearest; and if the match was pickled: its tables
            are not kept.
        ProgramError
            If ``threads`` or ``time_limit`` cannot be used.
        LimitError
            If a limit came before the answer.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
        >>> mentors = {"id": ["max"], "grade": [9], "interests": ["chess"]}
        >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
        >>> print(match.explain("bo", "max"))
        mentee bo and mentor max: may be paired, and are not
          grade_gap passes (grades 7 and 9, a gap of 2; at least 2 is asked)
        score: 0.225000 (interests 0.000000, grade_gap 0.750000)
        the mentee has nobody; regret 0.225000
        the mentor has ana (0.650000); regret -0.425000
        the pair would cost the programme 0.425000 points
        """

    def alternatives(
        self,
        id: str | int,
        n: int = 5,
        *,
        threads: int | None = None,
        time_limit: float | None = None,
    ) -> Table:
        """List the next partners for a person, with what each costs the programme.

        A cost is the difference of two proven optima, that of the programme and that with the pair
        required: everybody else may have another partner then. Other Python threads run meanwhile,
        and Ctrl-C ends it.

        Parameters
        ----------
        id : str or int
            A mentee or a mentor.
        n : int, optional
            How many partners.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which the question is given up.

        Returns
        -------
        Table
            The cheapest first: ``partner_id``, ``score`` in points; what is lost in each level of
            the objective, such as ``lost_coverage`` in mentees and ``lost_score`` in micropoints
            (below 0 where it is gained because of a loss before); ``held_by``, the ids of those
            who have the partner; and the score by criterion.

        Raises
        ------
        InputError
            For an id that nobody has, naming the nearest; and if the match was pickled: its tables
            are not kept.
        ProgramError
            If the match is a stable one, which is no optimum, or ``n``, ``threads`` or
            ``time_limit`` cannot be used.
        LimitError
            If a limit came before the answer.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> mentees = {"id": ["ana", "bo"], "grade": [6, 7], "interests": ["art;chess", "art"]}
        >>> mentors = {"id": ["max", "zoe"], "grade": [9, 10], "interests": ["chess", "art"]}
        >>> match = npr.Program().match(pa.table(mentees), pa.table(mentors))
        >>> other = match.alternatives("ana", n=1)
        >>> other["partner_id"], other["lost_coverage"], other["lost_score"], other["held_by"]
        (['zoe'], [0], [850000], [['bo']])
        """

    def advise(
        self,
        n: int = 10,
        costs: Mapping[str, float] | _Table | None = None,
        *,
        threads: int | None = None,
        time_limit: float | None = None,
    ) -> Table:
        """Say what would add matches, the most effective first.

        Training, screening or consent finished for all who lack it; rules relaxed by a step;
        mentors, rooms and leaders to add. Shadow prices say what to try, and every number is that
        of solving the changed programme. Other Python threads run meanwhile, and Ctrl-C ends it.

        Parameters
        ----------
        n : int, optional
            At most so many pieces of advice.
        costs : mapping or table, optional
            What one unit costs, by kind of advice: ``{"training": 50, "mentor": 300}``, or a table
            of ``kind`` and ``cost``.
        threads : int, optional
            Threads to use; all cores by default. The answer does not depend on it.
        time_limit : float, optional
            Seconds after which what is proven by then is returned, with a warning that says how
            many changes of which kinds could not be tried.

        Returns
        -------
        Table
            ``kind``, ``what`` (a sentence), ``matches_added`` in mentees, ``score_added`` in
            micropoints, ``units`` (people, rooms or rules that change), ``cost``, ``people`` (the
            ids of those who change) and ``verified``, which is always true.

        Raises
        ------
        InputError
            If the match was pickled: its tables are not kept; or a table of costs cannot be read.
        ProgramError
            If ``n``, ``costs``, ``threads`` or ``time_limit`` cannot be used.

        Examples
        --------
        >>> import nearpeer as npr
        >>> import pyarrow as pa
        >>> mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6]})
        >>> mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9], "trained": [True, False]})
        >>> match = npr.Program().match(mentees, mentors)
        >>> advice = match.advise(n=1, costs={"training": 50})
        >>> advice["what"], advice["matches_added"], advice["cost"]
        (['finishing the training of 1 mentor adds 1 match'], [1], [50.0])
        """

    @property
    def plot(self) -> Plot:
        """Charts of the match, by Altair: ``coverage``, ``scores``, ``supply`` and ``network``.

        ``pip install 'nearpeer[plot]'`` brings Altair.
        """

    def _supply(self) -> Table: ...
    def _network(self, site: str | None) -> Table: ...
    def save(self, dir: _Path) -> list[Path]:
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

    def report(
        self,
        path: _Path,
        *,
        names: str | None = None,
        redacted: bool = False,
        title: str | None = None,
        sites: list[str] | None = None,
    ) -> Path:
        """Write the match as one printable page, for people who never saw Python.

        The page is an HTML file that needs nothing else, with the numbers, the reasons, and the
        proof in plain words. It appears whole or not at all.

        Parameters
        ----------
        path : path
            The file to write.
        names : str, optional
            The column that names people: ``id``, or another column of the tables. Then the page has
            rosters, too. Without it people are named by their rows in the tables.
        redacted : bool, optional
            Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
            those from which they could be worked out.
        title : str, optional
            The heading.
        sites : list of str, optional
            The schools whose rosters are printed; all by default.

        Returns
        -------
        path
            Where the file is.

        Raises
        ------
        InputError
            If no table has the column or the school, if there are to be names in a redacted page,
            or if the match was pickled: its tables are not kept.
        OSError
            If the file cannot be written; then it has not changed.
        """

    def to_html(
        self,
        *,
        names: str | None = None,
        redacted: bool = False,
        title: str | None = None,
        sites: list[str] | None = None,
    ) -> str:
        """Give the page that `report` writes, as text.

        Parameters
        ----------
        names : str, optional
            The column that names people: ``id``, or another column of the tables. Then the page has
            rosters, too. Without it people are named by their rows in the tables.
        redacted : bool, optional
            Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
            those from which they could be worked out.
        title : str, optional
            The heading.
        sites : list of str, optional
            The schools whose rosters are printed; all by default.

        Returns
        -------
        str
            The HTML document.

        Raises
        ------
        InputError
            If no table has the column or the school, if there are to be names in a redacted page,
            or if the match was pickled: its tables are not kept.
        """

    def to_json(self) -> str:
        """Give the whole result as one JSON document, as ``nearpeer match --json FILE`` writes it.

        ``docs/schema/match-1.json`` is its JSON Schema. Scores are in micropoints.
        """

    def to_dict(self) -> dict[str, Any]:
        """Give what `to_json` gives as dictionaries and lists."""

    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    def __len__(self) -> int: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Explanation:
    """Why a person has whom they have, or nobody.

    `Match.explain` makes it. ``str`` gives it in words.
    """

    @property
    def role(self) -> Literal["mentee", "mentor"]:
        """``mentee`` or ``mentor``."""

    @property
    def id(self) -> str:
        """The person's id."""

    @property
    def others(self) -> int:
        """How many people there are on the other side."""

    @property
    def candidates(self) -> int:
        """How many of them may be paired with this person."""

    @property
    def load_max(self) -> int:
        """In how many pairs the person may be."""

    @property
    def reason(self) -> str | None:
        """Why there is nobody, as in `Match.unmatched`; None where there is somebody."""

    @property
    def detail(self) -> str | None:
        """The numbers behind the reason; None where there is somebody."""

    @property
    def regret(self) -> int:
        """How much more the best wanted partner would score than the worst had, in micropoints."""

    @property
    def rules(self) -> Table:
        """How many of the others each rule rules out: ``code``, ``removed``."""

    @property
    def partners(self) -> Table:
        """Whom the person has: ``partner_id``, ``score``, and the score by criterion."""

    @property
    def rivals(self) -> Table:
        """Whom the person would like better, and who has them.

        The ten best, a row for each rival: ``partner_id``, ``score``, ``has_room``, ``rival_id``
        and ``rival_score`` (None where nobody has the partner), and the score by criterion.
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class PairExplanation:
    """Why two people are a pair, or are not.

    `Match.explain` makes it of two ids. ``str`` gives it in words.
    """

    @property
    def mentee(self) -> str:
        """The mentee's id."""

    @property
    def mentor(self) -> str:
        """The mentor's id."""

    @property
    def chosen(self) -> bool:
        """Whether the match has the pair."""

    @property
    def eligible(self) -> bool:
        """Whether every rule lets the two be paired."""

    @property
    def score(self) -> int | None:
        """The pair's score in micropoints; None if the two may not be paired."""

    @property
    def mentee_regret(self) -> int | None:
        """How much more the pair would score than the worst that the mentee has, in micropoints.

        Than 0 where there is a free place; None for a pair of the match, and for one that may not
        be.
        """

    @property
    def mentor_regret(self) -> int | None:
        """The same for the mentor."""

    @property
    def cost(self) -> Table | None:
        """What the programme would lose with the pair, level by level: ``level``, ``lost``.

        The difference of two proven optima, in mentees and in micropoints of score. None where
        there is no cost; `no_cost` then says why.
        """

    @property
    def no_cost(self) -> str | None:
        """Why there is no cost; None where there is one."""

    @property
    def is_cut(self) -> bool:
        """Whether a limit came before the cost was known; all else is known."""

    @property
    def rules(self) -> Table:
        """What each rule says of the pair: ``code``, ``passes``, ``detail``."""

    @property
    def criteria(self) -> Table:
        """What each criterion gives, before weighting: ``criterion``, ``value`` in points."""

    @property
    def partners(self) -> Table:
        """Whom the two have: ``role``, ``id``, ``partner_id``, ``score``."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class PriceOfFairness:
    """What fairness costs, in micropoints.

    Two matches are compared: the match itself, and the best one without the level of fairness,
    which is equally good in the levels above, or without ``balance``. Its pairs are in the
    certificate.
    """

    @property
    def score(self) -> int:
        """The total score of the match."""

    @property
    def without(self) -> int:
        """The total score of the best match without it."""

    @property
    def price(self) -> int:
        """``without - score``."""

    @property
    def covered(self) -> int:
        """How many mentees the match covers."""

    @property
    def covered_without(self) -> int:
        """How many mentees the best match without it covers."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class CoMatch:
    """A co-mentoring match: the groups, everybody who is left, and the proof.

    `Program.co_match` makes it. Matches are equal where every part is; ``len(match)`` is the number
    of groups.
    """

    @property
    def pairs(self) -> Table:
        """Every two students who meet: ``group``, ``group_size``, and the ids of both.

        The columns are ``student_a_id``, ``student_b_id``, then ``score`` and one for each
        criterion, in points. A pair is one row, a triad three rows of one group. Ids
        are text here, whatever they were in the table.
        """

    @property
    def unmatched(self) -> Table:
        """Everybody in no group, and why: ``id``, ``reason``, ``detail``."""

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
        """How many students are in a group."""

    @property
    def students(self) -> int:
        """How many students there are."""

    @property
    def triads(self) -> int:
        """How many groups have three students."""

    @property
    def total_score(self) -> int:
        """The total score in micropoints, where a triad counts half the sum of its pairs."""

    def save(self, dir: _Path) -> list[Path]:
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

    def report(
        self,
        path: _Path,
        *,
        names: str | None = None,
        redacted: bool = False,
        title: str | None = None,
        sites: list[str] | None = None,
    ) -> Path:
        """Write the match as one printable page, for people who never saw Python.

        The page is an HTML file that needs nothing else, with the numbers, the reasons, and the
        proof in plain words. It appears whole or not at all.

        Parameters
        ----------
        path : path
            The file to write.
        names : str, optional
            The column that names students: ``id``, or another column of the table. Then the page
            has the groups, too. Without it students are named by their rows in the table.
        redacted : bool, optional
            Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
            those from which they could be worked out.
        title : str, optional
            The heading.
        sites : list of str, optional
            As `Match.report` has it, for mentees and mentors only: groups are in one table.

        Returns
        -------
        path
            Where the file is.

        Raises
        ------
        InputError
            If the table has no such column, if there are to be names in a redacted page, and for
            ``sites``.
        OSError
            If the file cannot be written; then it has not changed.
        """

    def to_html(
        self,
        *,
        names: str | None = None,
        redacted: bool = False,
        title: str | None = None,
        sites: list[str] | None = None,
    ) -> str:
        """Give the page that `report` writes, as text.

        Parameters
        ----------
        names : str, optional
            The column that names students: ``id``, or another column of the table. Then the page
            has the groups, too. Without it students are named by their rows in the table.
        redacted : bool, optional
            Whether the page is for sharing: it names nobody, and withholds numbers from 1 to 9 and
            those from which they could be worked out.
        title : str, optional
            The heading.
        sites : list of str, optional
            As `Match.to_html` has it, for mentees and mentors only: groups are in one table.

        Returns
        -------
        str
            The HTML document.

        Raises
        ------
        InputError
            If the table has no such column, if there are to be names in a redacted page, and for
            ``sites``.
        """

    def to_json(self) -> str:
        """Give the whole result as one JSON document.

        ``nearpeer match --students FILE --json FILE`` writes the same.
        ``docs/schema/co-match-1.json`` is its JSON Schema. Scores are in micropoints.
        """

    def to_dict(self) -> dict[str, Any]:
        """Give what `to_json` gives as dictionaries and lists."""

    def __len__(self) -> int: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Assessment:
    """What can be said of a programme's people before any matching.

    `Program.assess` makes it. ``print(assessment)`` shows a page with what matters the most; the
    tables have everything.
    """

    @property
    def eligibility(self) -> Table:
        """Everybody, and who may be paired with them: ``id``, ``role``, ``candidates``, ...

        ``candidates`` is how many may be paired with the person. Where nobody may, ``rule`` is the
        one without which the most could be had, or else the one that rules out the most;
        ``removed`` is how many it rules out, and ``alone`` how many of these no other rule does.
        """

    @property
    def rules(self) -> Table:
        """What each rule costs: ``rule``, ``on``, ``why_off``, ``pairs_removed``, ...

        ``pairs_alone`` are the pairs that only this rule forbids; ``mentees_alone`` and
        ``mentors_alone`` the people without anybody who would have somebody but for this rule.
        """

    @property
    def supply(self) -> Table:
        """Supply and demand by site, grade, slot and language.

        ``by`` and ``value`` say of whom, ``mentees`` how many there are and ``mentees_served`` how
        many of them have an eligible mentor (by slot and language one with the same value);
        ``mentors``, ``mentors_ready`` those who pass the rules on themselves, and the ``room`` that
        these have; ``mentors_in_reach`` and ``room_in_reach`` those whom any of the mentees may
        have.
        """

    @property
    def bottlenecks(self) -> Table:
        """Mentees who can only be served by too few mentors: ``bottleneck``, ``mentees``, ...

        ``room`` is how many these ``mentors`` can take, ``shortage`` how many of the mentees every
        match leaves at least; all shortages add up to ``mentees - coverage`` of the assessment.
        """

    @property
    def bottleneck_members(self) -> Table:
        """Who is in the bottlenecks: ``bottleneck``, ``role``, ``id``."""

    @property
    def staff(self) -> Table:
        """Leaders and places by site and slot, where pairs get slots; without rows otherwise.

        ``slot`` is null for the week of a site. ``mentees`` could meet there then; ``capacity`` is
        how many pairs ``room`` and ``leaders`` allow, ``leaders_needed`` how many leaders at least
        all who could meet there need, and ``short`` how many of those have no place.
        """

    @property
    def notes(self) -> list[str]:
        """Settings and columns that have no effect, a sentence each."""

    @property
    def mentees(self) -> int:
        """How many mentees there are."""

    @property
    def mentors(self) -> int:
        """How many mentors there are."""

    @property
    def eligible_pairs(self) -> int:
        """How many pairs every rule allows."""

    @property
    def coverage(self) -> int:
        """The most mentees that any match can cover, as far as loads are concerned."""

    def save(self, dir: _Path) -> list[Path]:
        """Write the tables as CSV files as the command does.

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

    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Progress:
    """How far a solve is, as the function that is given as ``progress`` is told."""

    @property
    def phase(self) -> str:
        """What is being done: ``compile``, ``first_columns``, ``network``, ``pricing``, ..."""

    @property
    def round(self) -> int:
        """Rounds of column generation so far, the one that runs included."""

    @property
    def columns(self) -> int:
        """Pairs that are candidates so far; all the others are priced, and not stored."""

    @property
    def level(self) -> str | None:
        """The level that the next three speak of, as in a certificate; None before any bound."""

    @property
    def objective(self) -> int | None:
        """What the best match so far has: micropoints for scores, a count otherwise."""

    @property
    def bound(self) -> int | None:
        """No match that is as good in the levels above has more."""

    @property
    def gap(self) -> int | None:
        """``bound - objective``."""

    @property
    def done(self) -> int:
        """Rows of this phase's pass that are done."""

    @property
    def total(self) -> int:
        """Rows of this phase's pass; 0 in a phase whose length is not known."""

    @property
    def elapsed(self) -> float:
        """Seconds since the solve began."""

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
    def __reduce__(self) -> tuple[Any, tuple[bytes]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]
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
        """The value in that level: micropoints for scores, a count otherwise."""

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

    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __reduce__(self) -> tuple[Any, tuple[str]]: ...
    __hash__: None  # type: ignore[assignment]

@final
class LevelValue:
    """What a match has in one level of the objective, and the proven bound of it."""

    @property
    def level(self) -> str:
        """The level: ``priority 2``, ``coverage``, ``score``, ``blocking pairs``, ..."""

    @property
    def weight(self) -> int:
        """Its weight in the combined objective; 0 for a level of fairness."""

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
        """Eligible pairs that the bound was worked out from: all that there are."""

    @property
    def leaves(self) -> int:
        """Leaves of the proof tree."""

    @property
    def scorer(self) -> Literal["compiled", "reference"]:
        """Whose scores the bound was worked out from: ``compiled`` or ``reference``."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class OneRoster:
    """What a OneRoster package says of mentees and mentors."""

    @property
    def mentees(self) -> Table:
        """The mentees: ``id``, ``grade``, ``site``, and ``gender`` where there are demographics.

        ``birth_date`` and ``name`` follow where they are asked for.
        """

    @property
    def mentors(self) -> Table:
        """The mentors, with the columns of the mentees."""

    @property
    def left_out(self) -> dict[str, int]:
        """How many students are in neither table, by why."""

    @property
    def without_school(self) -> int:
        """How many mentees and mentors have no school, so that no site is known."""

def read_oneroster(
    path: _Path,
    *,
    mentee_grades: int | str | Sequence[int | str],
    mentor_grades: int | str | Sequence[int | str],
    id: Literal["sourcedId", "identifier", "username"] = "sourcedId",
    names: bool = False,
    birth_dates: bool = False,
    disabled: bool = False,
) -> OneRoster:
    """Read mentees and mentors from a OneRoster package, by their grades.

    Reads versions 1.1 and 1.2 in CSV: ``manifest.csv``, ``orgs.csv``, ``users.csv``, ``roles.csv``
    (1.2), and ``enrollments.csv`` and ``demographics.csv`` if they are there. Sites are the names
    of schools. Nobody's name is carried unless ``names`` is true.

    Parameters
    ----------
    path : path
        A folder or a zip archive.
    mentee_grades : int, str or sequence of them
        The grades of the mentees: ``6``, ``"6,7"``, ``"K-2"`` or ``[6, 7]``.
    mentor_grades : int, str or sequence of them
        The grades of the mentors.
    id : {'sourcedId', 'identifier', 'username'}, default 'sourcedId'
        Which column of ``users.csv`` is the id.
    names : bool, default False
        Carry names, as the column ``name``.
    birth_dates : bool, default False
        Carry dates of birth, as the column ``birth_date``.
    disabled : bool, default False
        Take students whose ``enabledUser`` is false, too.

    Returns
    -------
    OneRoster
        With the tables ``mentees`` and ``mentors``.

    Raises
    ------
    InputError
        Naming file, line, column and value, or what is wrong with the grades.
    OSError
        If nothing can be read there.

    Examples
    --------
    >>> import nearpeer as npr
    >>> path = "tests/data/oneroster/v1p2"
    >>> roster = npr.read_oneroster(path, mentee_grades=6, mentor_grades="7-8")
    >>> roster
    <OneRoster: 4 mentees, 4 mentors>
    >>> match = npr.Program().match(roster.mentees, roster.mentors)
    >>> match.covered
    2
    """

@final
class District:
    """A made-up district, as `synth` gives it.

    Its tables are drawn when they are first asked for.

    Examples
    --------
    >>> import nearpeer as npr
    >>> district = npr.synth(students=300, sites=3, seed=7)
    >>> district.mentees.shape, district.mentees["id"][0]
    ((200, 10), 'mentee-001')
    """

    @property
    def mentees(self) -> Table:
        """The mentees: ``id``, ``grade``, ``site``, ``interests``, ``languages``, ``slots``, ...

        Kindergarten is grade 0; lists are lists, and a missing cell is null.
        """

    @property
    def mentors(self) -> Table:
        """The mentors: the columns of the mentees, ``load_max``, ``screened`` and ``trained``."""

    @property
    def leaders(self) -> Table:
        """The adults who supervise: ``id``, ``site``, ``slots``, ``capacity`` and ``max_slots``.

        ``capacity`` is pairs at one time, ``max_slots`` slots a week.
        """

    @property
    def rooms(self) -> Table:
        """For how many pairs there is room at one time: ``site``, ``slot`` and ``capacity``."""

    @property
    def program(self) -> Program:
        """The programme: the default one with the routes from school to school (feeders)."""

    def save(self, dir: _Path, *, format: Literal["csv", "parquet"] = "csv") -> list[Path]:
        """Write the tables and ``programme.toml`` as the command does.

        Parameters
        ----------
        dir : path
            The folder; it is made if it is not there.
        format : {'csv', 'parquet'}, default 'csv'
            How the tables are written.

        Returns
        -------
        list of path
            Where the files are.

        Raises
        ------
        InputError
            If there is no such format.
        OSError
            If the folder cannot be written; then nothing has changed.
        """

def synth(
    students: int = 1000,
    sites: int = 6,
    seed: int = 0,
    *,
    mentees: int | None = None,
    mentors: int | None = None,
    mentor_share: float = 0.3333333333333333,
    missing: float = 0.02,
) -> District:
    """Make up a district with leaders, rooms and a programme, the same for the same seed.

    For demos, tests and benchmarks, where real students' data must not go. The same arguments give
    the same cells on every machine. Interests occur and go together as in a survey of young people.

    Parameters
    ----------
    students : int, default 1000
        Mentees and mentors together.
    sites : int, default 6
        Schools. 0 is a district without: only grades and interests, and every mentor may have every
        mentee.
    seed : int, default 0
        Another seed gives other students.
    mentees, mentors : int, optional
        How many, whatever ``students`` says.
    mentor_share : float, default 1/3
        The share of mentors among ``students``.
    missing : float, default 0.02
        The share of missing cells.

    Returns
    -------
    District

    Raises
    ------
    InputError
        Naming the argument that cannot be.

    Examples
    --------
    >>> import nearpeer as npr
    >>> district = npr.synth(students=300, sites=3, seed=7)
    >>> district
    <District: 200 mentees, 100 mentors, 7 leaders, 3 sites>
    >>> match = district.program.match(district.mentees, district.mentors)
    >>> match.certificate.gap
    0
    """

def verify(
    program: Program,
    mentees: _Table,
    mentors: _Table,
    answer: Match | _Path | tuple[_Table, Certificate | str],
    *,
    leaders: _Table | None = None,
    rooms: _Table | None = None,
    pairs_blocked: _Table | None = None,
    pairs_required: _Table | None = None,
    pairs_previous: _Table | None = None,
    pair_scores: _Table | None = None,
    columns: Mapping[str, str] | None = None,
    reference: bool = False,
    threads: int | None = None,
) -> Verified:
    """Re-prove an answer: read the tables again, score every pair again, and check the bound.

    The pairs of the answer are always scored by the checker's plain scorer. The bound is over all
    eligible pairs, scored by the compiled rules and criteria, which the solve uses too; a fault in
    those could hide a better match. With ``reference=True`` the plain scorer scores every pair, so
    that the check shares nothing with the solve.

    Other Python threads run meanwhile, and Ctrl-C ends it.

    Parameters
    ----------
    program : Program
        The settings that the answer is for.
    mentees, mentors, leaders, rooms : table
    pairs_blocked, pairs_required, pairs_previous, pair_scores : table
        The tables that the answer is for, as `Program.match` takes them.
    answer : Match, path, or tuple of table and Certificate
        A match; a folder that `Match.save` or the command wrote; or the pairs (``mentee_id``,
        ``mentor_id``, ``score`` in points; where slots are assigned also ``site``, ``slot`` and
        ``leader``) with their certificate, or its JSON text.
    columns : mapping, optional
        As in `Program.match`.
    reference : bool, optional
        Whether to score every pair by the plain scorer, which takes many times as long.
    threads : int, optional
        Threads to use; all cores by default. The verdict does not depend on it.

    Returns
    -------
    Verified
        How much was checked, and how.

    Raises
    ------
    InputError
        If a table or the answer cannot be read.
    ProgramError
        If the settings do not fit the tables, or ``threads`` cannot be used.
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
    Verified(pairs=1, eligible=1, leaves=1, scorer='compiled')
    """

def verify_co_match(
    program: Program,
    students: _Table,
    answer: CoMatch | _Path,
    *,
    pairs_blocked: _Table | None = None,
    pairs_required: _Table | None = None,
    pairs_previous: _Table | None = None,
    pair_scores: _Table | None = None,
    columns: Mapping[str, str] | None = None,
    reference: bool = False,
    threads: int | None = None,
) -> Verified:
    """Re-prove a co-mentoring answer, as `verify` does for mentees and mentors.

    Parameters
    ----------
    program : Program
        The settings that the answer is for.
    students, pairs_blocked, pairs_required, pairs_previous, pair_scores : table
        The tables that the answer is for, as `Program.co_match` takes them.
    answer : CoMatch or path
        A match, or a folder that `CoMatch.save` or the command wrote.
    columns : mapping, optional
        As in `Program.match`.
    reference : bool, optional
        Whether to score every pair by the plain scorer, which takes many times as long.
    threads : int, optional
        Threads to use; all cores by default. The verdict does not depend on it.

    Returns
    -------
    Verified
        How much was checked, and how.

    Raises
    ------
    InputError
        If a table or the answer cannot be read.
    ProgramError
        If the settings do not fit the table, or ``threads`` cannot be used.
    VerificationError
        Saying what does not hold, and naming the row of the pair where it is one.

    Examples
    --------
    >>> import nearpeer as npr
    >>> import pyarrow as pa
    >>> students = pa.table({"id": ["ana", "bo"], "grade": [6, 6]})
    >>> programme = npr.Program(mode="co_mentoring")
    >>> npr.verify_co_match(programme, students, programme.co_match(students))
    Verified(pairs=1, eligible=1, leaves=1, scorer='compiled')
    """

def assign_cells(
    shape: tuple[int, int],
    cells: tuple[npt.NDArray[Any], npt.NDArray[Any]] | None,
    values: npt.NDArray[Any],
    row_load: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]],
    col_load: tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]],
    forbid: npt.NDArray[np.uint32],
    require: npt.NDArray[np.uint32],
    coverage_first: bool,
    maximize: bool,
    threads: int | None,
    time_limit: float | None,
    memory_limit: int | None,
    gap: int | None,
    progress: Callable[[Progress], object] | bool | None,
    on_interrupt: str,
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

def run_command(arguments: Sequence[str]) -> int:
    """Run the command ``nearpeer``, and give its exit status.

    Parameters
    ----------
    arguments : sequence of str
        The first is the command's own name.

    Returns
    -------
    int
    """
