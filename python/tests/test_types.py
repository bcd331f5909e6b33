"""The types: examples under strict checkers, and settings with the keys that the core reads."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import nearpeer as npr
from conftest import ROOT
from nearpeer import settings

#: What a type checker has to refuse, each with a part of the line.
WRONG = """\
import nearpeer as npr
import polars as pl

mentees = pl.DataFrame({"id": ["ana"]})
npr.Program(lods={})
npr.Program(loads={"mentor": {"maximum": 2}})
npr.Program(objective=["coverage", "scores"])
npr.Program(criteria=[{"kind": "interest", "weight": 1}])
npr.Program().replace(triads="yes")
npr.Program().match(mentees)
npr.Program().match(mentees, 3)
npr.Program().match(mentees, mentees, columns={"a": 1})
npr.Program().match(mentees, mentees, on_interrupt="stop")
npr.Program().match(mentees, mentees).plot.supply("club")
npr.Program().match(mentees, mentees).covered = 3
"""


def examples() -> list[str]:
    """Give the README's examples."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def check(tool: str, folder: Path, files: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a checker in its strict mode."""
    package = str(Path(npr.__file__).parents[1])
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": [package]}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    paths = []
    for number, file in enumerate(files):
        paths.append(str(folder / f"file_{number}.py"))
        Path(paths[-1]).write_text(file, encoding="utf-8")
    commands = {
        "mypy": ["mypy", "--strict", "--config-file", "", "--no-error-summary", *paths],
        "basedpyright": ["basedpyright", "--project", str(folder), *paths],
    }
    return subprocess.run(
        [sys.executable, "-m", *commands[tool]],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MYPYPATH": package},
    )


@pytest.mark.parametrize("tool", ["mypy", "basedpyright"])
def test_examples_have_types(tool: str, tmp_path: Path) -> None:
    done = check(tool, tmp_path, examples())
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("tool", ["mypy", "basedpyright"])
def test_what_is_wrong_is_refused(tool: str, tmp_path: Path) -> None:
    done = check(tool, tmp_path, [WRONG])
    refused = {int(line) for line in re.findall(r"file_0\.py:(\d+)[:,].*error", done.stdout)}
    assert refused == set(range(5, 1 + len(WRONG.splitlines()))), done.stdout


#: Where each type stands in a programme; the settings around it are what makes its keys be read.
PLACES: dict[str, dict[str, Any]] = {
    "Settings": {"zz": 1},
    "Loads": {"loads": {"zz": 1}},
    "MenteeLoad": {"loads": {"mentee": {"zz": 1}}},
    "MentorLoad": {"loads": {"mentor": {"zz": 1}}},
    "Limits": {"limits": {"zz": 1}},
    "Eligibility": {"eligibility": {"zz": 1}},
    "GradeGap": {"eligibility": {"grade_gap": {"zz": 1}}},
    "Feeder": {"eligibility": {"feeders": [{"zz": 1}]}},
    "Rule": {"eligibility": {"rules": [{"zz": 1}]}},
    "Meetings": {"meetings": {"zz": 1}},
    "Circles": {"circles": {"zz": 1}},
    "Criterion": {"criteria": [{"zz": 1}]},
    "Quota": {"quotas": [{"zz": 1}]},
    "Has": {"quotas": [{"name": "q", "mentor": {"zz": 1}}]},
    "Budget": {"budgets": [{"zz": 1}]},
    "Balance": {"balance": [{"zz": 1}]},
    "Family": {"families": [{"zz": 1}]},
    "Stability": {"stability": {"zz": 1}},
}


@pytest.mark.parametrize("name", settings.__all__)
def test_types_have_the_keys_that_a_programme_reads(name: str) -> None:
    with pytest.raises(npr.ProgramError) as caught:
        npr.Program(**PLACES[name])
    known = set(re.findall(r"\w+", str(caught.value).split(" known ones are: ", 1)[1]))
    assert set(get_type_hints(getattr(settings, name))) == known


@pytest.mark.parametrize("name", settings.__all__)
def test_types_have_the_values_that_a_programme_reads(name: str) -> None:
    for key, kind in get_type_hints(getattr(settings, name)).items():
        literals = [part for part in walk(kind) if typing.get_origin(part) is typing.Literal]
        for literal in literals:
            place = PLACES[name]
            wrong = with_value(place, key, "zz")
            with pytest.raises(npr.ProgramError) as caught:
                npr.Program(**wrong)
            known = set(re.findall(r"\w+", str(caught.value).split(" known ones are: ", 1)[1]))
            assert set(typing.get_args(literal)) == known, key


def walk(kind: Any) -> list[Any]:
    return [kind, *(inner for part in typing.get_args(kind) for inner in walk(part))]


#: What has to be there before a key is read.
NEEDED: dict[str, dict[str, Any]] = {
    "Rule": {"name": "r", "column": "c", "require": "one_of", "values": ["a"]},
    "Criterion": {"kind": "interests", "weight": 1, "missing": "zero"},
    "Quota": {"name": "q", "at_most": 1},
    "Family": {"name": "f", "members": ["a", "b"]},
    "Stability": {"mode": "best_score"},
}


def with_value(place: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    """Give the settings in which the key has this value in place of the unknown one."""
    name = next(name for name, other in PLACES.items() if other is place)

    def put(setting: Any) -> Any:
        if isinstance(setting, list):
            return [put(item) for item in setting]
        if not isinstance(setting, dict):
            return setting
        if setting == {"zz": 1}:
            listed = name == "Settings" and key == "objective"
            return NEEDED.get(name, {}) | {key: [value] if listed else value}
        return {inner: put(item) for inner, item in setting.items()}

    settings_ = put(place)
    assert isinstance(settings_, dict)
    return settings_


def test_settings_are_documented() -> None:
    for name in settings.__all__:
        assert inspect.getdoc(getattr(settings, name)), name
