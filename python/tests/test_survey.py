"""The demo's programme on real answers, scored again in Python and solved again by SciPy."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linear_sum_assignment

import nearpeer as npr
from conftest import ROOT, score

RESPONSES = ROOT / "tests" / "data" / "young-people-survey" / "responses.csv"
PROGRAMME = ROOT / "crates" / "nearpeer" / "examples" / "demo.toml"


def answers(ages: range) -> pl.DataFrame:
    with RESPONSES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    items = columns[columns.index("Music") : columns.index("Pets") + 1]
    people = [
        {
            "id": f"answer-{number:04}",
            "grade": int(row["Age"]),
            "interests": [item for item in items if row[item] in {"4", "5"}],
        }
        for number, row in enumerate(rows, start=1)
        if row["Age"] and int(row["Age"]) in ages
    ]
    return pl.DataFrame(people)


@pytest.fixture(scope="module")
def people() -> tuple[pl.DataFrame, pl.DataFrame]:
    return answers(range(15, 19)), answers(range(19, 23))


def test_the_optimum_is_scipys(people: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path) -> None:
    mentees, mentors = people
    programme = npr.Program.from_toml(PROGRAMME)
    match = programme.match(mentees, mentors)
    assert match.certificate.gap == 0
    assert match.covered == len(mentees) == 216

    rows, columns = mentees.to_dicts(), mentors.to_dicts()
    eligible = np.array([[m["grade"] - e["grade"] >= 2 for m in columns] for e in rows])
    scores = np.array([[score(e, m) for m in columns] for e in rows])
    # A mentor takes two, so stands in two columns; a pair that is not eligible costs more than all.
    weights = np.repeat(np.where(eligible, scores, -(10**9)), 2, axis=1)
    row, column = linear_sum_assignment(weights, maximize=True)
    assert match.certificate.objective == weights[row, column].sum()

    places = {person["id"]: ix for ix, person in enumerate(columns)}
    mentee_places = {person["id"]: ix for ix, person in enumerate(rows)}
    for pair in match.pairs.to_dicts():
        place = mentee_places[pair["mentee_id"]], places[pair["mentor_id"]]
        assert eligible[place]
        assert round(pair["score"] * 1e6) == scores[place]
    match.save(tmp_path)
    assert npr.verify(programme, mentees, mentors, tmp_path).pairs == 216
