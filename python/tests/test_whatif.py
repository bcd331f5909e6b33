"""What if: explanations, alternatives, advice and conflicts."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nearpeer as npr


def requiring(pair: tuple[str, str]) -> pa.Table:
    return pa.table({"mentee_id": [pair[0]], "mentor_id": [pair[1]]})


def test_a_person_is_explained(mentees: pa.Table, mentors: pa.Table) -> None:
    match = npr.Program().match(mentees, mentors)
    for person in match.unmatched:
        explained = match.explain(person["id"])
        assert (explained.role, explained.id) == (person["role"], person["id"])
        assert (explained.reason, explained.detail) == (person["reason"], person["detail"])
        assert explained.id in repr(explained)
        assert str(explained).startswith(f"{explained.role} {explained.id}: unmatched")
        if explained.reason == "out_competed":
            assert explained.regret > 0
            assert len(explained.rivals) > 0
            assert explained.rivals["score"][0] == explained.regret / 1e6
    pair = match.pairs.to_dicts()[0]
    explained = match.explain(pair["mentee_id"])
    assert explained.reason is None
    assert explained.partners["partner_id"] == [pair["mentor_id"]]
    assert explained.partners["score"] == [pair["score"]]
    assert explained.others == len(mentors)
    assert all(removed <= len(mentors) for removed in explained.rules["removed"])
    assert explained == match.explain(pair["mentee_id"])


def test_a_pair_costs_what_another_match_lacks(mentees: pa.Table, mentors: pa.Table) -> None:
    programme = npr.Program()
    match = programme.match(mentees, mentors)
    others = match.alternatives("e0003", n=4)
    assert len(others) == 4
    assert others.column_names[:2] == ["partner_id", "score"]
    for other in others:
        pair = ("e0003", other["partner_id"])
        forced = programme.match(mentees, mentors, pairs_required=requiring(pair))
        assert match.covered - forced.covered == other["lost_coverage"]
        assert match.total_score - forced.total_score == other["lost_score"]
        explained = match.explain(*pair)
        assert explained.cost is not None
        lost = dict(zip(explained.cost["level"], explained.cost["lost"], strict=True))
        assert lost["coverage"] == other["lost_coverage"]
        assert lost["score"] == other["lost_score"]
        assert explained == match.explain(pair[1], pair[0])
    costs = list(zip(others["lost_coverage"], others["lost_score"], strict=True))
    assert costs == sorted(costs)


def test_a_pair_that_may_not_be_says_why() -> None:
    mentees = pa.table({"id": [1, 2], "grade": [6, 8]})
    mentors = pa.table({"id": [11, 12], "grade": [9, 9], "trained": [True, False]})
    match = npr.Program().match(mentees, mentors)
    explained = match.explain(2, 12)
    assert (explained.eligible, explained.chosen, explained.score) == (False, False, None)
    assert explained.cost is None
    assert explained.no_cost == "the two may not be paired"
    failed = [rule["code"] for rule in explained.rules if not rule["passes"]]
    assert failed == ["training", "grade_gap"]
    assert "a gap of 1; at least 2 is asked" in str(explained)
    assert match.explain(1, 11).chosen
    with pytest.raises(npr.InputError, match="a pair is a mentee and a mentor"):
        match.explain(1, 2)


def test_a_limit_cuts_the_cost_of_a_pair_alone() -> None:
    match = npr.Program().match(pa.table({"id": [1, 2]}), pa.table({"id": [11, 12]}))
    other = {11: 12, 12: 11}[int(match.pairs.to_polars()["mentor_id"][0])]
    cut = match.explain(1, other, time_limit=1e-9)
    assert cut.is_cut
    assert cut.cost is None
    assert cut.score is not None
    assert not match.explain(1, other).is_cut


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_advice_is_what_another_match_adds(seed: int) -> None:
    district = npr.synth(students=60, sites=3, seed=seed)
    programme = district.program
    mentees, mentors = pa.table(district.mentees), pa.table(district.mentors)
    match = programme.match(mentees, mentors)
    for advice in match.advise(n=4):
        assert advice["verified"]
        assert advice["matches_added"] >= 0
        if advice["kind"] in ("training", "screening"):
            column = {"training": "trained", "screening": "screened"}[advice["kind"]]
            place = mentors.column_names.index(column)
            finished = mentors.set_column(place, column, pa.array([True] * len(mentors)))
            other = programme.match(mentees, finished)
            assert other.covered - match.covered == advice["matches_added"]
            assert other.total_score - match.total_score == advice["score_added"]


def test_costs_are_a_mapping_or_a_table() -> None:
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6]})
    mentors = pa.table({"id": ["max", "zoe"], "grade": [9, 9], "trained": [True, False]})
    match = npr.Program().match(mentees, mentors)
    costs = pa.table({"kind": ["training"], "cost": [50]})
    for given_costs in ({"training": 50}, costs):
        advice = match.advise(costs=given_costs)
        assert advice["kind"][0] == "training"
        assert advice["cost"][0] == 50.0
        assert advice["people"][0] == ["zoe"]
    with pytest.raises(npr.ProgramError, match="did you mean `training`") as caught:
        match.advise(costs={"trainings": 1})
    assert caught.value.key == "costs.trainings"
    with pytest.raises(npr.ProgramError, match="n: a number of answers"):
        match.advise(n=0)
    with pytest.raises(npr.ProgramError, match="n: a number of answers"):
        match.alternatives("ana", n=0)
    with pytest.raises(npr.InputError, match='did you mean "ana"'):
        match.alternatives("anna")


def test_what_a_limit_came_before_is_a_warning(mentees: pa.Table, mentors: pa.Table) -> None:
    match = npr.Program().match(mentees, mentors)
    with pytest.warns(UserWarning, match="the limit came before [0-9]+ changes? could be tried"):
        assert len(match.advise(time_limit=1e-9)) == 0


def test_a_pickled_match_has_no_tables(mentees: pa.Table, mentors: pa.Table) -> None:
    match = pickle.loads(pickle.dumps(npr.Program().match(mentees, mentors)))
    for ask in (match.explain, match.alternatives):
        with pytest.raises(npr.InputError, match="pickled"):
            ask("e0001")
    with pytest.raises(npr.InputError, match="pickled"):
        match.advise()


def test_a_stable_match_has_no_alternatives(mentees: pa.Table, mentors: pa.Table) -> None:
    match = npr.Program(stability={"mode": "mentee_optimal"}).match(mentees, mentors)
    with pytest.raises(npr.ProgramError) as caught:
        match.alternatives("e0001")
    assert caught.value.key == "stability"
    assert match.explain("e0001").id == "e0001"


def infeasible() -> npr.InfeasibleError:
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6], "load_min": [1, 1]})
    mentors = pa.table({"id": ["max"], "grade": [9]})
    with pytest.raises(npr.InfeasibleError) as caught:
        npr.Program().match(mentees, mentors)
    return caught.value


def test_a_conflict_is_a_table_with_repairs() -> None:
    error = infeasible()
    assert error.conflict is not None
    assert error.repair is not None
    assert error.conflict["kind"] == ["mentee_min", "mentee_min", "mentor_max"]
    assert error.conflict["row"] == [1, 2, None]
    assert error.conflict["key"] == [None, None, "loads.mentor.max"]
    assert set(error.repair["option"]) == set(range(1, 4))
    raised = [row for row in error.repair if row["key"] == "loads.mentor.max"]
    assert [(row["from"], row["to"]) for row in raised] == [(1, 2)]
    assert "loads.mentor.max" in str(error)


def test_a_conflict_survives_pickling() -> None:
    error = infeasible()
    again = pickle.loads(pickle.dumps(error))
    assert again.conflict.to_dicts() == error.conflict.to_dicts()  # type: ignore[union-attr]
    assert again.repair.to_dicts() == error.repair.to_dicts()  # type: ignore[union-attr]


def test_an_assignment_says_what_conflicts() -> None:
    with pytest.raises(npr.InfeasibleError) as caught:
        npr.assign([[1, 2], [3, 4], [5, 6]], row_load=(1, 1))
    assert caught.value.conflict is not None
    assert caught.value.conflict["kind"] == ["row_min", "col_max"]
    assert caught.value.conflict["table"] == ["row_load", "col_load"]
