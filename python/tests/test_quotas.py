"""Quotas, against a formulation of the same programme that shares nothing with it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, vstack

import nearpeer as npr

Level = Literal["priority", "coverage", "score"]

SITES = ["Adams", "Grant", "Lincoln", "Monroe"]


def district(mentees: int, mentors: int, values: int, seed: int) -> dict[str, pa.Table]:
    """People of four sites, and a score for every pair from ``values`` different ones."""
    dice = random.Random(seed)

    def side(prefix: str, count: int, grade: int, weights: list[int]) -> pa.Table:
        columns = {
            "id": [f"{prefix}{number:03}" for number in range(count)],
            "grade": [grade] * count,
            "site": dice.choices([*SITES, None], [*weights, 1], k=count),
            "club": dice.choices(["art", "chess", None], [3, 3, 1], k=count),
        }
        return pa.table(columns)

    young = side("e", mentees, 6, [6, 4, 2, 1])
    old = side("m", mentors, 10, [1, 2, 4, 6])
    pairs = [(e, m) for e in range(mentees) for m in range(mentors)]
    scores = {
        "mentee_id": [f"e{e:03}" for e, _ in pairs],
        "mentor_id": [f"m{m:03}" for _, m in pairs],
        "value": [dice.randrange(1, values + 1) / values for _ in pairs],
    }
    return {"mentees": young, "mentors": old, "pair_scores": pa.table(scores)}


def programme(quotas: Any, objective: list[Level]) -> npr.Program:
    return npr.Program(
        objective=objective,
        eligibility={"site": False},
        loads={"mentor": {"max": 2}},
        criteria=[{"kind": "pair_scores", "weight": 1, "missing": "ineligible"}],
        quotas=quotas,
    )


def counts(quota: dict[str, Any], people: dict[str, pa.Table]) -> np.ndarray:
    """Which pairs a quota counts, mentees by mentors."""
    column = "site" if "property" in quota else quota.get("same", quota.get("different"))
    young, old = (people[table][column].to_pylist() for table in ("mentees", "mentors"))
    wanted = "same" in quota
    return np.array(
        [[None not in (a, b) and (a == b) == wanted for b in old] for a in young], dtype=bool
    )


def best(
    people: dict[str, pa.Table], quotas: list[dict[str, Any]], objective: list[Level]
) -> list[int]:
    """Solve level after level by HiGHS on the whole formulation, and give the optima."""
    mentees, mentors = len(people["mentees"]), len(people["mentors"])
    count = mentees * mentors
    mentee, mentor = np.divmod(np.arange(count), mentors)
    score = np.rint(np.array(people["pair_scores"]["value"]) * 1e6)
    ones, pair = np.ones(count), np.arange(count)
    rows = [
        coo_array((ones, (mentee, pair)), shape=(mentees, count)),
        coo_array((ones, (mentor, pair)), shape=(mentors, count)),
        *(coo_array(counts(quota, people).reshape(1, -1).astype(float)) for quota in quotas),
    ]
    limits = np.concatenate(
        [np.ones(mentees), 2 * np.ones(mentors), [quota["at_most"] for quota in quotas]]
    )
    held: list[Any] = [LinearConstraint(vstack(rows), ub=limits)]
    found = []
    for level in objective:
        # A mentee has one mentor at most, so each pair covers one mentee.
        worth = ones if level == "coverage" else score
        result = milp(
            -worth,
            integrality=np.ones(count, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=held,
            options={"mip_rel_gap": 0},
        )
        assert result.success
        value = round(-result.fun)
        found.append(value)
        held.append(LinearConstraint(worth.reshape(1, -1), lb=value - 0.5))
    return found


CROSS = {"name": "buses", "property": "cross_site"}
MIXED = {"name": "mixed clubs", "different": "club"}
ALIKE = {"name": "chess only", "same": "club"}


@pytest.mark.parametrize("objective", [["coverage", "score"], ["score"]])
@pytest.mark.parametrize("values", [1, 3, 1_000_000])
@pytest.mark.parametrize(
    "limits", [[(CROSS, 0)], [(CROSS, 17)], [(CROSS, 20), (MIXED, 15)], [(ALIKE, 9), (MIXED, 9)]]
)
def test_the_optimum_is_that_of_another_formulation(
    objective: list[Level], values: int, limits: list[tuple[dict[str, Any], int]]
) -> None:
    people = district(100, 45, values, seed=values)
    quotas = [{**quota, "at_most": at_most} for quota, at_most in limits]
    match = programme(quotas, objective).match(**people)
    assert match.certificate.status == "optimal"
    assert match.certificate.gap == 0
    assert [level.objective for level in match.certificate.levels] == best(
        people, quotas, objective
    )
    young, old = (people[table]["id"].to_pylist() for table in ("mentees", "mentors"))
    for quota in quotas:
        counted = counts(quota, people)
        pairs = zip(match.pairs["mentee_id"], match.pairs["mentor_id"])
        assert sum(counted[young.index(e), old.index(m)] for e, m in pairs) <= quota["at_most"]
    verified = npr.verify(
        programme(quotas, objective),
        people["mentees"],
        people["mentors"],
        match,
        pair_scores=people["pair_scores"],
    )
    assert verified.pairs == len(match.pairs)


def test_an_answer_is_the_same_in_any_order_and_on_any_threads() -> None:
    people = district(60, 30, 5, seed=3)
    quotas = [{**CROSS, "at_most": 11}, {**MIXED, "at_most": 8}]
    expected = programme(quotas, ["coverage", "score"]).match(**people)
    dice = random.Random(0)
    for threads in (1, 2, 8):
        shuffled = {
            name: table.take(dice.sample(range(len(table)), len(table)))
            for name, table in people.items()
        }
        match = programme(quotas, ["coverage", "score"]).match(**shuffled, threads=threads)
        assert match == expected


def test_who_is_left_out_by_a_quota_is_told_so() -> None:
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6], "site": ["Grant", "Grant"]})
    mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9], "site": ["Adams", "Adams"]})
    settings = npr.Program(
        eligibility={"feeders": [{"from": "Adams", "to": "Grant"}]},
        quotas=[{"name": "buses", "property": "cross_site", "at_most": 1}],
    )
    match = settings.match(mentees, mentors)
    assert match.covered == 1
    assert match.unmatched["reason"] == ["quota_reached", "quota_reached"]
    assert match.unmatched["detail"][0] == (
        '2 eligible; a pair with any who has room would be one too many for "buses"'
    )


def test_a_quota_can_make_required_pairs_impossible() -> None:
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6], "site": ["Grant", "Grant"]})
    mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9], "site": ["Adams", "Adams"]})
    required = pa.table({"mentee_id": ["ana", "bo"], "mentor_id": ["max", "zoe"]})
    settings = npr.Program(
        eligibility={"site": False},
        quotas=[{"name": "buses", "property": "cross_site", "at_most": 1}],
    )
    with pytest.raises(npr.InfeasibleError, match="buses"):
        settings.match(mentees, mentors, pairs_required=required)


@pytest.mark.parametrize(
    ("quota", "key"),
    [
        ({"name": "a", "property": "cross_site", "at_most": 1}, r"quotas\[1\].property"),
        ({"name": "a", "same": "bus", "at_most": 1}, r"quotas\[1\].same.*no column `bus`"),
        ({"name": "a", "same": "site", "at_most": 1}, r"quotas\[1\].same"),
    ],
)
def test_a_quota_names_a_column_that_is_missing(quota: Any, key: str) -> None:
    table = pa.table({"id": ["ana"], "grade": [6]})
    other = pa.table({"id": ["max"], "grade": [9]})
    with pytest.raises(npr.ProgramError, match=key):
        npr.Program(quotas=[quota]).match(table, other)


def test_a_saved_answer_is_verified(tmp_path: Path) -> None:
    people = district(30, 12, 7, seed=5)
    settings = programme([{**CROSS, "at_most": 4}], ["coverage", "score"])
    match = settings.match(**people)
    match.save(tmp_path)
    assert npr.verify(
        settings,
        people["mentees"],
        people["mentors"],
        tmp_path,
        pair_scores=people["pair_scores"],
    ).pairs == len(match.pairs)
