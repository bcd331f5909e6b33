"""Embeddings as a column, in every frame that users have, against NumPy's cosines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nearpeer as npr
from nearpeer.settings import Criterion

COSINE: Criterion = {
    "kind": "interests",
    "measure": "cosine",
    "weight": 1,
    "missing": "ineligible",
}
PROGRAMME = npr.Program(criteria=[COSINE])


def frames(ids: list[str], vectors: Any) -> list[Any]:
    """Give one table in the forms that it comes in."""
    vectors = np.asarray(vectors, dtype=np.float32)
    wide = vectors.shape[1]
    flat = pa.array(vectors.ravel())
    fixed = pa.FixedSizeListArray.from_arrays(flat, wide)
    lists = vectors.astype(float).tolist()
    text = [";".join(map(repr, row)) for row in lists]
    return [
        pa.table({"id": ids, "embedding": fixed}),
        pa.table({"id": ids, "embedding": lists}),
        pd.DataFrame({"id": ids, "embedding": list(vectors)}),
        pl.DataFrame({"id": ids, "embedding": vectors}),
        pl.DataFrame({"id": ids, "embedding": lists}),
        pl.DataFrame({"id": ids, "embedding": text}),
    ]


def test_every_frame_gives_the_same_match_and_the_cosines_of_numpy() -> None:
    dice = np.random.default_rng(7)
    young, old = dice.normal(size=(12, 384)), dice.normal(size=(12, 384))
    old[:6] += young[:6]
    ids = [f"e{number:02}" for number in range(12)], [f"m{number:02}" for number in range(12)]
    mentees, mentors = frames(ids[0], young), frames(ids[1], old)
    matches = [PROGRAMME.match(a, b) for a, b in zip(mentees, mentors, strict=True)]
    assert all(match == matches[0] for match in matches)
    match = matches[0]
    assert match.criteria == ["embedding"]
    npr.verify(PROGRAMME, mentees[0], mentors[0], match, reference=True)
    unit = [
        side / np.linalg.norm(side, axis=1, keepdims=True)
        for side in (young.astype(np.float32), old.astype(np.float32))
    ]
    cosines = unit[0] @ unit[1].T
    for pair in match.pairs:
        row, column = int(pair["mentee_id"][1:]), int(pair["mentor_id"][1:])
        assert pair["score"] == pytest.approx((1 + cosines[row, column]) / 2, abs=3e-5)


def test_who_has_none_is_as_the_programme_says() -> None:
    mentees = pa.table({"id": ["a", "b", "c"], "embedding": [[1.0, 0.0], None, [0.0, 0.0]]})
    mentors = pa.table({"id": ["m"], "embedding": [[2.0, 0.0]], "load_max": [3]})
    match = PROGRAMME.match(mentees, mentors)
    assert (match.pairs["mentee_id"], match.pairs["score"]) == (["a"], [1.0])
    assert match.unmatched["detail"] == ["missing:embedding removes 1 (1 alone)"] * 2
    neutral = npr.Program(criteria=[{**COSINE, "missing": "neutral"}])
    assert neutral.match(mentees, mentors).pairs["score"] == [1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([[1.0, 0.0], [1.0]], "row 2, column `embedding`: an embedding of 1 numbers"),
        ([[1.0, 0.0], [1.0, float("nan")]], 'row 2, column `embedding`, value "NaN"'),
        ([[1.0, 0.0], [1.0, None]], "row 2, column `embedding`: a number of the embedding is mis"),
        ([["x"], ["y"]], "column `embedding`: an embedding is a list of numbers"),
    ],
)
def test_bad_embeddings_name_their_row(vectors: Any, message: str) -> None:
    mentees = pa.table({"id": ["a", "b"], "embedding": vectors})
    mentors = pa.table({"id": ["m"], "embedding": [[2.0, 0.0]]})
    with pytest.raises(npr.InputError) as raised:
        PROGRAMME.match(mentees, mentors)
    assert message in str(raised.value)
