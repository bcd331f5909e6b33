"""Fairness and transition grades, against a formulation that shares nothing with them."""

from __future__ import annotations

import json
import pickle
import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

import nearpeer as npr

OPEN: dict[str, Any] = {
    "eligibility": {"site": False},
    "loads": {"mentor": {"max": 2}},
    "criteria": [{"kind": "pair_scores", "weight": 1, "missing": "ineligible"}],
}


def people(mentees: int, mentors: int, values: int, seed: int) -> dict[str, pa.Table]:
    """Give some pairs one of a few scores each, the low ones often."""
    dice = random.Random(seed)
    pairs = [(e, m) for e in range(mentees) for m in range(mentors) if dice.random() < 0.4]
    scores = {
        "mentee_id": [f"e{e:03}" for e, _ in pairs],
        "mentor_id": [f"m{m:03}" for _, m in pairs],
        "value": [int(values * dice.random() ** 2 + 1) / (values + 1) for _ in pairs],
    }
    return {
        "mentees": pa.table(
            {
                "id": [f"e{e:03}" for e in range(mentees)],
                "grade": dice.choices([5, 6, 7], k=mentees),
            }
        ),
        "mentors": pa.table({"id": [f"m{m:03}" for m in range(mentors)], "grade": [10] * mentors}),
        "pair_scores": pa.table(scores),
    }


