"""Charts: what they say, that they can be drawn, and that they name nobody who is not asked for."""

from __future__ import annotations

import io
import json
import pickle
import struct
import sys
from typing import Any, Literal

import pyarrow as pa
import pytest

import nearpeer as npr

BY: list[Literal["grade", "slot", "language"]] = ["grade", "slot", "language"]


@pytest.fixture(scope="module")
def district() -> npr.District:
    return npr.synth(students=600, sites=6, seed=7)


@pytest.fixture(scope="module")
def match(district: npr.District) -> npr.Match:
    return district.program.match(district.mentees, district.mentors)


def drawn(chart: Any) -> dict[str, Any]:
    """Give the specification of a chart after it was drawn as a picture."""
    picture = io.BytesIO()
    chart.save(picture, format="png")
    data = picture.getvalue()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width > 300
    assert height > 100
    spec = chart.to_dict()
    assert isinstance(spec, dict)
    return spec


def layer(spec: dict[str, Any], number: int = 0) -> list[dict[str, Any]]:
    """Give the rows behind one layer."""
    data = spec["layer"][number].get("data", spec.get("data"))
    rows = data["values"] if "values" in data else spec["datasets"][data["name"]]
    assert isinstance(rows, list)
    return rows


def test_coverage(match: npr.Match) -> None:
    spec = drawn(match.plot.coverage())
    rows = layer(spec)
    groups = {row["value"]: row for row in match.groups("site") if row["kind"] == "group"}
    told = {name: row for name, row in groups.items() if not row["suppressed"]}
    assert {row["group"] for row in rows if row["group"] in told} == set(told)
    for row in rows:
        if row["group"] in told:
            assert row["share"] == told[row["group"]]["coverage"]
    shares = [row["share"] for row in rows]
    assert shares == sorted(shares)
    assert spec["title"]["text"] == "Mentees with a mentor, by site"
    # It is said once: beside the labels it would stand on them in some fonts.
    assert spec["layer"][0]["encoding"]["y"]["title"] is None
    assert "315 of 400 mentees" in spec["title"]["subtitle"][0]


def test_coverage_of_many_and_of_small_groups(match: npr.Match) -> None:
    spec = drawn(match.plot.coverage("grade", n=2, min_n=50))
    assert len(layer(spec)) == 2
    assert "with the lowest shares" in spec["title"]["subtitle"][-1]
    hidden = drawn(match.plot.coverage(min_n=200))
    assert any("of few mentees not shown" in line for line in hidden["title"]["subtitle"])


def test_scores(match: npr.Match) -> None:
    spec = drawn(match.plot.scores())
    rows = layer(spec)
    scores = match.pairs["score"]
    assert sum(row["pairs"] for row in rows) == len(scores) == 315
    for row in rows:
        last = row["to"] == 1
        inside = [score for score in scores if row["from"] <= score and (score < row["to"] or last)]
        assert row["pairs"] == len(inside)
    assert f"mean {sum(scores) / len(scores):.3f}" in spec["title"]["subtitle"][0]
    by = drawn(match.plot.scores("grade_gap"))
    assert by["title"]["text"] == "Scores by grade gap of 315 pairs"
    with pytest.raises(KeyError):
        match.plot.scores("nothing")


def test_supply(match: npr.Match, district: npr.District) -> None:
    spec = drawn(match.plot.supply())
    assessment = district.program.assess(district.mentees, district.mentors)
    supply = {row["value"]: row for row in assessment.supply if row["by"] == "site"}
    columns = {"mentees": "mentees", "places in reach": "room_in_reach"}
    rows = layer(spec)
    assert rows
    for row in rows:
        if row["group"] in supply:
            assert row["people"] == supply[row["group"]][columns[row["what"]]]
    for by in BY:
        drawn(match.plot.supply(by))
    with pytest.raises(npr.InputError, match="no supply by 'club'"):
        match.plot.supply("club")  # type: ignore[arg-type]


def test_a_network(match: npr.Match, district: npr.District) -> None:
    site = district.mentees["site"][0]
    spec = drawn(match.plot.network(site))
    at_site = {
        key
        for table in (district.mentees, district.mentors)
        for key, where in zip(table["id"], table["site"])
        if where == site
    }
    pairs = [
        pair for pair in match.pairs if pair["mentee_id"] in at_site or pair["mentor_id"] in at_site
    ]
    paired = {pair["mentee_id"] for pair in pairs} | {pair["mentor_id"] for pair in pairs}
    assert len(layer(spec, 0)) == 2 * len(pairs)
    people = layer(spec, 1)
    assert sum(person["kind"] == "in a pair" for person in people) == len(paired)
    # Who is alone here may not be in a pair elsewhere.
    anywhere = set(match.pairs["mentee_id"]) | set(match.pairs["mentor_id"])
    assert sum(person["kind"] == "alone" for person in people) == len(at_site - anywhere)
    for side in ("mentees", "mentors"):
        places = [person["y"] for person in people if person["side"] == side]
        assert all(later - one >= 13 for one, later in zip(sorted(places), sorted(places)[1:]))
    text = json.dumps(spec)
    assert not any(f'"{key}"' in text for key in at_site)
    named = json.dumps(drawn(match.plot.network(site, ids=True)))
    assert all(f'"{key}"' in named for key in at_site & paired)


def test_a_network_of_everybody_and_of_circles() -> None:
    mentees = {"id": ["ana", "bo", "cy"], "grade": [6, 6, 6]}
    mentors = {"id": ["max", "zoe"], "grade": [9, 9]}
    programme = npr.Program(loads={"mentor": {"max": 2}, "mentee": {"max": 2}})
    match = programme.match(pa.table(mentees), pa.table(mentors))
    spec = drawn(match.plot.network())
    assert len(layer(spec, 0)) == 2 * len(match)
    assert len({line["pair"] for line in layer(spec, 0)}) == len(match)
    sites = {"site": [5, 5, 7]}
    numbered = programme.match(pa.table(mentees | sites), pa.table(mentors | {"site": [5, 7]}))
    assert drawn(numbered.plot.network(5)) == drawn(numbered.plot.network("5"))
    nobody = npr.Program(eligibility={"grade_gap": {"min": 9}})
    empty = nobody.match(pa.table(mentees), pa.table(mentors))
    assert all(person["kind"] == "alone" for person in layer(drawn(empty.plot.network()), 1))
    drawn(empty.plot.scores())


def test_a_site_at_which_nobody_is(match: npr.Match, district: npr.District) -> None:
    site = district.mentees["site"][0]
    with pytest.raises(npr.InputError, match=f'did you mean "{site}"'):
        match.plot.network(site + "s")


def test_a_pickled_match_has_no_tables(match: npr.Match) -> None:
    copied = pickle.loads(pickle.dumps(match))
    assert copied.plot.scores().to_dict()["title"] == match.plot.scores().to_dict()["title"]
    for draw in (copied.plot.coverage, copied.plot.supply, copied.plot.network):
        with pytest.raises(npr.InputError, match="pickled"):
            draw()


def test_without_altair_the_extra_is_named(
    match: npr.Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    assert repr(match.plot) == "<Plot: coverage(), scores(), supply(), network(site)>"
    with pytest.raises(ImportError, match=r"pip install 'nearpeer\[plot\]'"):
        match.plot.coverage()
