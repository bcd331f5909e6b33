"""The notebooks run, and what is committed of their outputs is what they give.

``UPDATE=1 pytest python/tests/test_notebooks.py`` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT

NOTEBOOKS = ROOT / "python" / "notebooks"


def run(path: Path) -> Any:
    """Execute a notebook, and give it with what it printed and showed, without counts and times."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": NOTEBOOKS}})
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.metadata.clear()
            # Warnings and progress bars are the machine's, not the notebook's.
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                output.pop("execution_count", None)
                output.pop("metadata", None)
                if output.output_type in {"execute_result", "display_data"}:
                    output.update(metadata={}, output_type="display_data")
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def said(notebook: Any) -> list[list[str]]:
    """Give the words and numbers of every output, without what is drawn around them."""
    texts = [
        [output.get("text") or output["data"]["text/plain"] for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return [re.findall(r"[\w.%-]+", " ".join(cell)) for cell in texts]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_says_what_is_committed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Kernels keep their files out of the user's folders.
    monkeypatch.setenv("IPYTHONDIR", str(ROOT / "out" / "ipython"))
    committed = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    notebook = run(path)
    if os.environ.get("UPDATE"):
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    else:
        assert said(notebook) == said(committed)


def test_the_readme_names_every_notebook() -> None:
    readme = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\((.*\.ipynb)\)", readme)) == sorted(
        path.name for path in NOTEBOOKS.glob("*.ipynb")
    )
