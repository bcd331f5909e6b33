"""Match students with peer mentors, to a proven optimum.

Tables go in and come out through Arrow, so pandas, Polars, DuckDB and pyarrow all work.

Examples
--------
>>> import nearpeer as npr
>>> programme = npr.Program(loads={"mentor": {"max": 2}})
>>> programme == npr.Program.from_toml_text("loads.mentor.max = 2")
True
"""

# Here, so that the first match does not wait for it.
from nearpeer import _progress as _progress
from nearpeer._assign import Assignment, assign
from nearpeer._errors import (
    InfeasibleError,
    InputError,
    LimitError,
    NearpeerError,
    ProgramError,
    SolverError,
    VerificationError,
)
from nearpeer._nearpeer import (
    Assessment,
    Certificate,
    CoMatch,
    District,
    Explanation,
    LevelValue,
    Match,
    OneRoster,
    PairExplanation,
    PriceOfFairness,
    Program,
    Progress,
    Table,
    Verified,
    __version__,
    read_oneroster,
    synth,
    verify,
    verify_co_match,
)

__all__ = [
    "Assessment",
    "Assignment",
    "Certificate",
    "CoMatch",
    "District",
    "Explanation",
    "InfeasibleError",
    "InputError",
    "LevelValue",
    "LimitError",
    "Match",
    "NearpeerError",
    "OneRoster",
    "PairExplanation",
    "PriceOfFairness",
    "Program",
    "ProgramError",
    "Progress",
    "SolverError",
    "Table",
    "VerificationError",
    "Verified",
    "__version__",
    "assign",
    "read_oneroster",
    "synth",
    "verify",
    "verify_co_match",
]
