"""The exception family: names, attributes, pickling."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable

import pyarrow as pa
import pytest

import nearpeer as npr
from conftest import ROOT
from nearpeer.settings import Family

FAMILY: list[type[npr.NearpeerError]] = [
    npr.InputError,
    npr.ProgramError,
    npr.InfeasibleError,
    npr.SolverError,
    npr.LimitError,
    npr.VerificationError,
]


@pytest.mark.parametrize("kind", FAMILY)
def test_one_family(kind: type[npr.NearpeerError]) -> None:
    assert issubclass(kind, npr.NearpeerError)
    assert kind.__module__ == "nearpeer"
    assert kind.__doc__


def test_places_survive_pickling() -> None:
    with pytest.raises(npr.InputError) as caught:
        npr.assign([[1.0, float("nan")]])
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.table, error.row, error.column, error.value) == ("scores", 0, 1, "nan")
    assert str(error) == str(caught.value)


def test_attributes_are_there_before_anything_is_known() -> None:
    assert npr.InputError("x").table is None
    assert npr.ProgramError("x").key is None
    assert npr.InfeasibleError("x").conflict is None
    assert npr.InfeasibleError("x").repair is None
    assert npr.InfeasibleError("x").certificate is None


def given(call: Callable[..., object], *words: object, **named: object) -> str:
    """Give what is said of arguments of the wrong kind, which must not speak of the binding."""
    with pytest.raises(TypeError) as caught:
        call(*words, **named)
    said = str(caught.value)
    said = "\n".join([said, *getattr(caught.value, "__notes__", [])])
    assert not re.search(r"Vec|PyString|PyBool|enum|Argument|extract|convert", said), said
    return said


def about(argument: str, said: str) -> str:
    """Give the whole of what is said of an argument: from Python 3.11 on its name is in a note."""
    if sys.version_info >= (3, 11):
        return f"{said}\nwhile processing '{argument}'"
    return f"argument '{argument}': {said}"


def test_arguments_of_the_wrong_kind_are_told_in_words() -> None:
    said = given(npr.synth, students=-1)
    assert said == about("students", "a whole number, 0 or more, is needed, not -1")
    said = given(npr.synth, sites="six")
    assert said == about("sites", "a whole number, 0 or more, is needed, not 'six'")
    assert "mentees" in given(npr.synth, mentees=2**70)
    assert "seed" in given(npr.synth, seed=1.5)
    tables = (
        pa.table({"id": ["ana"], "site": ["East"]}),
        pa.table({"id": ["max"], "site": ["East"]}),
    )
    match = npr.Program().match(*tables)
    said = given(match.to_html, names="id", sites="East")
    assert said == about("sites", "a list of schools is needed, such as ['Lincoln'], not 'East'")
    assert "East" in match.to_html(names="id", sites=["East"])
    with pytest.raises(npr.InputError, match="say by which column"):
        match.to_html(sites=["East"])
    with pytest.raises(npr.InputError, match="a redacted report has no rosters"):
        match.to_html(redacted=True, sites=["East"])
    said = given(match.groups, "site", min_n=-3)
    assert said == about("min_n", "a whole number, 0 or more, is needed, not -3")
    package = ROOT / "tests" / "data" / "oneroster" / "v1p2"
    said = given(npr.read_oneroster, package, mentee_grades=6.5, mentor_grades=8)
    assert said == 'mentee_grades: grades are 6, "6,7", "K-2" or [6, 7], not 6.5'
    given(npr.read_oneroster, package, mentee_grades=[6], mentor_grades=[None])
    given(match.to_html, names=3)
    given(match.to_html, redacted="yes")


def test_a_programmes_text_is_no_path() -> None:
    for text in ("objective = ['score']\n", "mode = 'co_mentoring'"):
        with pytest.raises(npr.ProgramError, match="from_toml_text"):
            npr.Program.from_toml(text)
    with pytest.raises(FileNotFoundError):
        npr.Program.from_toml("a=b.toml")


def test_whole_numbers_are_ids() -> None:
    tables = pa.table({"id": [1042, 1043]}), pa.table({"id": [7, 8]})
    families: list[Family] = [{"name": "Rivera", "members": [1042, "1043"], "all_or_none": True}]
    assert npr.Program(families=families).match(*tables).covered == 2
    with pytest.raises(npr.ProgramError, match="in quotation marks, or a whole number"):
        npr.Program(families=[{"name": "Rivera", "members": [1.5], "all_or_none": True}])  # type: ignore[list-item]
