"""The pages of the documentation: commands and examples print what the pages say.

``UPDATE=1 pytest python/tests/test_docs.py`` writes what they print into the pages.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

import nearpeer as npr
from conftest import COMMAND, ROOT

DOCS = ROOT / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
FENCE = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    folder: Path
    names: dict[str, object]
    printed: str | None = None

    def follow(self, block: re.Match[str]) -> str:
        """Do what a block says, and give the block as it should be."""
        language, text = block["language"], block["text"]
        printed, self.printed = self.printed, None
        if block["file"]:
            (self.folder / block["file"]).write_text(text, encoding="utf-8")
        elif language == "console":
            text = "".join(map(self.command, re.findall(r"^\$ (.*)$", text, re.MULTILINE)))
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(text, "page", "exec"), self.names)  # noqa: S102
            self.printed = output.getvalue()
        elif language == "text" and printed:
            text = printed
        head = block[0].partition("\n")[0]
        return f"{head}\n{text}```"

    def command(self, line: str) -> str:
        """Run a command, and give it with what it printed, as on a terminal."""
        words = [COMMAND if word == "nearpeer" else word for word in shlex.split(line)]
        run = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
        return f"$ {line}\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_prints_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    true = FENCE.sub(Reader(tmp_path, {}).follow, text)
    if os.environ.get("UPDATE"):
        page.write_text(true, encoding="utf-8")
    else:
        assert true == text


def test_the_tutorial_matches_the_small_tables() -> None:
    # Names are all that it adds, so the README and the tutorial speak of the same people.
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        if (block["file"] or "").endswith(".csv"):
            rows = [line.split(",") for line in block["text"].splitlines()]
            plain = "".join(",".join([row[0], *row[2:]]) + "\n" for row in rows)
            assert plain == (ROOT / "tests/data/small" / block["file"]).read_text()


def test_every_public_name_is_in_the_reference() -> None:
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^::: nearpeer\.(\w+)$", page, re.MULTILINE))
    assert named == {name for name in npr.__all__ if not name.startswith("_")}
