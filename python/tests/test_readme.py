"""The README's examples run, and the numbers that it shows are the ones that are printed."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from conftest import COMMAND, ROOT

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_examples_run(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102


def test_there_are_python_examples() -> None:
    assert len(blocks("python")) == 11


def test_the_command_prints_what_the_readme_shows(tmp_path: Path) -> None:
    lines = [
        line for block in blocks("sh") for line in block.splitlines() if line.startswith("nearpeer")
    ]
    tasks = ["check", "match", "verify", "oneroster", "assess", "explain", "alternatives", "advise"]
    tasks.append("synth")
    assert [line.split()[1] for line in lines] == tasks
    printed = ""
    for line in lines:
        words = shlex.split(line.replace("out/", f"{tmp_path}/"))
        done = subprocess.run(
            [COMMAND, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=True
        )
        printed += done.stdout
    shown = [block for block in blocks("text") if block.startswith("coverage")]
    assert len(shown) == 1
    assert shown[0] in printed
