"""The printed page and the document of a match, as Python gives them."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import COMMAND, ROOT


def read(*path: str) -> dict[str, Any]:
    return dict(json.loads(ROOT.joinpath(*path).read_text(encoding="utf-8")))


SCHEMA = read("docs", "schema", "match-1.json")
CO_SCHEMA = read("docs", "schema", "co-match-1.json")


def closed(schema: Any) -> Any:
    """Give the schema with every field that it does not name forbidden."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if "properties" in inner:
        inner["additionalProperties"] = False
    return inner


QUOTA = """
[[quotas]]
name = "across"
property = "cross_site"
at_most = 3
"""
FAIR = 'objective = ["coverage", "leximin", "score"]'


def matches() -> dict[str, npr.Match]:
    """Make matches of every kind: with quotas, meetings, fairness, stability, nobody at all."""
    district = npr.synth(students=400, sites=4, seed=3)
    small = npr.synth(students=120, sites=2, seed=5)
    wishes = pa.table({"id": ["ana", "bo"], "preferences": ["max;zoe", "max"]})
    wished = pa.table({"id": ["max", "zoe"], "preferences": ["bo;ana", "ana"]})
    alone = pa.table({"id": ["ana"], "grade": [6]}), pa.table({"id": ["max"], "grade": [6]})
    settings = district.program.to_toml()
    quota = settings + QUOTA
    fair = re.sub(r"^objective = \[[^]]*\]$", FAIR, settings, flags=re.MULTILINE)
    assert fair != settings
    stable = npr.Program(stability={"mode": "mentee_optimal"})
    fewest = npr.Program(stability={"mode": "fewest_blocking"})
    of_district = district.mentees, district.mentors
    return {
        "plain": district.program.match(*of_district),
        "quota": npr.Program.from_toml_text(quota).match(*of_district),
        "fair": npr.Program.from_toml_text(fair).match(*of_district),
        "meetings": small.program.match(
            small.mentees, small.mentors, leaders=small.leaders, rooms=small.rooms
        ),
        "stable": stable.match(wishes, wished),
        "fewest": fewest.match(wishes, wished),
        "nobody": npr.Program().match(*alone),
    }


MATCHES = matches()
KINDS = sorted(MATCHES)


@pytest.mark.parametrize("kind", KINDS)
def test_documents_are_as_the_schema_says(kind: str) -> None:
    match = MATCHES[kind]
    document = match.to_dict()
    validator = jsonschema.Draft202012Validator(closed(SCHEMA))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert json.loads(match.to_json()) == document
    certificate = match.certificate
    assert (document["status"], document["gap"]) == (certificate.status, certificate.gap)
    assert [level["value"] for level in document["levels"]] == [
        level.objective for level in certificate.levels
    ]
    assert [pair["mentee"] for pair in document["pairs"]] == match.pairs["mentee_id"]
    assert [person["reason"] for person in document["unmatched"]] == match.unmatched["reason"]
    for pair in document["pairs"]:
        assert sorted(pair["by_criterion"]) == sorted(match.criteria)
        assert (pair["meeting"] is not None) == document["slots_assigned"]


SEVEN: dict[str, list[Any]] = {
    "id": list("abcdefg"),
    "grade": [6, 6, 7, 7, 7, 7, 12],
    "interests": ["art", "go", "art", "go", "art", "go", "art"],
}


def co_match(students: dict[str, list[Any]], *, triads: bool) -> npr.CoMatch:
    """Match students of one table whose grades are at most one apart."""
    programme = npr.Program(
        mode="co_mentoring", triads=triads, eligibility={"grade_gap": {"max": 1}}
    )
    return programme.co_match(pa.table(students))


CO_MATCHES = {
    "pairs": co_match(SEVEN, triads=False),
    "triads": co_match(SEVEN, triads=True),
    "nobody": co_match({"id": ["a"]}, triads=False),
}


@pytest.mark.parametrize("kind", sorted(CO_MATCHES))
def test_documents_of_students_are_as_their_schema_says(kind: str) -> None:
    match = CO_MATCHES[kind]
    document = match.to_dict()
    jsonschema.Draft202012Validator.check_schema(CO_SCHEMA)
    validator = jsonschema.Draft202012Validator(closed(CO_SCHEMA))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(document)
    assert json.loads(match.to_json()) == document
    assert (document["students"], document["covered"]) == (match.students, match.covered)
    assert (document["triads"], document["total_score"]) == (match.triads, match.total_score)
    pairs = [pair for group in document["groups"] for pair in group["pairs"]]
    assert [pair["student_a"] for pair in pairs] == match.pairs["student_a_id"]
    assert [person["reason"] for person in document["unmatched"]] == match.unmatched["reason"]
    changes: list[dict[str, Any]] = [{"version": 2}, {"mode": "cross_age"}, {"groups": [{}]}]
    for change in changes:
        assert not validator.is_valid(document | change)


@pytest.mark.parametrize(
    ("name", "schema"), [("match-1", SCHEMA), ("co-match-1", CO_SCHEMA)], ids=["match", "co-match"]
)
def test_documents_that_were_written_before_are_as_the_schema_says(
    name: str, schema: dict[str, Any]
) -> None:
    document = read("tests", "data", "documents", f"{name}.json")
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(document)] == []


