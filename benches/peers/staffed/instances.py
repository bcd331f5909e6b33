"""Programmes in which pairs meet: a district of ``synth``, or one school of random students."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np

from peers.problem import SEED

# One school: its slots, in how many a student and a leader are free, and what a leader holds.
SLOTS, FREE, LEADER_FREE = 10, 3, 4
LEADERS, CAPACITY, MAX_SLOTS = 7, 32, 2
INTERESTS = 60
SCHOOL = """
objective = ["coverage", "score"]
loads.mentor.max = 2
eligibility.grade_gap.min = 2

[[criteria]]
kind = "interests"
weight = 0.7

[[criteria]]
kind = "grade_gap"
weight = 0.3
tolerance = 4
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


def name(size: str) -> str:
    """Write a size as in the table."""
    return (
        re.sub(r"\d+", lambda number: f"{int(number[0]):,}", size)
        .replace("x", " x ")
        .replace("/", " / ")
    )


def students(size: str) -> int:
    """Count the students of a size."""
    if "x" in size:
        return sum(int(side) for side in size.split("x"))
    return int(size.split("/")[0])


def instance(size: str) -> Instance:
    """Make a district, ``students/schools``, or one school, ``mentees x mentors``."""
    if "x" in size:
        mentees, mentors = (int(side) for side in size.split("x"))
        return school(mentees, mentors)
    import nearpeer as npr

    people, sites = (int(number) for number in size.split("/"))
    made = npr.synth(students=people, sites=sites, seed=SEED)
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

    def people(prefix: str, count: int, grades: range) -> Any:
        interests = [f"interest {number}" for number in range(INTERESTS)]
        columns = {
            "id": [f"{prefix}{number}" for number in range(count)],
            "grade": dice.integers(grades.start, grades.stop, count),
            "site": ["Lincoln"] * count,
            "interests": [some(interests, int(dice.integers(3, 9))) for _ in range(count)],
            "slots": [some(slots, FREE) for _ in range(count)],
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
        mentees=people("e", mentees, range(6, 9)),
        mentors=people("m", mentors, range(9, 13)),
        leaders=pl.DataFrame(leaders),
        rooms=pl.DataFrame(rooms),
        program=npr.Program.from_toml_text(SCHOOL),
    )
