"""`docs/reference/programme.md` has every key of the programme, its values and its default."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, NamedTuple

import pytest

import nearpeer as npr
from conftest import ROOT

# Not there before CPython 3.11, which the tests need; the types are those of 3.10.
tomllib = import_module("tomllib")
PAGE = (ROOT / "docs" / "reference" / "programme.md").read_text(encoding="utf-8")
HEADER = "| key | type | default | meaning |\n|---|---|---|---|\n"
LISTS = {"eligibility.feeders", "eligibility.rules"} | {
    "criteria",
    "quotas",
    "budgets",
    "balance",
    "families",
}


class Key(NamedTuple):
    """A row of the page."""

    table: str
    name: str
    type: str
    default: str

    @property
    def values(self) -> list[str]:
        return re.findall(r'`"(\w+)"`', self.type)


def tables() -> dict[str, list[Key]]:
    """Give the page's rows, by the table of the programme that they are keys of."""
    found = {}
    for part in re.split(r"^##+ ", PAGE, flags=re.MULTILINE):
        if HEADER in part:
            title = part.partition("\n")[0]
            table = "" if "#top" in title else title.strip("`")
            rows = part.split(HEADER)[1].split("\n\n")[0].splitlines()
            cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:5]] for row in rows]
            found[table] = [Key(table, name.strip("`"), of, is_) for name, of, is_, _ in cells]
    return found


TABLES = tables()
KEYS = [key for keys in TABLES.values() for key in keys]
EXAMPLES = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)]


def nested(path: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Give settings as those of a table of the programme, or of a list's first element."""
    names = path.split(".") if path else []
    for depth in range(len(names), 0, -1):
        in_list = ".".join(names[:depth]) in LISTS
        settings = {names[depth - 1]: [settings] if in_list else settings}
    return settings


def known(settings: dict[str, Any]) -> list[str]:
    """Give what nearpeer says it knows in the place of a word that it does not know."""
    with pytest.raises(npr.ProgramError) as caught:
        npr.Program(**settings)
    return str(caught.value).rpartition("The known ones are: ")[2].split(", ")


def example(table: str) -> dict[str, Any]:
    """Give the first of the table's elements in the page's examples; nothing for a plain table."""
    for found in EXAMPLES:
        at: Any = found
        for name in table.split("."):
            at = at.get(name, {}) if isinstance(at, dict) else {}
        if at and table in LISTS:
            return dict(at[0])
        if at and table == "stability":
            return dict(at)
    return {}


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_there(table: str) -> None:
    assert [key.name for key in TABLES[table]] == known(nested(table, {"zzz": 1}))


@pytest.mark.parametrize(
    "key", [key for key in KEYS if key.values], ids=lambda key: f"{key.table}.{key.name}"
)
def test_every_value_is_there(key: Key) -> None:
    wrong: Any = ["zzz"] if key.type.startswith("list") else "zzz"
    assert key.values == known(nested(key.table, {**example(key.table), key.name: wrong}))


def test_every_table_is_there() -> None:
    inner = {key.name for key in TABLES[""] if "table" in key.type}
    assert inner <= set(TABLES)
    for table, keys in TABLES.items():
        for key in keys:
            path = f"{table}.{key.name}".strip(".")
            if "table" in key.type and path not in TABLES:
                assert path in {"quotas.mentor", "budgets.mentor_has"}


@pytest.mark.parametrize(
    "key",
    [key for key in KEYS if key.default.startswith("`")],
    ids=lambda key: f"{key.table}.{key.name}",
)
def test_defaults_are_the_true_ones(key: Key) -> None:
    default = tomllib.loads(f"x = {key.default.strip('`')}")["x"]
    without = example(key.table)
    if key.table == "criteria":
        of_kind = {"measure": "interests", "tolerance": "grade_gap", "side": "preferences"}
        without["kind"] = of_kind[key.name]
    without.pop(key.name, None)
    given = npr.Program(**nested(key.table, {**without, key.name: default}))
    assert given == npr.Program(**nested(key.table, without))


@pytest.mark.parametrize(
    "key",
    [key for key in KEYS if key.default == "*required*"],
    ids=lambda key: f"{key.table}.{key.name}",
)
def test_what_is_required_is_missed(key: Key) -> None:
    table = key.table.replace("quotas.mentee", "quotas")
    full = example(table)
    if table != key.table:
        full = {"name": "a", "at_most": 1, "mentee": {"column": "club", "value": "chess"}}
    npr.Program(**nested(table, full))
    (full["mentee"] if table != key.table else full).pop(key.name)
    with pytest.raises(npr.ProgramError, match=key.name):
        npr.Program(**nested(table, full))


@pytest.mark.parametrize("settings", EXAMPLES, ids=lambda settings: next(iter(settings)))
def test_examples_are_programmes(settings: dict[str, Any]) -> None:
    npr.Program(**settings)


def test_the_default_criteria_are_those_that_the_page_names() -> None:
    criteria: Any = [
        {"kind": "interests", "weight": 0.7, "missing": "neutral"},
        {"kind": "grade_gap", "weight": 0.3, "missing": "neutral"},
    ]
    assert npr.Program(criteria=criteria) == npr.Program()
