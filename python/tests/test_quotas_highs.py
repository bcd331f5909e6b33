"""Random rosters with quotas, solved again by HiGHS over all eligible pairs at once."""

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
from nearpeer.settings import Feeder

People = list[dict[str, Any]]
Quota = dict[str, Any]

TYPES = pa.schema(
    {
        "id": pa.string(),
        "grade": pa.int64(),
        "site": pa.string(),
        "club": pa.string(),
        "interests": pa.list_(pa.string()),
        "load_max": pa.int64(),
    }
)
SITES = ["Adams", "Grant", "Lincoln"]
FEEDERS: list[Feeder] = [
    {"from": a, "to": b} for a in SITES for b in SITES if (a, b) != ("Adams", "Lincoln")
]
OPEN = {(route["from"], route["to"]) for route in FEEDERS} | {(site, site) for site in SITES}
KINDS = ["any", "ties", "all scores equal", "one popular mentor", "nobody eligible", "one mentee"]


def people(dice: random.Random, kind: str, prefix: str, count: int) -> People:
    """Make people; the kind says how much alike they are."""
    young, alike = prefix == "e", kind in ("all scores equal", "one popular mentor")
    grades = [6] if kind == "all scores equal" else [5, 6, 7]
    if not young:
        grades = {"all scores equal": [9], "nobody eligible": [5, 6]}.get(kind, [8, 9, 10])
    words = INTERESTS[: 2 if kind == "ties" else 8]
    made: People = []
    for number in range(count):
        wanted = young or number == 0
        some = dice.sample(words, dice.randint(1, min(len(words), 5)))
        made.append(
            {
                "id": f"{prefix}{number:03}",
                "grade": dice.choice(grades),
                "site": dice.choice(SITES),
                "club": dice.choice(["art", "chess", None]),
                "interests": INTERESTS[:3] if alike and (wanted or len(grades) == 1) else some,
                "load_max": 1 if young else dice.choice([0, 1, 1, 2, 3]),
            }
        )
    return made


def quotas(dice: random.Random, most: int) -> list[Quota]:
    """Draw one to three kinds of pairs, with limits that often bind."""
    kinds = [
        {"name": "buses", "property": "cross_site"},
        {"name": "mixed clubs", "different": "club"},
        {"name": "one club", "same": "club"},
    ]
    chosen = dice.sample(kinds, dice.randint(1, 3))
    return [{**kind, "at_most": dice.randint(0, most)} for kind in chosen]


def counted(quota: Quota, mentee: dict[str, Any], mentor: dict[str, Any]) -> bool:
    column = "site" if "property" in quota else str(quota.get("same") or quota["different"])
    if None in (mentee[column], mentor[column]):
        return False
    return bool((mentee[column] == mentor[column]) == ("same" in quota))


def best(young: People, old: People, limits: list[Quota]) -> tuple[int, int]:
    """Cover as many as can be, and then have the greatest total score."""
    pairs = [
        (e, m)
        for e, mentee in enumerate(young)
        for m, mentor in enumerate(old)
        if mentor["grade"] - mentee["grade"] >= 2 and (mentor["site"], mentee["site"]) in OPEN
    ]
    if not pairs:
        return 0, 0
    scores = np.array([score(young[e], old[m]) for e, m in pairs], dtype=np.float64)
    rows: list[tuple[npt.NDArray[np.int32], int]] = []
    for side, persons in enumerate((young, old)):
        at = np.array([pair[side] for pair in pairs])
        rows += [
            (np.flatnonzero(at == ix).astype(np.int32), person["load_max"])
            for ix, person in enumerate(persons)
        ]
    for quota in limits:
        one_of = [counted(quota, young[e], old[m]) for e, m in pairs]
        rows.append((np.flatnonzero(one_of).astype(np.int32), quota["at_most"]))

    model = highspy.Highs()
    for option, value in (("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.4)):
        model.setOptionValue(option, value)
    count = len(pairs)
    every = np.arange(count, dtype=np.int32)
    model.addVars(count, np.zeros(count), np.ones(count))
    model.changeColsIntegrality(count, every, np.full(count, highspy.HighsVarType.kInteger))
    for members, limit in rows:
        if len(members):
            model.addRow(-highspy.kHighsInf, limit, len(members), members, np.ones(len(members)))
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def solve(worth: npt.NDArray[np.float64]) -> int:
        model.changeColsCost(count, every, worth)
        model.run()
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return int(np.rint(np.asarray(model.getSolution().col_value)) @ worth)

    covered = solve(np.ones(count))
    model.addRow(covered, covered, count, every, np.ones(count))
    return covered, solve(scores)


def check(young: People, old: People, limits: Any) -> None:
    """Hold the match to the optimum of HiGHS, its pairs to the quotas, and its proof to no gap."""
    program = npr.Program(eligibility={"feeders": FEEDERS}, quotas=limits)
    mentees, mentors = (pa.Table.from_pylist(rows, TYPES) for rows in (young, old))
    # Most take milliseconds; one that does not end is to fail, and not to hang.
    match = program.match(mentees, mentors, time_limit=30)
    found = (match.covered, match.total_score, match.certificate.gap)
    assert found == (*best(young, old, limits), 0)
    by_id = {person["id"]: person for person in young + old}
    chosen = [(by_id[pair["mentee_id"]], by_id[pair["mentor_id"]]) for pair in match.pairs]
    for quota in limits:
        assert sum(counted(quota, *pair) for pair in chosen) <= quota["at_most"]
    assert npr.verify(program, mentees, mentors, match).pairs == match.covered


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("kind", KINDS)
def test_a_small_match_with_quotas_is_as_good_as_highs(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    mentees = 1 if kind == "one mentee" else dice.randint(2, 30)
    young = people(dice, kind, "e", mentees)
    old = people(dice, kind, "m", dice.randint(1, 16))
    check(young, old, quotas(dice, max(1, mentees // 4)))


@pytest.mark.parametrize("kind", ["any", "ties", "all scores equal"])
@pytest.mark.parametrize("seed", range(2))
def test_a_match_of_hundreds_with_quotas_is_as_good_as_highs(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    young, old = people(dice, kind, "e", 240), people(dice, kind, "m", 120)
    check(young, old, quotas(dice, 60))
