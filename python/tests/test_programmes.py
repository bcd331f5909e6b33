"""The pages of docs/programmes: every command prints what the page says."""

from __future__ import annotations

import html
import os
import re
import subprocess
from pathlib import Path

import pytest

from conftest import COMMAND

PAGES = sorted((Path(__file__).parents[2] / "docs" / "programmes").glob("*.md"))
BLOCK = re.compile(r"```(toml|csv|sh|text)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem != "README"], ids=lambda page: page.stem
)
def test_a_page_prints_what_it_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = dict(BLOCK.findall(text))
    (tmp_path / "programme.toml").write_text(blocks["toml"], encoding="utf-8")
    if "csv" in blocks:
        (tmp_path / "mentors.csv").write_text(blocks["csv"], encoding="utf-8")
    printed = ""
    for line in blocks["sh"].splitlines():
        words = line.split()
        assert words[0] == "nearpeer"
        run = subprocess.run(
            [COMMAND, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
        printed += f"$ {line}\n{run.stdout}"
    if os.environ.get("UPDATE"):
        block = f"```text\n{blocks['text']}```"
        page.write_text(text.replace(block, f"```text\n{printed}```"), encoding="utf-8")
    else:
        assert printed == blocks["text"]
    says(text, tmp_path / "match.html")


def says(text: str, report: Path) -> None:
    """Find in a report what a page quotes from it."""
    section = text.split("## What the report says")[1]
    quotes = re.findall("“(.*?)”", section, re.DOTALL)
    assert len(quotes) > 3
    page = re.sub("<(style|svg).*?</\\1>", "", report.read_text(encoding="utf-8"), flags=re.DOTALL)
    words = " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())
    for quote in quotes:
        assert " ".join(quote.split()) in words
