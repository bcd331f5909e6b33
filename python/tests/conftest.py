"""What several tests need: rosters to match, and where things are."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

ROOT = Path(__file__).parents[2]
# The built command; tests that need it fail where it is not there.
COMMAND = os.environ.get("NEARPEER_COMMAND", str(ROOT / "target" / "release" / "nearpeer"))
INTERESTS = ["art", "biking", "chess", "dance", "film", "football", "music", "robots"]


def people(prefix: str, count: int, grades: range, seed: int) -> dict[str, list[Any]]:
    """Columns of a table of people, the same for the same seed."""
    dice = random.Random(seed)
    return {
        "id": [f"{prefix}{number:04}" for number in range(count)],
        "grade": [dice.choice(grades) for _ in range(count)],
        "site": [dice.choice(["Lincoln", "Adams"]) for _ in range(count)],
        "interests": [dice.sample(INTERESTS, dice.randint(1, 5)) for _ in range(count)],
    }


@pytest.fixture
def mentees() -> pa.Table:
    return pa.table(people("e", 40, range(5, 9), 1))


@pytest.fixture
def mentors() -> pa.Table:
    return pa.table(people("m", 30, range(8, 13), 2))
