"""Small and degenerate rosters, matched again by SciPy on scores that Python works out."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import linear_sum_assignment

import nearpeer as npr
from conftest import score

People = list[dict[str, Any]]
TYPES = pa.schema(
    {
        "id": pa.string(),
        "grade": pa.int64(),
        "site": pa.string(),
        "interests": pa.list_(pa.string()),
        "load_max": pa.int64(),
    }
)
COVERED = 10**9  # one more mentee covered is worth more than all scores


def people(dice: random.Random, prefix: str, count: int, **choices: list[Any]) -> People:
    """Make people of the given choices, few enough that many of them are the same."""
    words = choices["words"]
    return [
        {
            "id": f"{prefix}{number}",
            "grade": dice.choice(choices["grades"]),
            "site": dice.choice(choices["sites"]),
            "interests": dice.sample(words, dice.randint(0, len(words))),
            "load_max": dice.choice(choices["loads"]),
        }
        for number in range(count)
    ]


def roster(kind: str, seed: int) -> tuple[People, People]:
    """Give mentees and mentors of one kind."""
    dice = random.Random(seed)
    mentees, mentors = (1 if kind == "one mentee" else dice.randint(1, 9)), dice.randint(1, 7)
    same = kind == "all the same"
    sites = ["Adams"] if same else ["Adams", "Lincoln"]
    words = [] if same else ["art", "chess", "film"]
    young = people(
        dice, "e", mentees, grades=[6] if same else [5, 6, 7], sites=sites, words=words, loads=[1]
    )
    old = people(
        dice,
        "m",
        mentors,
        grades={"all the same": [9], "nobody eligible": [5, 6]}.get(kind, [8, 9, 10]),
        sites=sites,
        words=words,
        loads=[0, 1, 2, 30],
    )
    if kind == "one popular mentor":
        for mentor in old[1:]:
            mentor["interests"] = []
        old[0]["interests"] = ["art", "chess", "film"]
        for mentee in young:
            mentee["interests"] = ["art", "chess", "film"]
    return young, old


def eligible(mentee: dict[str, Any], mentor: dict[str, Any]) -> bool:
    return bool(mentor["grade"] - mentee["grade"] >= 2 and mentor["site"] == mentee["site"])


KINDS = ["any", "all the same", "one popular mentor", "nobody eligible", "one mentee"]


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("kind", KINDS)
def test_a_match_is_as_good_as_scipys(kind: str, seed: int) -> None:
    """Cover as many as can be, and then have the greatest total score."""
    young, old = roster(kind, seed)
    # A mentor stands in as many columns as the load; nobody is forced into a pair.
    places = [mentor for mentor in old for _ in range(mentor["load_max"])]
    worth = [[COVERED + score(e, m) if eligible(e, m) else 0 for m in places] for e in young]
    weights = np.array(worth, dtype=np.float64).reshape(len(young), len(places))
    row, column = linear_sum_assignment(weights, maximize=True)
    covered, total = divmod(int(weights[row, column].sum()), COVERED)

    mentees, mentors = (pa.Table.from_pylist(rows, TYPES) for rows in (young, old))
    match = npr.Program().match(mentees, mentors)
    assert (match.covered, match.total_score, match.certificate.gap) == (covered, total, 0)
    assert npr.verify(npr.Program(), mentees, mentors, match, reference=True).pairs == covered

    by_id = {person["id"]: person for person in young + old}
    pairs = [(by_id[pair["mentee_id"]], by_id[pair["mentor_id"]]) for pair in match.pairs]
    assert all(eligible(mentee, mentor) for mentee, mentor in pairs)
    assert sum(score(mentee, mentor) for mentee, mentor in pairs) == total
    loads = Counter(person["id"] for pair in pairs for person in pair)
    assert all(load <= by_id[person]["load_max"] for person, load in loads.items())
