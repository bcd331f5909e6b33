"""Programmes in which pairs meet: a district of ``synth``, or one school of random students."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from peers.problem import SEED

# One school: its slots, in how many a student and a leader are free, and what a leader holds.
SLOTS, FREE, LEADER_FREE = 10, 3, 4
LEADERS, CAPACITY, MAX_SLOTS = 7, 32, 2
INTERESTS = 60
SCHOOL = """
objective = ["coverage", "score"]
eligibility.grade_gap.min = 2

[[criteria]]
kind = "interests"
weight = 0.7
missing = "neutral"

[[criteria]]
kind = "grade_gap"
weight = 0.3
tolerance = 4
missing = "neutral"
"""


@dataclasses.dataclass(frozen=True)
class Instance:
    """A programme and its people as Polars frames."""

    mentees: Any
    mentors: Any
    leaders: Any
    rooms: Any
    program: Any

    @property
    def staff(self) -> dict[str, Any]:
        """Give the tables beside the students."""
        return {"leaders": self.leaders, "rooms": self.rooms}


@dataclasses.dataclass(frozen=True)
class Size:
    """How large a programme is: students / schools of a district, or mentees x mentors."""

    is_school: bool
    counts: tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``600/6`` or ``500x250``."""
        first, second = text.split("x" if "x" in text else "/")
        return cls(is_school="x" in text, counts=(int(first), int(second)))

    def __str__(self) -> str:
        """Write it as in the table."""
        return f"{self.counts[0]:,} {'x' if self.is_school else '/'} {self.counts[1]:,}"

    @property
    def students(self) -> int:
        """How many mentees and mentors there are."""
        return sum(self.counts) if self.is_school else self.counts[0]

    def instance(self) -> Instance:
        """Make the programme and its people."""
        return school(*self.counts) if self.is_school else district(*self.counts)


def district(students: int, sites: int) -> Instance:
    """Make a district by ``synth``."""
    import nearpeer as npr

    made = npr.synth(students=students, sites=sites, seed=SEED)
    return Instance(
        mentees=made.mentees.to_polars(),
        mentors=made.mentors.to_polars(),
        leaders=made.leaders.to_polars(),
        rooms=made.rooms.to_polars(),
        program=made.program,
    )


def school(mentees: int, mentors: int) -> Instance:
    """Make one school of random students, who have room enough and too few leaders."""
    import polars as pl

    import nearpeer as npr

    dice = np.random.default_rng(SEED)
    slots = [f"slot {number}" for number in range(SLOTS)]

    def some(words: list[str], count: int) -> list[str]:
        return sorted(dice.choice(words, count, replace=False).tolist())

    def people(prefix: str, count: int, grades: range, load: int) -> Any:
        interests = [f"interest {number}" for number in range(INTERESTS)]
        columns = {
            "id": [f"{prefix}{number}" for number in range(count)],
            "grade": dice.integers(grades.start, grades.stop, count),
            "site": ["Lincoln"] * count,
            "interests": [some(interests, int(dice.integers(3, 9))) for _ in range(count)],
            "slots": [some(slots, FREE) for _ in range(count)],
            "load_max": [load] * count,
            # For ``peers.district.pairs``, which reads them; nothing depends on them here.
            "languages": [["English"]] * count,
            "gender": ["unknown"] * count,
        }
        return pl.DataFrame(columns)

    leaders = {
        "id": [f"leader {number}" for number in range(LEADERS)],
        "site": ["Lincoln"] * LEADERS,
        "slots": [some(slots, LEADER_FREE) for _ in range(LEADERS)],
        "capacity": [CAPACITY] * LEADERS,
        "max_slots": [MAX_SLOTS] * LEADERS,
    }
    rooms = {"site": ["Lincoln"] * SLOTS, "slot": slots, "capacity": [mentees] * SLOTS}
    return Instance(
        mentees=people("e", mentees, range(6, 9), load=1),
        mentors=people("m", mentors, range(9, 13), load=2),
        leaders=pl.DataFrame(leaders),
        rooms=pl.DataFrame(rooms),
        program=npr.Program.from_toml_text(SCHOOL),
    )
