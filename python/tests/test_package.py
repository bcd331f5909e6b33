"""The package itself: it imports fast, names what it has, and its examples run."""

from __future__ import annotations

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


def test_examples_of_the_stub() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    stub = str(PACKAGE / "_nearpeer.pyi")
    results = doctest.testfile(stub, module_relative=False, encoding="utf-8", optionflags=flags)
    assert results.attempted > 0
    assert results.failed == 0