def test_the_schema_refuses_what_is_no_document() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = MATCHES["plain"].to_dict()
    changes: list[dict[str, Any]] = [
        {"version": 2},
        {"status": "fine"},
        {"pairs": [{}]},
        {"gap": "0"},
    ]
    for change in changes:
        assert not validator.is_valid(document | change)
    del document["levels"]
    assert not validator.is_valid(document)


def test_a_match_that_was_pickled_has_a_document_but_no_page() -> None:
    match = pickle.loads(pickle.dumps(MATCHES["plain"]))
    assert match.to_dict() == MATCHES["plain"].to_dict()
    with pytest.raises(npr.InputError, match="pickled has no tables"):
        match.to_html()


class Outline(HTMLParser):
    """What of a page can be checked without a browser."""

    VOID = ("meta", "link", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), "an attribute twice"
        self.tags.add(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        assert not any(name.startswith("on") for name in values)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


WAYS: list[dict[str, Any]] = [{}, {"names": "id"}, {"redacted": True}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_pages_are_whole_and_need_nothing(kind: str, way: dict[str, Any]) -> None:
    page = MATCHES[kind].to_html(**way)
    outline = Outline(page)
    assert len(set(outline.ids)) == len(outline.ids)
    assert outline.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.links)
    assert "url(" not in page
    assert "@import" not in page
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(lower <= upper + 1 for upper, lower in steps)


def test_ids_are_on_the_page_only_if_asked_for() -> None:
    match = MATCHES["plain"]
    ids = set(match.pairs["mentee_id"]) | set(match.unmatched["id"])
    words = {str(way): set(re.findall(r"[\w-]+", match.to_html(**way))) for way in WAYS}
    assert ids & words["{}"] == set()
    assert ids & words["{'redacted': True}"] == set()
    assert ids <= words["{'names': 'id'}"]


def test_leaders_are_named_only_where_people_are() -> None:
    district = npr.synth(students=300, sites=3, seed=7)
    match = district.program.match(
        district.mentees, district.mentors, leaders=district.leaders, rooms=district.rooms
    )
    details = match.unmatched["detail"]
    assert any("can lead (" in detail for detail in details)
    assert pickle.loads(pickle.dumps(match)).unmatched["detail"] == details
    ids = set(district.leaders["id"])
    words = {str(way): set(re.findall(r"[\w-]+", match.to_html(**way))) for way in WAYS}
    assert ids & words["{}"] == set()
    assert ids & words["{'redacted': True}"] == set()
    assert ids & words["{'names': 'id'}"]


def test_a_redacted_page_has_no_small_number_of_people() -> None:
    for match in MATCHES.values():
        page = match.to_html(redacted=True)
        for table in re.findall(r'<table>\n<caption id="(.*?)</table>', page, re.DOTALL):
            if not table.startswith("by-criterion"):
                numbers = re.findall(r'<td class="n">([\d,]+)</td>', table)
                assert not [n for n in numbers if 0 < int(n.replace(",", "")) < 10], table
        assert not re.search(r"\brow \d", page)


def test_the_page_is_written_whole_and_as_the_command_writes_it(tmp_path: Path) -> None:
    district = npr.synth(students=200, sites=3, seed=1)
    command = [COMMAND, "synth", "--students", "200", "--sites", "3", "--seed", "1", "--out", "."]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    tables = ["--program", "programme.toml", "--mentees", "mentees.csv", "--mentors", "mentors.csv"]
    files = ["--report", "command.html", "--json", "command.json", "--names", "id"]
    command = [COMMAND, "match", *tables, "--out", "out", *files]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    match = district.program.match(district.mentees, district.mentors)
    path = tmp_path / "deep" / "python.html"
    assert match.report(path, names="id") == path
    assert path.read_text(encoding="utf-8") == match.to_html(names="id")
    assert path.read_bytes() == (tmp_path / "command.html").read_bytes()
    assert (tmp_path / "command.json").read_text(encoding="utf-8") == match.to_json() + "\n"
    with pytest.raises(OSError, match="cannot be written"):
        match.report(tmp_path / "deep")
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["python.html"]


def test_wrong_wishes_are_errors() -> None:
    match = MATCHES["plain"]
    with pytest.raises(npr.InputError, match="no table has this column"):
        match.to_html(names="nickname")
    with pytest.raises(npr.InputError, match="no names"):
        match.to_html(names="id", redacted=True)
    with pytest.raises(npr.InputError, match="nobody is at this site"):
        match.to_html(names="id", sites=["Nowhere"])
    with pytest.raises(TypeError):
        match.to_html(names="id", sites="Nowhere")  # type: ignore[arg-type]


def test_names_come_from_a_column_and_else_from_the_row() -> None:
    mentees = pa.table({"id": ["a", "b"], "grade": [6, 7], "name": ["Ana <3", None]})
    mentors = pa.table({"id": ["m", "n"], "grade": [9, 10], "name": ["Max", "Zoé"]})
    page = npr.Program().match(mentees, mentors).to_html(names="name", title="Spring & autumn")
    for shown in ("Ana &lt;3", ">row 2<", ">Max<", ">Zoé<", "Spring &amp; autumn"):
        assert shown in page
