"""What several tests need: rosters to match, and where things are."""

from __future__ import annotations

import os
import random
import signal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

ROOT = Path(__file__).parents[2]
# The built command; tests that need it fail where it is not there.
COMMAND = os.environ.get("NEARPEER_COMMAND", str(ROOT / "target" / "release" / "nearpeer"))
INTERESTS = ["art", "biking", "chess", "dance", "film", "football", "music", "robots"]


def pytest_configure() -> None:
    """Let Ctrl-C be pressed by tests, which a job that a shell has in the background ignores."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def people(prefix: str, count: int, grades: range, seed: int) -> dict[str, list[Any]]:
    """Columns of a table of people, the same for the same seed."""
    dice = random.Random(seed)
    return {
        "id": [f"{prefix}{number:04}" for number in range(count)],
        "grade": [dice.choice(grades) for _ in range(count)],
        "site": [dice.choice(["Lincoln", "Adams"]) for _ in range(count)],
        "interests": [dice.sample(INTERESTS, dice.randint(1, 5)) for _ in range(count)],
    }


def score(mentee: dict[str, object], mentor: dict[str, object]) -> int:
    """Work out the definition of a score in fractions: interests 0.7, fit of the age gap 0.3."""
    a, b = set(mentee["interests"]), set(mentor["interests"])  # type: ignore[call-overload]
    gap = int(str(mentor["grade"])) - int(str(mentee["grade"]))
    interests = Fraction(len(a & b), len(a | b)) if a | b else Fraction(1, 2)
    fit = max(Fraction(0), 1 - Fraction(abs(gap - 3), 4))
    parts = [(700_000_000, interests), (300_000_000, fit)]
    trillionths = sum(floor(1000 * weight * value + Fraction(1, 2)) for weight, value in parts)
    return (trillionths + 500_000) // 1_000_000


@pytest.fixture
def mentees() -> pa.Table:
    return pa.table(people("e", 40, range(5, 9), 1))


@pytest.fixture
def mentors() -> pa.Table:
    return pa.table(people("m", 30, range(8, 13), 2))
