"""The package itself: it imports fast, names what it has, and its examples run."""

from __future__ import annotations

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import nearpeer as npr

PACKAGE = Path(npr.__file__).parent

QUICK_IMPORT = """
import sys, time
start = time.perf_counter()
import nearpeer
took = time.perf_counter() - start
heavy = {"numpy", "pandas", "polars", "pyarrow", "scipy"} & set(sys.modules)
print(took, *heavy)
"""


def test_importing_is_quick_and_needs_nothing() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", QUICK_IMPORT], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(3)
    ]
    assert all(len(run) == 1 for run in runs), "heavy packages were imported"
    assert min(float(run[0]) for run in runs) < 0.15


def test_all_names_are_there_and_documented() -> None:
    assert sorted(npr.__all__) == npr.__all__
    for name in npr.__all__:
        assert getattr(npr, name).__doc__, name
    assert npr.__version__.count(".") == 2
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.parametrize("module", ["nearpeer", "nearpeer._assign"])
def test_examples_of_modules(module: str) -> None:
    results = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert results.attempted > 0
    assert results.failed == 0


def docstrings(stub: Path) -> list[tuple[str, str]]:
    """Each documented name of a stub with its docstring."""
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    documented = (ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    return [(node.name, ast.get_docstring(node) or "") for node in nodes]


EXAMPLES = [(name, text) for name, text in docstrings(PACKAGE / "_nearpeer.pyi") if ">>>" in text]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_examples_of_the_stub(name: str, text: str) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    examples = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    results = doctest.DocTestRunner(optionflags=flags).run(examples)
    assert results.attempted > 0
    assert results.failed == 0
