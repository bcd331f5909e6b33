"""What the crates say of themselves: the least Rust, and what a registry asks for."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from conftest import ROOT

CARGO = shutil.which("cargo") or "cargo"


def cargo(*arguments: str) -> str:
    return subprocess.check_output([CARGO, *arguments], cwd=ROOT, text=True)


def number(version: str) -> tuple[int, ...]:
    """Give a version for comparison, without what comes after a dash."""
    return tuple(int(part) for part in (version.partition("-")[0] + ".0.0").split(".")[:3])


def test_no_dependency_needs_a_later_rust_than_the_crates_state() -> None:
    # Of other systems the crates are not here.
    asked = ["--offline", "--locked", "--format-version=1", "--filter-platform=host-tuple"]
    metadata: dict[str, Any] = json.loads(cargo("metadata", *asked))
    members = set(metadata["workspace_members"])
    stated = {of["rust_version"] for of in metadata["packages"] if of["id"] in members}
    assert len(stated) == 1
    [least] = stated
    later = [
        f"{of['name']} {of['version']} needs {of['rust_version']}"
        for of in metadata["packages"]
        if of["rust_version"] and number(of["rust_version"]) > number(least)
    ]
    assert later == []
    assert number("1.89") == (1, 89, 0) < number("1.90.1-beta")


def test_crates_that_are_published_have_what_a_registry_asks_for() -> None:
    for crate, more in (("nearpeer-core", set[str]()), ("nearpeer", {"README.md", "src/main.rs"})):
        asked = ["--offline", "--allow-dirty", "--list"]
        listed = cargo("package", *asked, "-p", crate).splitlines()
        assert {"Cargo.toml", "src/lib.rs"} | more <= set(listed)
        assert not [file for file in listed if file.startswith(("target", "out"))]
