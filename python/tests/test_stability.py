"""Stable matches against the package `matching`, and blocking pairs against their definition."""

from __future__ import annotations

import pickle
import random
from typing import Any, Literal

import pyarrow as pa
import pytest
from matching.games import HospitalResident, StableMarriage

import nearpeer as npr
from nearpeer.settings import Stability

Mode = Literal["mentee_optimal", "mentor_optimal", "best_score", "fewest_blocking"]


def programme(
    mode: Mode | None, unlisted: Literal["accepted", "refused"] = "refused"
) -> npr.Program:
    """Make a programme in which wishes decide."""
    stability: Stability | None = {"mode": mode, "unlisted": unlisted} if mode else None
    return npr.Program(
        stability=stability,
        eligibility={"grade_gap": False},
        criteria=[{"kind": "preferences", "weight": 1.0, "missing": "zero"}],
    )


def table(wishes: dict[str, list[str]], **columns: list[Any]) -> pa.Table:
    """Make a table of people with their wishes."""
    ids = list(wishes)
    preferences = pa.array([wishes[name] for name in ids], pa.list_(pa.string()))
    return pa.table({"id": ids, "preferences": preferences, **columns})


def mutual(dice: random.Random, mentees: int, mentors: int, share: float) -> Any:
    """Draw wishes, each of which is returned."""
    young = [f"e{number}" for number in range(mentees)]
    old = [f"m{number}" for number in range(mentors)]
    pairs = [(e, m) for e in young for m in old if dice.random() < share]
    of_mentee = {e: [m for other, m in pairs if other == e] for e in young}
    of_mentor = {m: [e for e, other in pairs if other == m] for m in old}
    of_mentee = {e: wishes for e, wishes in of_mentee.items() if wishes}
    of_mentor = {m: wishes for m, wishes in of_mentor.items() if wishes}
    for wishes in [*of_mentee.values(), *of_mentor.values()]:
        dice.shuffle(wishes)
    return of_mentee, of_mentor


def chosen(match: npr.Match) -> set[tuple[str, str]]:
    """Give the pairs of ids."""
    return set(zip(match.pairs["mentee_id"], match.pairs["mentor_id"], strict=True))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    ("mode", "optimal"), [("mentee_optimal", "resident"), ("mentor_optimal", "hospital")]
)
def test_hospitals_and_residents(
    seed: int, mode: Mode, optimal: Literal["resident", "hospital"]
) -> None:
    dice = random.Random(seed)
    of_mentee, of_mentor = mutual(dice, dice.randint(2, 25), dice.randint(2, 12), 0.6)
    room = {mentor: dice.randint(1, 4) for mentor in of_mentor}
    game = HospitalResident.create_from_dictionaries(of_mentee, of_mentor, room)
    expected = {
        (str(resident), str(hospital))
        for hospital, residents in game.solve(optimal=optimal).items()
        for resident in residents
    }
    mentees = table(of_mentee)
    mentors = table(of_mentor, load_max=[room[mentor] for mentor in of_mentor])
    match = programme(mode).match(mentees, mentors)
    assert chosen(match) == expected
    assert len(match.blocking_pairs()) == 0
    npr.verify(programme(mode), mentees, mentors, match, reference=True)


@pytest.mark.parametrize("seed", range(20))
def test_marriages(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randint(2, 30)
    of_mentee, of_mentor = mutual(dice, size, size, 1.0)
    game = StableMarriage.create_from_dictionaries(of_mentee, of_mentor)
    solved = game.solve(optimal="suitor")
    expected = {(str(suitor), str(reviewer)) for suitor, reviewer in solved.items()}
    mentees, mentors = table(of_mentee), table(of_mentor)
    first = programme("mentee_optimal").match(mentees, mentors)
    assert chosen(first) == expected
    best = programme("best_score").match(mentees, mentors)
    last = programme("mentor_optimal").match(mentees, mentors)
    assert best.total_score >= max(first.total_score, last.total_score)
    assert (best.covered, best.certificate.gap) == (size, 0)
    assert len(best.blocking_pairs()) == 0
    npr.verify(programme("best_score"), mentees, mentors, best)


def test_a_match_of_any_programme_has_its_blocking_pairs() -> None:
    of_mentee = {"ana": ["max", "zoe"], "bo": ["max"]}
    of_mentor = {"max": ["bo", "ana"], "zoe": ["ana"]}
    mentees, mentors = table(of_mentee), table(of_mentor)
    required = pa.table({"mentee_id": ["ana"], "mentor_id": ["max"]})
    match = programme(None).match(mentees, mentors, pairs_required=required)
    blocking = match.blocking_pairs(threads=1)
    assert blocking.column_names == ["mentee_id", "mentor_id", "mentee_rank", "mentor_rank"]
    assert blocking.to_dicts() == [
        {"mentee_id": "bo", "mentor_id": "max", "mentee_rank": 1, "mentor_rank": 1}
    ]
    copy = pickle.loads(pickle.dumps(match))
    assert copy == match
    with pytest.raises(npr.InputError, match="pickled"):
        copy.blocking_pairs()
    with pytest.raises(npr.ProgramError, match="threads"):
        match.blocking_pairs(threads=0)


def test_the_fewest_blocking_pairs_come_after_the_objective() -> None:
    of_mentee = {"ana": ["max", "zoe"], "bo": ["max"]}
    of_mentor = {"max": ["ana", "bo"], "zoe": ["ana"]}
    mentees, mentors = table(of_mentee), table(of_mentor)
    program = programme("fewest_blocking", "accepted")
    match = program.match(mentees, mentors)
    certificate = match.certificate
    assert (certificate.level, certificate.gap) == ("blocking pairs", 0)
    assert certificate.objective == -len(match.blocking_pairs())
    npr.verify(program, mentees, mentors, match)


def test_a_match_that_is_not_stable_is_not_let_pass() -> None:
    of_mentee = {"ana": ["max", "zoe"], "bo": ["max", "zoe"]}
    of_mentor = {"max": ["bo", "ana"], "zoe": ["ana", "bo"]}
    mentees, mentors = table(of_mentee), table(of_mentor)
    match = programme("mentee_optimal").match(mentees, mentors)
    assert chosen(match) == {("ana", "zoe"), ("bo", "max")}
    swapped = pa.table(
        {"mentee_id": ["ana", "bo"], "mentor_id": ["max", "zoe"], "score": [0.75, 0.5]}
    )
    with pytest.raises(npr.VerificationError, match="not stable: 1 pair blocks it"):
        npr.verify(programme("mentee_optimal"), mentees, mentors, (swapped, match.certificate))


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"quotas": [{"name": "q", "same": "club", "at_most": 1}]}, "quotas"),
        ({"loads": {"mentee": {"max": 2}}}, "loads.mentee.max"),
        ({"loads": {"mentor": {"min": 2, "max": 3}}}, "loads.mentor.min"),
    ],
)
def test_what_does_not_go_with_stability_names_its_key(settings: Any, key: str) -> None:
    with pytest.raises(npr.ProgramError, match=f"`{key}`.*stability.mode"):
        npr.Program(stability={"mode": "best_score"}, **settings)
