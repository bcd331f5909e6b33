"""Settings from keyword arguments and TOML."""

from __future__ import annotations

import copy
import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nearpeer as npr

TOML = """
objective = ["coverage", "score"]
[loads.mentor]
max = 2
[eligibility]
grade_gap = { min = 1, max = 4 }
consent = false
[[criteria]]
kind = "interests"
weight = 0.75
missing = "zero"
[[criteria]]
kind = "closeness"
column = "age"
scale = 3.0
weight = 0.25
missing = "neutral"
"""

KEYWORDS: dict[str, Any] = {
    "mode": None,
    "objective": ("coverage", "score"),
    "loads": {"mentor": {"max": np.int8(2)}, "mentee": None},
    "eligibility": types.MappingProxyType(
        {"grade_gap": {"min": np.array(1), "max": 4}, "consent": np.False_}
    ),
    "criteria": [
        {"kind": "interests", "weight": np.float32(0.75), "missing": np.str_("zero")},
        {
            "kind": "closeness",
            "column": "age",
            "scale": 3.0,
            "weight": 0.25,
            "missing": "neutral",
            "name": None,
        },
    ],
}


def test_keywords_and_toml_say_the_same(tmp_path: Path) -> None:
    programme = npr.Program.from_toml_text(TOML)
    assert npr.Program(**KEYWORDS) == programme
    file = tmp_path / "programme.toml"
    file.write_text("\ufeff" + TOML.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert npr.Program.from_toml(file) == programme
    assert npr.Program.from_toml(str(file)) == programme
    assert npr.Program.from_toml_text(programme.to_toml()) == programme
    assert programme != npr.Program()
    assert programme != TOML


@pytest.mark.parametrize("text", ["", TOML])
def test_copies_are_equal(text: str) -> None:
    programme = npr.Program.from_toml_text(text)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(programme, protocol)) == programme
    assert copy.copy(programme) == programme
    assert copy.deepcopy([programme]) == [programme]


def test_the_repr_shows_what_matters() -> None:
    assert repr(npr.Program.from_toml_text(TOML)) == (
        "<Program: coverage > score; criteria interests 0.75, closeness_age 0.25; "
        "loads: mentee 0-1, mentor 0-2>"
    )


def loop() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


INTERESTS = {"kind": "interests", "missing": "zero"}
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"lods": {}}, "lods"),
    ({"loads": {"mentor": {"max": 2**63}}}, "loads.mentor.max"),
    ({"loads": {"mentor": {"max": -(2**63) - 1}}}, "loads.mentor.max"),
    ({"loads": {"mentor": {"min": 3, "max": 2}}}, "loads.mentor.min"),
    ({"loads": {"mentor": {"max": 99_999}}}, "loads.mentor.max"),
    ({"loads": {"mentor": {"max": 2j}}}, "loads.mentor.max"),
    ({"loads": {1: 2}}, "loads"),
    ({"limits": {"time": object()}}, "limits.time"),
    ({"limits": {"time": 0}}, "limits.time"),
    ({"limits": {"time": float("nan")}}, "limits.time"),
    ({"limits": {"time": b"1"}}, "limits.time"),
    ({"objective": []}, "objective"),
    ({"objective": ["score", None]}, "objective[2]"),
    ({"objective": {"score"}}, "objective"),
    ({"mode": "\ud800"}, "mode"),
    ({"criteria": [INTERESTS | {"weight": -1}]}, "criteria[1].weight"),
    ({"criteria": [INTERESTS | {"weight": float("inf")}]}, "criteria[1].weight"),
    ({"criteria": [INTERESTS | {"weight": 0}]}, "criteria"),
    ({"criteria": [INTERESTS | {"weight": len}]}, "criteria[1].weight"),
    ({"criteria": [INTERESTS]}, "weight"),
    ({"criteria": [INTERESTS | {"weigth": 1}]}, "weigth"),
    ({"eligibility": {"consnt": False}}, "consnt"),
    ({"eligibility": {"grade_gap": {"min": 3, "max": 2}}}, "eligibility.grade_gap"),
]


