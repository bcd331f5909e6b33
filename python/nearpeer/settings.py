"""The types of a programme's settings, for type checkers and editors.

They are what `Program` takes as keyword arguments, plain dictionaries at run time. Which values go
together, `Program` checks.

Examples
--------
>>> import nearpeer as npr
>>> from nearpeer.settings import Criterion
>>> club: Criterion = {"kind": "same", "column": "club", "weight": 1, "missing": "zero"}
>>> npr.Program(criteria=[club])
<Program: priority > coverage > score; criteria same_club 1; loads: mentee 0-1, mentor 0-1>
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

__all__ = [
    "Balance",
    "Budget",
    "Circles",
    "Criterion",
    "Eligibility",
    "Family",
    "Feeder",
    "GradeGap",
    "Has",
    "Limits",
    "Loads",
    "Meetings",
    "MenteeLoad",
    "MentorLoad",
    "Quota",
    "Rule",
    "Settings",
    "Stability",
]


class MenteeLoad(TypedDict, total=False):
    """How many pairs a mentee may be in, where the table does not say."""

    min: int
    max: int


class MentorLoad(TypedDict, total=False):
    """How many pairs a mentor may be in; with ``or_none`` none, too, whatever ``min`` says."""

    min: int
    max: int
    or_none: bool


class Loads(TypedDict, total=False):
    """Loads of both sides."""

    mentee: MenteeLoad
    mentor: MentorLoad


class Limits(TypedDict, total=False):
    """What cuts a solve short: seconds, mebibytes, micropoints of the score."""

    time: float
    memory: int
    gap: int


class GradeGap(TypedDict, total=False):
    """The mentor's grade less the mentee's, in grades; both ends are included."""

    min: int
    max: int


# `from` is a word of Python's own.
_FeederKeys = TypedDict("_FeederKeys", {"from": str | int, "to": str | int})


class Feeder(_FeederKeys):
    """A route ``from`` a mentor's site ``to`` a mentee's."""


class _RuleKeys(TypedDict):
    name: str
    column: str
    require: Literal["same", "different", "within", "one_of", "at_least", "at_most"]


class Rule(_RuleKeys, total=False):
    """A hard rule on any column that nearpeer gives no meaning to."""

    value: float
    values: Sequence[str | int]
    side: Literal["mentee", "mentor", "both"]


class Eligibility(TypedDict, total=False):
    """Who may be paired; False switches a rule off."""

    screening: bool
    training: bool
    consent: bool
    grade_gap: GradeGap | bool
    site: bool
    slot: bool
    language: bool
    gender: bool
    feeders: Sequence[Feeder]
    rules: Sequence[Rule]


class Meetings(TypedDict, total=False):
    """At whose site pairs meet, and whether each gets a slot."""

    travel: Literal["mentee", "mentor", "either"]
    assign: bool


class Circles(TypedDict, total=False):
    """What the mentees of one mentor have in common: a slot, a band of grades."""

    one_slot: bool
    grade_band: int


class _CriterionKeys(TypedDict):
    kind: Literal[
        "interests",
        "grade_gap",
        "goals",
        "slots",
        "languages",
        "preferences",
        "same",
        "different",
        "closeness",
        "previous",
        "pair_scores",
    ]
    weight: float


class Criterion(_CriterionKeys, total=False):
    """A term of a pair's score.

    All kinds but ``previous`` need ``missing``: what a pair gets where data is missing.
    """

    missing: Literal["neutral", "zero", "ineligible"]
    name: str
    measure: Literal["jaccard", "idf_jaccard", "cosine"]
    ideal: int
    tolerance: int
    side: Literal["both", "mentee", "mentor"]
    column: str
    scale: float


class Has(TypedDict):
    """A cell that somebody has."""

    column: str
    value: str | int


class _QuotaKeys(TypedDict):
    name: str


class Quota(_QuotaKeys, total=False):
    """At most, or at least, so many pairs of a kind; one key says which are counted."""

    at_most: int
    at_least: int
    property: Literal["cross_site"]
    same: str
    different: str
    language: str
    mentee: Has
    mentor: Has
    pairs: Sequence[Sequence[str | int]]


class _BudgetKeys(TypedDict):
    name: str
    at_most: float


class Budget(_BudgetKeys, total=False):
    """What a match costs, a pair or a person, is at most so much."""

    pair: float
    mentee: str
    mentor: str
    cross_site: bool
    mentor_has: Has


class _BalanceKeys(TypedDict):
    column: str


class Balance(_BalanceKeys, total=False):
    """The coverage of groups of mentees: at least a share, or no further from that of all."""

    groups: Sequence[str | int]
    at_least: float
    within: float


class _FamilyKeys(TypedDict):
    name: str
    members: Sequence[str | int]


class Family(_FamilyKeys, total=False):
    """Siblings and friends, by their ids."""

    keep: Literal["together", "apart"]
    all_or_none: bool


class _StabilityKeys(TypedDict):
    mode: Literal["mentee_optimal", "mentor_optimal", "best_score", "fewest_blocking"]


class Stability(_StabilityKeys, total=False):
    """That wishes are kept to."""

    unlisted: Literal["accepted", "refused"]


class Settings(TypedDict, total=False):
    """All settings of a programme; None stands for a key that is left out."""

    mode: Literal["cross_age", "co_mentoring"] | None
    objective: (
        Sequence[Literal["priority", "transition", "coverage", "worst_off", "leximin", "score"]]
        | None
    )
    transition_grades: Sequence[int | str] | None
    loads: Loads | None
    limits: Limits | None
    eligibility: Eligibility | None
    meetings: Meetings | None
    circles: Circles | None
    criteria: Sequence[Criterion] | None
    quotas: Sequence[Quota] | None
    budgets: Sequence[Budget] | None
    balance: Sequence[Balance] | None
    families: Sequence[Family] | None
    stability: Stability | None
    triads: bool | int | None
