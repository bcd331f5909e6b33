"""The package itself: it imports fast, names what it has, and its examples run."""

from __future__ import annotations

import ast
import doctest
import importlib.metadata
import inspect
import itertools
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nearpeer as npr
from nearpeer import _nearpeer
from nearpeer._plot import Plot

PACKAGE = Path(npr.__file__).parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL

# The processor's time, for others may be at work on the machine.
QUICK_IMPORT = """
import sys, time
start = time.process_time()
import nearpeer
took = time.process_time() - start
heavy = {"numpy", "pandas", "polars", "pyarrow", "scipy"} & set(sys.modules)
print(took, *heavy)
"""


def test_importing_is_quick_and_needs_nothing() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", QUICK_IMPORT], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(5)
    ]
    assert all(len(run) == 1 for run in runs), "heavy packages were imported"
    assert min(float(run[0]) for run in runs) < 0.15


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, "-m", "nearpeer", *arguments]
    return subprocess.run(script, capture_output=True, text=True, check=False)


def test_the_package_has_the_command() -> None:
    version = command("--version")
    assert (version.returncode, version.stdout) == (0, f"nearpeer {npr.__version__}\n")
    usage = command("mach")
    assert usage.returncode == 2
    assert "unrecognized subcommand 'mach'" in usage.stderr
    fault = command("check", "--mentees", "nobody.csv", "--mentors", "nobody.csv")
    assert fault.returncode == 2
    assert fault.stderr.startswith("error: ")
    scripts = importlib.metadata.entry_points(group="console_scripts", name="nearpeer")
    assert {script.value for script in scripts} == {"nearpeer.__main__:main"}


def test_ctrl_c_ends_the_command_at_once(tmp_path: Path) -> None:
    fifo = tmp_path / "mentees.csv"
    os.mkfifo(fifo)
    tables = ["--mentees", str(fifo), "--mentors", str(fifo)]
    script = [sys.executable, "-m", "nearpeer", "check", *tables]
    with subprocess.Popen(script, stderr=subprocess.PIPE) as running:
        # It is in the midst of reading when the pipe has its reader.
        with fifo.open("w", encoding="utf-8"):
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=60) == -signal.SIGINT
        assert running.stderr is not None
        assert running.stderr.read() == b""


def test_all_names_are_there_and_documented() -> None:
    assert sorted(npr.__all__) == npr.__all__
    for name in npr.__all__:
        assert getattr(npr, name).__doc__, name
    assert npr.__version__.count(".") == 2
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.parametrize(
    "module", ["nearpeer", "nearpeer._assign", "nearpeer._plot", "nearpeer.settings"]
)
def test_examples_of_modules(module: str) -> None:
    results = doctest.testmod(importlib.import_module(module), optionflags=FLAGS)
    assert results.attempted > 0
    assert results.failed == 0


def docstrings(stub: Path) -> list[tuple[str, str]]:
    """Each documented name of a stub with its docstring."""
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    documented = (ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    return [(node.name, ast.get_docstring(node) or "") for node in nodes]


def public() -> Iterator[tuple[str, Any]]:
    """Every public name of the package, and of its compiled classes."""
    for name in npr.__all__:
        thing = getattr(npr, name)
        if callable(thing):
            yield name, thing
        if name in vars(_nearpeer) and isinstance(thing, type):
            # In an order that is the same in every process.
            for inner in sorted(vars(thing)):
                if not inner.startswith("_"):
                    yield f"{name}.{inner}", getattr(thing, inner)
    for chart in ("coverage", "scores", "supply", "network"):
        yield f"Plot.{chart}", getattr(Plot, chart)


PUBLIC = list(public())


@pytest.mark.parametrize(("name", "thing"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_help_has_its_sections(name: str, thing: Any) -> None:
    text = inspect.getdoc(thing)
    assert text
    assert text.splitlines()[0].endswith(".")
    sections = {
        heading
        for heading, rule in itertools.pairwise(text.splitlines())
        if rule and rule == "-" * len(heading)
    }
    if callable(thing) and not isinstance(thing, type):
        takes = set(inspect.signature(thing).parameters) - {"self"}
        if takes:
            assert {"Parameters", "Returns", "Raises"} <= sections
            for parameter in takes:
                assert re.search(rf"^(.+, )?(\*\*)?{parameter}(, .+)? : ", text, re.MULTILINE), (
                    parameter
                )
    if name in ("Program", "Program.match", "Table", "assign", "verify"):
        assert "Examples" in sections
    if name == "Program":
        assert {"Parameters", "Raises"} <= sections


def is_overload(part: ast.FunctionDef) -> bool:
    return any(isinstance(name, ast.Name) and name.id == "overload" for name in part.decorator_list)


def test_help_says_what_the_stub_says() -> None:
    tree = ast.parse((PACKAGE / "_nearpeer.pyi").read_text(encoding="utf-8"))
    documented = (ast.ClassDef, ast.FunctionDef)
    compared = 0
    for node in tree.body:
        if not isinstance(node, documented) or node.name.startswith("_"):
            continue
        thing = getattr(_nearpeer, node.name)
        assert inspect.getdoc(thing) == ast.get_docstring(node), node.name
        for part in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                if is_overload(part) and not ast.get_docstring(part):
                    continue  # the last overload has the documentation of all
                shown = inspect.getdoc(getattr(thing, part.name))
                assert shown == ast.get_docstring(part), f"{node.name}.{part.name}"
                compared += 1
    assert compared > 30


EXAMPLES = [(name, text) for name, text in docstrings(PACKAGE / "_nearpeer.pyi") if ">>>" in text]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_examples_of_the_stub(name: str, text: str) -> None:
    examples = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    results = doctest.DocTestRunner(optionflags=FLAGS).run(examples)
    assert results.attempted > 0
    assert results.failed == 0
