"""`verify` accepts what is right, in every form, and rejects every tampering."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import nearpeer as npr

PROGRAMME = npr.Program(loads={"mentor": {"max": 2}})


@pytest.fixture
def match(mentees: pa.Table, mentors: pa.Table) -> npr.Match:
    return PROGRAMME.match(mentees, mentors)


def test_right_answers_in_every_form(
    match: npr.Match, mentees: pa.Table, mentors: pa.Table, tmp_path: Path
) -> None:
    match.save(tmp_path)
    proof = match.certificate
    forms: list[Any] = [
        match,
        tmp_path,
        str(tmp_path),
        (match.pairs, proof),
        (match.pairs.to_pandas(), proof.to_json()),
        (match.pairs.to_polars(), proof),
        (pd.read_csv(tmp_path / "pairs.csv"), (tmp_path / "certificate.json").read_text("utf-8")),
    ]
    for form in forms:
        verified = npr.verify(PROGRAMME, mentees, mentors, form)
        assert verified.pairs == len(match)
        assert verified.eligible >= verified.pairs
        assert verified.leaves == 1
        assert verified.scorer == "compiled"
    assert repr(verified).startswith(f"Verified(pairs={len(match)}, eligible=")


def test_both_scorers_and_any_number_of_threads_agree(
    match: npr.Match, mentees: pa.Table, mentors: pa.Table
) -> None:
    compiled = npr.verify(PROGRAMME, mentees, mentors, match, threads=3)
    plain = npr.verify(PROGRAMME, mentees, mentors, match, reference=True, threads=1)
    assert (compiled.scorer, plain.scorer) == ("compiled", "reference")
    assert (compiled.pairs, compiled.eligible) == (plain.pairs, plain.eligible)
    assert compiled == npr.verify(PROGRAMME, mentees, mentors, match)
    assert plain == npr.verify(PROGRAMME, mentees, mentors, match, reference=True)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2", 10**6])
def test_a_number_of_threads_that_cannot_be_used(
    threads: Any, match: npr.Match, mentees: pa.Table, mentors: pa.Table
) -> None:
    with pytest.raises(npr.ProgramError, match="number of threads"):
        npr.verify(PROGRAMME, mentees, mentors, match, threads=threads)


def swap(pairs: pd.DataFrame) -> pd.DataFrame:
    first, second = pairs.index[:2]
    pairs.loc[[first, second], "mentor_id"] = pairs.loc[[second, first], "mentor_id"].to_numpy()
    return pairs


def better(pairs: pd.DataFrame) -> pd.DataFrame:
    scores = pairs["score"].tolist()
    scores[0] = (round(scores[0] * 1e6) + 1) / 1e6
    changed: pd.DataFrame = pairs.assign(score=scores)
    return changed


TAMPERINGS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "a dropped row": lambda pairs: pairs.iloc[1:],
    "a doubled row": lambda pairs: pd.concat([pairs, pairs.iloc[:1]]),
    "a changed score": better,
    "swapped mentors": swap,
    "an over-full mentor": lambda pairs: pairs.assign(mentor_id=pairs["mentor_id"].iloc[0]),
    "an unknown mentor": lambda pairs: pairs.assign(mentor_id="nobody"),
}


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("name", TAMPERINGS)
def test_changed_pairs(
    name: str, reference: bool, match: npr.Match, mentees: pa.Table, mentors: pa.Table
) -> None:
    pairs = TAMPERINGS[name](match.pairs.to_pandas())
    answer = (pairs, match.certificate)
    with pytest.raises(npr.VerificationError):
        npr.verify(PROGRAMME, mentees, mentors, answer, reference=reference)


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("key", ["objective", "bound", "gap"])
def test_changed_values(
    key: str, reference: bool, match: npr.Match, mentees: pa.Table, mentors: pa.Table
) -> None:
    proof = match.certificate.to_dict()
    proof[key] += 1
    answer = (match.pairs, json.dumps(proof))
    with pytest.raises(npr.VerificationError):
        npr.verify(PROGRAMME, mentees, mentors, answer, reference=reference)


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("side", ["mentees", "mentors"])
@pytest.mark.parametrize("change", [-(10**9), 10**9])
def test_changed_prices(
    side: str,
    change: int,
    reference: bool,
    match: npr.Match,
    mentees: pa.Table,
    mentors: pa.Table,
) -> None:
    proof = match.certificate.to_dict()
    prices = proof["nodes"][0]["leaf"][side]
    prices[0] = str(int(prices[0]) + change)
    answer = (match.pairs, json.dumps(proof))
    with pytest.raises(npr.VerificationError):
        npr.verify(PROGRAMME, mentees, mentors, answer, reference=reference)


def test_another_programme_or_roster(
    match: npr.Match, mentees: pa.Table, mentors: pa.Table
) -> None:
    with pytest.raises(npr.VerificationError):
        npr.verify(npr.Program(), mentees, mentors, match)
    with pytest.raises(npr.NearpeerError):
        npr.verify(PROGRAMME, mentees.slice(1), mentors, match)
    pair = {"mentee_id": match.pairs["mentee_id"][:1], "mentor_id": match.pairs["mentor_id"][:1]}
    with pytest.raises(npr.VerificationError):
        npr.verify(PROGRAMME, mentees, mentors, match, pairs_blocked=pa.table(pair))


def test_answers_that_cannot_be_read(
    match: npr.Match, mentees: pa.Table, mentors: pa.Table, tmp_path: Path
) -> None:
    def verify(answer: Any) -> None:
        npr.verify(PROGRAMME, mentees, mentors, answer)

    with pytest.raises(OSError, match=r"pairs\.csv"):
        verify(tmp_path)
    with pytest.raises(TypeError):
        verify(3)
    with pytest.raises(npr.InputError, match="not a certificate"):
        verify((match.pairs, "{"))
    pairs = match.pairs.to_pandas()
    with pytest.raises(npr.InputError) as caught:
        verify((pairs.drop(columns="score"), match.certificate))
    assert (caught.value.table, caught.value.column) == ("pairs", "score")
    for score in (float("nan"), 0.1234567):
        with pytest.raises(npr.InputError) as caught:
            verify((pairs.assign(score=score), match.certificate))
        assert (caught.value.table, caught.value.row, caught.value.column) == ("pairs", 1, "score")
