"""What notebooks show: cards that are escaped, and name nobody."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pytest

import nearpeer as npr

MARKUP = "<script>alert('x')</script>"


class Reader(HTMLParser):
    """Reads a card's text, and holds its tags to be closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def words(thing: Any) -> str:
    """Read the card of something, which has to be well formed and free of scripts."""
    card = Reader()
    card.feed(thing._repr_html_())
    assert not card.open
    assert card.tags <= {
        "div",
        "p",
        "strong",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    return " ".join(" ".join(card.text).split())


@pytest.fixture
def district() -> npr.District:
    return npr.synth(students=600, sites=6, seed=7)


@pytest.fixture
def match(district: npr.District) -> npr.Match:
    return district.program.match(district.mentees, district.mentors)


def test_a_match(match: npr.Match) -> None:
    card = words(match)
    assert card.startswith("Match : 315 of 400 mentees covered (78.7 %)")
    for fact in ("Pairs 315", "Proof optimal, gap 0", "Who is in no pair, and why"):
        assert fact in card
    left = match.unmatched.to_dicts()
    reasons = {row["reason"] for row in left}
    assert all(str(reason).replace("_", " ") in card for reason in reasons)


def test_a_certificate(match: npr.Match) -> None:
    card = words(match.certificate)
    for level in match.certificate.levels:
        assert f"{level.level} {level.objective:,} {level.bound:,} 0" in card


def test_an_assessment(district: npr.District) -> None:
    assessment = district.program.assess(district.mentees, district.mentors)
    card = words(assessment)
    assert f"{assessment.eligible_pairs:,}" in card
    rules = [row["rule"] for row in assessment.rules if row["on"]]
    assert all(str(rule).replace("_", " ") in card for rule in rules)


def test_a_co_match() -> None:
    students = pa.table({"id": ["ana", "bo", "cy", "di"], "interests": ["art", "art", "film", ""]})
    programme = npr.Program(mode="co_mentoring", triads=True)
    card = words(programme.co_match(students))
    assert card.startswith("Co-mentoring match : 4 of 4 students covered (100 %)")
    assert "Pairs 2 Groups of three 0" in card


def test_a_programme() -> None:
    programme = npr.Program(
        objective=["coverage", "score"],
        loads={"mentor": {"min": 2, "max": 3}},
        limits={"time": 60, "gap": 1000},
        eligibility={"grade_gap": {"min": 1, "max": 4}, "feeders": [{"from": "A", "to": "B"}]},
        quotas=[{"name": "travel", "property": "cross_site", "at_most": 3}],
        circles={"grade_band": 1},
    )
    card = words(programme)
    for fact in (
        "Objective coverage, then score",
        "a gap of 1 to 4 grades",
        "the same site or 1 feeder",
        "interests 0.7, grade gap 0.3",
        "mentees 0 to 1, mentors none or 2 to 3",
        "1 quota, circles within 1 grade",
        "60 s, a gap of 1000 micropoints",
    ):
        assert fact in card
    assert "one group of two or three" in words(npr.Program(mode="co_mentoring", triads=2))


def test_nobody_is_named_and_everything_is_escaped() -> None:
    mentees = {"id": ["ana-green", "bo-green", "cy"], "grade": [6, 6, 8], MARKUP: ["a", "b", "c"]}
    mentors = {"id": ["max-miller", "zoe"], "grade": [9, 9], MARKUP: ["a", "b"]}
    programme = npr.Program(
        criteria=[
            {"kind": "same", "column": MARKUP, "weight": 1, "missing": "zero", "name": MARKUP}
        ],
        families=[
            {"name": "the Greens", "members": ["ana-green", "bo-green"], "all_or_none": True}
        ],
    )
    tables = pa.table(mentees), pa.table(mentors)
    match = programme.match(*tables)
    things = [programme, match, match.certificate, programme.assess(*tables)]
    for thing in things:
        card = words(thing)
        for name in ("green", "Greens", "cy", "miller", "zoe"):
            assert name not in card.split(), name
            assert len(name) < 3 or name not in card, name
    assert MARKUP in words(programme)


def test_cards_of_what_is_small_or_cut_short(match: npr.Match) -> None:
    nobody = npr.Program(eligibility={"grade_gap": {"min": 9}})
    tables = pa.table({"id": ["ana"], "grade": [6]}), pa.table({"id": ["max"], "grade": [9]})
    card = words(nobody.match(*tables))
    assert "0 of 1 mentee covered (0 %)" in card
    assert "Mean score" not in card
    assert pickle.loads(pickle.dumps(match))._repr_html_() == match._repr_html_()