class Formulation:
    """Every pair as a variable; what was optimised stays as it is in what follows."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        pairs = tables["pair_scores"]
        self.mentee = np.array([int(one[1:]) for one in pairs["mentee_id"].to_pylist()])
        mentor = np.array([int(one[1:]) for one in pairs["mentor_id"].to_pylist()])
        self.score = np.rint(np.array(pairs["value"]) * 1e6).astype(int)
        count = len(self.score)
        ones, pair = np.ones(count), np.arange(count)
        mentees, mentors = len(tables["mentees"]), len(tables["mentors"])
        loads = [
            coo_array((ones, (self.mentee, pair)), shape=(mentees, count)),
            coo_array((ones, (mentor, pair)), shape=(mentors, count)),
        ]
        self.constraints = [LinearConstraint(loads[0], ub=1), LinearConstraint(loads[1], ub=2)]

    def maximise(self, worth: np.ndarray) -> int:
        """Give the greatest sum of ``worth``; mentees have one mentor, so coverage counts pairs."""
        found = milp(
            -worth.astype(float),
            constraints=self.constraints,
            bounds=Bounds(0, 1),
            integrality=np.ones(len(worth), dtype=int),
            options={"mip_rel_gap": 0},
        )
        assert found.fun is not None
        value = round(-found.fun)
        self.constraints.append(LinearConstraint(worth.reshape(1, -1).astype(float), lb=value))
        return value


def scores(match: npr.Match) -> list[int]:
    return sorted(round(score * 1e6) for score in match.pairs["score"])


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_off_is_as_a_mixed_integer_program_finds_it(seed: int) -> None:
    tables = people(40, 18, 9, seed)
    programme = npr.Program(objective=["coverage", "worst_off", "score"], **OPEN)
    match = programme.match(**tables)
    by_hand = Formulation(tables)
    covered = by_hand.maximise(np.ones(len(by_hand.score)))
    plain = Formulation(tables)
    plain.maximise(np.ones(len(plain.score)))
    without = plain.maximise(plain.score)
    lowest = next(
        score
        for score in np.unique(by_hand.score)
        if by_hand.maximise(-1 * (by_hand.score == score)) < 0
    )
    # The loop has fixed how many have the lowest score, too; the total needs a fresh start.
    fresh = Formulation(tables)
    fresh.maximise(np.ones(len(fresh.score)))
    fresh.maximise(-1 * (fresh.score < lowest))
    total = fresh.maximise(fresh.score)

    assert [(level.level, level.objective) for level in match.certificate.levels] == [
        ("coverage", covered),
        ("worst_off", lowest),
        ("score", total),
    ]
    assert (match.certificate.status, match.lowest_score) == ("optimal", lowest)
    cost = match.price_of_fairness
    assert cost is not None
    assert (cost.score, cost.without, cost.price) == (total, without, without - total)
    assert f"price of fairness {(without - total) / 1e6:.6f}" in repr(match)
    verified = npr.verify(programme, answer=match, reference=True, **tables)
    assert verified.pairs == len(match)


@pytest.mark.parametrize("seed", range(6))
def test_leximin_is_as_a_mixed_integer_program_finds_it(seed: int) -> None:
    tables = people(40, 18, 9, seed)
    programme = npr.Program(objective=["coverage", "leximin", "score"], **OPEN)
    match = programme.match(**tables)
    by_hand = Formulation(tables)
    by_hand.maximise(np.ones(len(by_hand.score)))
    order: list[int] = []
    for score in np.unique(by_hand.score):
        order += [int(score)] * -by_hand.maximise(-1 * (by_hand.score == score))
    assert scores(match) == order
    levels = {level.level: (level.objective, level.bound) for level in match.certificate.levels}
    assert levels["worst_off"] == (order[0], order[0])
    assert levels["leximin"] == (len(order), len(order))
    assert levels["score"] == (sum(order), sum(order))
    assert npr.verify(programme, answer=match, **tables).pairs == len(match)
    assert pickle.loads(pickle.dumps(match)) == match


def test_a_changed_proof_of_fairness_is_refused() -> None:
    tables = people(40, 18, 9, 1)
    programme = npr.Program(objective=["coverage", "leximin", "score"], **OPEN)
    match = programme.match(**tables)
    certificate = match.certificate.to_dict()
    del certificate["fairness"]["order"]
    changed = npr.Certificate.from_json(json.dumps(certificate))
    with pytest.raises(npr.VerificationError, match="fairness"):
        npr.verify(programme, answer=(match.pairs, changed), **tables)


@pytest.mark.parametrize("seed", range(4))
def test_transition_grades_are_covered_first(seed: int) -> None:
    tables = people(40, 12, 9, seed)
    grades = np.array(tables["mentees"]["grade"])
    programme = npr.Program(objective=["transition", "coverage", "score"], **OPEN)
    match = programme.match(**tables)
    by_hand = Formulation(tables)
    expected = [
        ("transition", by_hand.maximise(grades[by_hand.mentee] == 6)),
        ("coverage", by_hand.maximise(np.ones(len(by_hand.score)))),
        ("score", by_hand.maximise(by_hand.score)),
    ]
    levels = match.certificate.levels
    assert [(level.level, level.objective) for level in levels] == expected
    other = npr.Program(objective=["transition"], transition_grades=["05", 7], **OPEN)
    assert other.match(**tables).certificate.level == "transition"
    assert "transition_grades = [5, 7]" in other.to_toml()


def test_without_grades_transition_has_no_effect_and_says_so() -> None:
    tables = people(4, 4, 3, 1)
    tables["mentees"] = tables["mentees"].drop_columns("grade")
    tables["mentors"] = tables["mentors"].drop_columns("grade")
    programme = npr.Program(objective=["transition", "coverage"], **OPEN)
    assert any("`transition` has no effect" in note for note in programme.match(**tables).notes)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"objective": ["worst_off", "coverage"]}, "worst_off must come after coverage"),
        ({"objective": ["coverage", "leximin", "worst_off"]}, "name one of the two"),
        ({"objective": ["coverage", "worst-off"]}, "did you mean `worst_off`"),
        ({"objective": ["transition"], "transition_grades": []}, "transition_grades"),
        ({"transition_grades": ["six"]}, r"transition_grades\[1\]"),
        (
            {
                "objective": ["coverage", "leximin"],
                "quotas": [{"name": "a", "same": "b", "at_most": 1}],
            },
            "`quotas`.*`leximin` of `objective`",
        ),
    ],
)
def test_settings_that_cannot_be_name_their_key(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(npr.ProgramError, match=message):
        npr.Program(**settings)


@pytest.mark.parametrize(
    ("loads", "message"),
    [
        ({"mentee": {"max": 2}}, "loads.mentee.max"),
        ({"mentor": {"min": 2, "max": 3}}, "or_none = false"),
    ],
)
def test_loads_that_leximin_cannot_compare_are_refused(loads: dict[str, Any], message: str) -> None:
    programme = npr.Program(**{**OPEN, "objective": ["coverage", "leximin"], "loads": loads})
    tables = people(6, 6, 3, 1)
    with pytest.raises(npr.ProgramError, match=message):
        programme.match(**tables)
    fair = npr.Program(**{**OPEN, "objective": ["coverage", "worst_off"], "loads": loads})
    match = fair.match(**tables)
    assert match.certificate.gap == 0
    assert match.price_of_fairness is None