@pytest.mark.parametrize(("settings", "key"), FAULTS)
def test_faults_name_their_key(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(npr.ProgramError) as caught:
        npr.Program(**settings)
    assert caught.value.key == key
    assert isinstance(caught.value, npr.NearpeerError)


def test_settings_that_contain_themselves_end() -> None:
    with pytest.raises(npr.ProgramError, match="too deep") as caught:
        npr.Program(criteria=loop())
    assert caught.value.key is not None
    assert caught.value.key.startswith("criteria[1]")


def test_the_nearest_key_is_named() -> None:
    with pytest.raises(npr.ProgramError, match="did you mean `weight`"):
        npr.Program(criteria=[{"kind": "interests", "weigth": 1, "missing": "zero"}])  # type: ignore[typeddict-unknown-key, typeddict-item]
    with pytest.raises(npr.ProgramError, match=r"line 2.*did you mean `consent`"):
        npr.Program.from_toml_text("[eligibility]\nconsnt = false")


def test_settings_are_keyword_arguments() -> None:
    with pytest.raises(TypeError):
        npr.Program({})  # type: ignore[call-arg, arg-type]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.toml"):
        npr.Program.from_toml(tmp_path / "nowhere.toml")
    with pytest.raises(IsADirectoryError):
        npr.Program.from_toml(tmp_path)
    file = tmp_path / "latin.toml"
    file.write_bytes(b"# caf\xe9")
    with pytest.raises(npr.ProgramError, match="UTF-8"):
        npr.Program.from_toml(file)
    with pytest.raises(TypeError):
        npr.Program.from_toml(3)  # type: ignore[arg-type]


def test_replace_changes_a_setting_and_nothing_else() -> None:
    programme = npr.Program.from_toml_text(TOML)
    text = programme.to_toml()
    changed = programme.replace(loads={"mentor": {"max": 5}}, limits={"time": 60})
    assert programme.to_toml() == text
    assert changed != programme
    assert changed.replace(loads={"mentor": {"max": 2}}, limits=None) == programme
    assert programme.replace() == programme
    assert programme.replace(objective=None).replace(objective=["coverage", "score"]) == programme
    everything: Any = dict.fromkeys(("objective", "loads", "eligibility", "criteria"))
    assert programme.replace(**everything) == npr.Program()
    if sys.version_info >= (3, 13):
        assert copy.replace(programme, limits={"time": 1}).to_toml() != text


@pytest.mark.parametrize(
    ("settings", "key"),
    [({"lods": {}}, "lods"), ({"loads": {"mentor": {"min": 9}}}, "loads.mentor.min")],
)
def test_replace_names_the_key_of_a_fault(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(npr.ProgramError) as caught:
        npr.Program().replace(**settings)
    assert caught.value.key == key


def test_equal_programmes_have_equal_hashes() -> None:
    programme = npr.Program.from_toml_text(TOML)
    assert len({programme, npr.Program(**KEYWORDS), copy.deepcopy(programme), npr.Program()}) == 2
    zeros = [
        npr.Program(budgets=[{"name": "travel", "at_most": zero, "pair": 1.5}])
        for zero in (0.0, -0.0, 0)
    ]
    assert zeros[0] == zeros[1] == zeros[2]
    assert len(set(zeros)) == 1
    distinct = [npr.Program(limits={"time": seconds}) for seconds in range(1, 200)]
    assert len({hash(one) for one in distinct}) == len(distinct)


def test_a_programme_cannot_be_changed() -> None:
    programme = npr.Program()
    with pytest.raises(AttributeError):
        programme.loads = {}  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        programme.replace = None  # type: ignore[method-assign, assignment]


def test_the_repr_counts_constraints() -> None:
    programme = npr.Program(
        quotas=[{"name": "travel", "property": "cross_site", "at_most": 3}],
        families=[{"name": "Green", "members": ["a", "b"], "keep": "apart"}],
    )
    assert repr(programme).endswith("mentor 0-1; quotas: 1; families: 1>")
