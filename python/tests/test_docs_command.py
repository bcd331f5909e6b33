"""`docs/reference/command.md` is what the command's help says.

``UPDATE=1 pytest python/tests/test_docs_command.py`` writes it anew.
"""

from __future__ import annotations

import os
import re
import subprocess

from conftest import COMMAND, ROOT

PAGE = ROOT / "docs" / "reference" / "command.md"


def helps(*task: str) -> str:
    run = subprocess.run([COMMAND, *task, "--help"], capture_output=True, text=True, check=True)
    return run.stdout.rstrip()


def test_every_help_text_is_there() -> None:
    listed = helps().partition("Commands:\n")[2].partition("\n\n")[0]
    tasks = [task for task in re.findall(r"^  (\w\S*)", listed, re.MULTILINE) if task != "help"]
    assert len(tasks) >= 9
    text = PAGE.read_text(encoding="utf-8")
    true = text.partition("\n## ")[0].rstrip() + "\n"
    for task in tasks:
        true += f"\n## nearpeer {task}\n\n```text\n{helps(task)}\n```\n"
    if os.environ.get("UPDATE"):
        PAGE.write_text(true, encoding="utf-8")
    else:
        assert true == text
