"""`Program.match`: frames in, frames out, the answer's parts."""

from __future__ import annotations

import copy
import json
import pickle
import random
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr

PROGRAMME = npr.Program(loads={"mentor": {"max": 2}})
UNMATCHED = [
    "id",
    "role",
    "reason",
    "candidates",
    "rule",
    "removed",
    "alone",
    "rivals",
    "cost",
    "mentor_id",
    "rival_id",
    "displaced_id",
    "level",
    "bottleneck",
    "bottleneck_mentees",
    "bottleneck_mentors",
    "bottleneck_room",
    "at_least",
    "quotas",
    "no_slot",
    "no_room",
    "no_leader",
    "with_room",
    "site",
    "slot",
    "pairs",
    "limit",
    "detail",
]


def rows(match: npr.Match) -> list[dict[str, Any]]:
    return match.pairs.to_dicts()


def test_every_frame_gives_the_same_pairs(mentees: pa.Table, mentors: pa.Table) -> None:
    expected = PROGRAMME.match(mentees, mentors)
    assert expected.certificate.status == "optimal"
    assert 0 < expected.covered <= expected.mentees == len(mentees)
    assert expected.mentors == len(mentors)
    batches = [table.combine_chunks().to_batches()[0] for table in (mentees, mentors)]
    streams = [
        pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=7))
        for table in (mentees, mentors)
    ]
    frames: list[tuple[Any, Any]] = [
        (mentees.to_pandas(), mentors.to_pandas()),
        (pl.DataFrame(mentees), pl.DataFrame(mentors)),
        (duckdb.sql("from mentees"), duckdb.sql("from mentors")),
        (batches[0], batches[1]),
        (streams[0], streams[1]),
        (pl.DataFrame(mentees), mentors.to_pandas()),
    ]
    for one, other in frames:
        match = PROGRAMME.match(one, other)
        assert rows(match) == rows(expected)
        assert match == expected
        assert match.certificate == expected.certificate


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_neither_order_nor_threads_change_the_answer(
    mentees: pa.Table, mentors: pa.Table, threads: int
) -> None:
    dice = random.Random(threads)
    shuffled = [
        table.take(dice.sample(range(len(table)), len(table))) for table in (mentees, mentors)
    ]
    match = PROGRAMME.match(shuffled[0], shuffled[1], threads=threads)
    assert rows(match) == rows(PROGRAMME.match(mentees, mentors))


def test_results_are_tables(mentees: pa.Table, mentors: pa.Table) -> None:
    match = PROGRAMME.match(mentees, mentors)
    names = ["mentee_id", "mentor_id", "score", "score_interests", "score_grade_gap"]
    assert match.pairs.column_names == names
    assert match.criteria == ["interests", "grade_gap"]
    assert match.pairs.shape == (len(match), 5)
    arrow = match.pairs.to_arrow()
    assert arrow.column_names == names
    assert match.pairs.to_polars().equals(pl.DataFrame(arrow))
    pd.testing.assert_frame_equal(match.pairs.to_pandas(), arrow.to_pandas())
    assert pa.table(match.pairs).equals(arrow)
    assert duckdb.query_df(arrow.to_pandas(), "pairs", "select count(*) from pairs").fetchall() == [
        (len(match),)
    ]
    assert match.pairs["score"] == arrow["score"].to_pylist()
    assert list(match.pairs) == rows(match)
    assert len(list(match.pairs)) == len(match.pairs)
    assert pd.DataFrame(match.pairs).equals(match.pairs.to_pandas())
    assert pl.DataFrame(match.pairs).equals(match.pairs.to_polars())
    assert match.unmatched.column_names == UNMATCHED
    with pytest.raises(KeyError):
        match.pairs["nobody"]


def test_ids_come_back_as_text() -> None:
    mentees = pd.DataFrame({"id": [1, 2], "grade": [6, 7]})
    mentors = pd.DataFrame({"id": [11, 12], "grade": [9, 10]})
    pairs = npr.Program().match(mentees, mentors).pairs
    assert pairs["mentee_id"] == ["1", "2"]
    ids = pairs.to_pandas().astype({"mentee_id": "int64", "mentor_id": "int64"})
    assert ids.merge(mentees, left_on="mentee_id", right_on="id")["grade"].tolist() == [6, 7]
    cast = pairs.to_polars().cast({"mentee_id": pl.Int64, "mentor_id": pl.Int64})
    assert cast["mentee_id"].to_list() == [1, 2]


def test_everybody_is_accounted_for(mentees: pa.Table, mentors: pa.Table) -> None:
    match = PROGRAMME.match(mentees, mentors)
    pairs = rows(match)
    alone = set(match.unmatched["id"])
    assert alone | {pair["mentee_id"] for pair in pairs} | {
        pair["mentor_id"] for pair in pairs
    } == set(mentees["id"].to_pylist()) | set(mentors["id"].to_pylist())
    assert match.covered == len({pair["mentee_id"] for pair in pairs})
    assert match.total_score == round(sum(pair["score"] for pair in pairs) * 1e6)
    on = {rule["code"]: rule for rule in match.rules.to_dicts()}
    assert on["grade_gap"]["on"] is True
    assert on["grade_gap"]["why_off"] is None
    assert on["screening"]["on"] is False
    assert "screened" in on["screening"]["why_off"]


