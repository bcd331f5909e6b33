"""Random schools with slots, leaders and rooms, solved again by HiGHS over all pairs and places."""

from __future__ import annotations

import random
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import INTERESTS, score

Rows = list[dict[str, Any]]

SITES = ["Adams", "Grant"]
SLOTS = ["Mon", "Tue", "Wed", "Thu"]
LATER = ["Mon late", "Tue late", "Wed late", "Thu late"]


def school(
    dice: random.Random, mentees: int, mentors: int, leaders: int, slots: list[str] = SLOTS
) -> dict[str, Rows]:
    """Make a school of two sites, where people, leaders and rooms are free in some slots."""

    def person(prefix: str, number: int) -> dict[str, Any]:
        return {
            "id": f"{prefix}{number:03}",
            "grade": dice.choice([6, 7] if prefix == "e" else [9, 10]),
            "site": dice.choice(SITES),
            "interests": dice.sample(INTERESTS[:8], dice.randint(1, 5)),
            "slots": dice.sample(slots, dice.randint(1, 3)),
            "load_max": 1 if prefix == "e" else dice.choice([1, 2, 3]),
        }

    few = max(2, mentees // 6)
    return {
        "mentees": [person("e", number) for number in range(mentees)],
        "mentors": [person("m", number) for number in range(mentors)],
        "leaders": [
            {
                "id": f"l{number}",
                "site": dice.sample(SITES, dice.choice([1, 1, 2])),
                "slots": dice.sample(slots, dice.randint(1, len(slots) - 1)),
                "capacity": dice.randint(1, few),
                "max_slots": dice.choice([1, 2, None]),
            }
            for number in range(leaders)
        ],
        "rooms": [
            {"site": site, "slot": slot, "capacity": dice.randint(0, few)}
            for site in SITES
            for slot in slots
        ],
    }


def best(school: dict[str, Rows]) -> tuple[int, int]:
    """Cover as many as can be, and then have the greatest total score, by one integer program."""
    young, old, leaders = school["mentees"], school["mentors"], school["leaders"]
    columns = [
        (e, m, mentee["site"], slot)
        for e, mentee in enumerate(young)
        for m, mentor in enumerate(old)
        if mentor["grade"] - mentee["grade"] >= 2
        for slot in mentee["slots"]
        if slot in mentor["slots"]
    ]
    staff = [
        (number, site, slot)
        for number, leader in enumerate(leaders)
        for site in leader["site"]
        for slot in leader["slots"]
    ]
    count = len(columns) + len(staff)
    rows: list[tuple[list[int], list[float], float]] = []

    def limit(members: list[int], most: float) -> None:
        rows.append((members, [1.0] * len(members), most))

    for side, persons in enumerate((young, old)):
        for ix, one in enumerate(persons):
            limit([c for c, column in enumerate(columns) if column[side] == ix], one["load_max"])
    for ix, leader in enumerate(leaders):
        own = [(len(columns) + y, place) for y, place in enumerate(staff) if place[0] == ix]
        limit([y for y, _ in own], leader["max_slots"] or len(own))
        for slot in leader["slots"]:
            limit([y for y, place in own if place[2] == slot], 1)
    for room in school["rooms"]:
        here = [c for c, column in enumerate(columns) if column[2:] == (room["site"], room["slot"])]
        limit(here, room["capacity"])
        there = [
            (len(columns) + y, -float(leaders[place[0]]["capacity"]))
            for y, place in enumerate(staff)
            if place[1:] == (room["site"], room["slot"])
        ]
        held = [1.0] * len(here) + [capacity for _, capacity in there]
        rows.append((here + [y for y, _ in there], held, 0))

    model = highspy.Highs()
    for option, value in (("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.4)):
        model.setOptionValue(option, value)
    every = np.arange(count, dtype=np.int32)
    model.addVars(count, np.zeros(count), np.ones(count))
    model.changeColsIntegrality(count, every, np.full(count, highspy.HighsVarType.kInteger))
    for members, held, most in rows:
        if members:
            model.addRow(
                -highspy.kHighsInf,
                most,
                len(members),
                np.array(members, dtype=np.int32),
                np.array(held),
            )
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def solve(worth: npt.NDArray[np.float64]) -> int:
        model.changeColsCost(count, every, worth)
        model.run()
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return int(np.rint(np.asarray(model.getSolution().col_value)) @ worth)

    is_pair = np.array([1.0] * len(columns) + [0.0] * len(staff))
    covered = solve(is_pair)
    model.addRow(covered, covered, count, every, is_pair)
    scores = [float(score(young[e], old[m])) for e, m, *_ in columns]
    return covered, solve(np.array(scores + [0.0] * len(staff)))


def check(school: dict[str, Rows]) -> None:
    """Hold the match to the optimum of HiGHS, and to the same pairs when rows are turned."""
    program = npr.Program(
        eligibility={"site": False, "slot": False}, meetings={"travel": "mentee", "assign": True}
    )
    tables = {name: pa.Table.from_pylist(rows) for name, rows in school.items()}
    match = program.match(**tables, time_limit=60)
    assert (match.covered, match.total_score, match.certificate.gap) == (*best(school), 0)
    staff = {name: tables[name] for name in ("leaders", "rooms")}
    people = (tables["mentees"], tables["mentors"])
    assert npr.verify(program, *people, match, **staff).pairs == match.covered
    turned = {name: pa.Table.from_pylist(rows[::-1]) for name, rows in school.items()}
    again = program.match(**turned, threads=1)
    assert list(again.pairs) == list(match.pairs)


@pytest.mark.parametrize("seed", range(60))
def test_a_small_school_is_as_good_as_highs(seed: int) -> None:
    dice = random.Random(seed)
    check(school(dice, dice.randint(1, 14), dice.randint(1, 8), dice.randint(1, 4)))


@pytest.mark.parametrize("seed", range(8))
def test_many_ways_to_staff_are_as_good_as_highs(seed: int) -> None:
    """Twelve leaders, each free in six of eight slots: billions of ways, proven by a tree."""
    dice = random.Random(seed)
    people = school(dice, dice.randint(20, 40), dice.randint(10, 20), 12, [*SLOTS, *LATER])
    for leader in people["leaders"]:
        leader.update(
            site=[dice.choice(SITES)],
            slots=dice.sample([*SLOTS, *LATER], 6),
            capacity=dice.randint(1, 3),
            max_slots=dice.choice([1, 2]),
        )
    check(people)


@pytest.mark.parametrize("seed", range(2))
def test_a_school_of_a_hundred_is_as_good_as_highs(seed: int) -> None:
    check(school(random.Random(seed), 100, 50, 5))