def test_reprs(mentees: pa.Table, mentors: pa.Table) -> None:
    match = PROGRAMME.match(mentees, mentors)
    text = repr(match)
    assert text.startswith(
        f"<Match: {match.covered} of 40 mentees covered, {len(match)} pairs, mean"
    )
    assert text.endswith("optimal, gap 0>")
    lines = repr(match.pairs).splitlines()
    assert lines[0] == f"<Table: {len(match)} rows, 5 columns>"
    assert lines[1].split() == match.pairs.column_names
    assert lines[-1].strip() == "..."
    assert repr(match.certificate).startswith("Certificate(status='optimal', level='score', ")


def test_the_certificate_is_exact(mentees: pa.Table, mentors: pa.Table) -> None:
    certificate = PROGRAMME.match(mentees, mentors).certificate
    assert (certificate.level, certificate.gap) == ("score", 0)
    assert certificate.objective == certificate.bound
    assert [level.level for level in certificate.levels][-2:] == ["coverage", "score"]
    for level in certificate.levels:
        assert isinstance(level.weight, int)
        assert level.objective == level.bound
    assert npr.Certificate.from_json(certificate.to_json()) == certificate
    assert certificate.to_dict() == json.loads(certificate.to_json())
    with pytest.raises(npr.InputError, match="not a certificate"):
        npr.Certificate.from_json("{}")


def test_saved_files_are_the_answer(mentees: pa.Table, mentors: pa.Table, tmp_path: Path) -> None:
    match = PROGRAMME.match(mentees, mentors)
    paths = match.save(tmp_path / "new" / "out")
    assert [Path(path).name for path in paths] == ["pairs.csv", "unmatched.csv", "certificate.json"]
    pairs = (tmp_path / "new" / "out" / "pairs.csv").read_text("utf-8").splitlines()
    assert pairs[0] == ",".join(match.pairs.column_names)
    assert len(pairs) == 1 + len(match)
    first = pairs[1].split(",")
    assert first[:2] == [match.pairs["mentee_id"][0], match.pairs["mentor_id"][0]]
    assert [float(cell) for cell in first[2:]] == list(rows(match)[0].values())[2:]
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        match.save(tmp_path / "file")


def test_a_match_pickles(mentees: pa.Table, mentors: pa.Table) -> None:
    match = PROGRAMME.match(mentees, mentors)
    lonely = pa.table({"id": ["a", "b", "c"], "grade": [6, 12, 6], "load_max": [1, 1, 0]})
    few = npr.Program().match(lonely, pa.table({"id": ["x", "y"], "grade": [9, 9]}))
    assert set(few.unmatched["reason"]) == {"not_eligible", "no_room", "not_needed"}
    for found in (match, few):
        again = pickle.loads(pickle.dumps(found))
        assert again == found
        assert again.unmatched == found.unmatched
        assert again.rules == found.rules
        assert again.rules != found.unmatched
        assert copy.deepcopy(found) == found
    assert npr.verify(PROGRAMME, mentees, mentors, pickle.loads(pickle.dumps(match)))
    restore, (text,) = few.__reduce__()
    for wrong in ("", "[]", text.replace("no_room", "no_reason")):
        with pytest.raises(npr.InputError, match="not a pickled match"):
            restore(wrong)


def test_pair_tables(mentees: pa.Table, mentors: pa.Table) -> None:
    free = PROGRAMME.match(mentees, mentors)
    pair = {"mentee_id": [free.pairs["mentee_id"][0]], "mentor_id": [free.pairs["mentor_id"][0]]}
    key = (pair["mentee_id"][0], pair["mentor_id"][0])

    def chosen(match: npr.Match) -> set[tuple[str, str]]:
        return set(zip(match.pairs["mentee_id"], match.pairs["mentor_id"]))

    assert key not in chosen(PROGRAMME.match(mentees, mentors, pairs_blocked=pa.table(pair)))
    assert key in chosen(PROGRAMME.match(mentees, mentors, pairs_required=pl.DataFrame(pair)))
    scored = npr.Program(criteria=[{"kind": "pair_scores", "weight": 1, "missing": "zero"}])
    scores = pd.DataFrame(pair | {"value": [1.0]})
    match = scored.match(mentees, mentors, pair_scores=scores)
    assert key in chosen(match)
    assert match.total_score == 1_000_000
    kept = npr.Program(criteria=[{"kind": "previous", "weight": 1}])
    assert key in chosen(kept.match(mentees, mentors, pairs_previous=pa.table(pair)))


def test_a_promise_that_cannot_be_kept() -> None:
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6], "load_min": [1, 1]})
    mentors = pa.table({"id": ["max"], "grade": [9]})
    with pytest.raises(npr.InfeasibleError) as caught:
        npr.Program().match(mentees, mentors)
    assert caught.value.conflict
    certificate = caught.value.certificate
    assert certificate is not None
    assert (certificate.status, certificate.level) == ("infeasible", "obligations")


def test_what_has_no_effect_is_noted(mentees: pa.Table, mentors: pa.Table) -> None:
    misspelt = mentors.append_column("loadmax", pa.array([2] * len(mentors)))
    match = npr.Program().match(mentees, misspelt)
    assert match.notes == [
        "the column `loadmax` of the table mentors has no effect; did you mean `load_max`?"
    ]
    assert npr.Program().match(mentees, mentors).notes == []
