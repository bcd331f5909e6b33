"""maturin's build hooks, with the tools that building HiGHS needs taken from PyPI.

HiGHS is compiled by CMake, and its header is read by libclang. Both come as packages into the
isolated build, so that ``pip install .`` needs no more on the machine than Rust and a C++ compiler.
A libclang or a toolchain file of CMake's that the environment already names, in ``LIBCLANG_PATH``
or ``CMAKE_TOOLCHAIN_FILE``, is left in place.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import maturin
from maturin import get_requires_for_build_sdist, get_requires_for_build_wheel

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

build_sdist = maturin.build_sdist
get_requires_for_build_editable = maturin.get_requires_for_build_editable
prepare_metadata_for_build_editable = maturin.prepare_metadata_for_build_editable
prepare_metadata_for_build_wheel = maturin.prepare_metadata_for_build_wheel


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, object] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build a wheel."""
    _find_tools()
    wheel: str = maturin.build_wheel(wheel_directory, config_settings, metadata_directory)
    return wheel


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, object] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build an editable wheel."""
    _find_tools()
    wheel: str = maturin.build_editable(wheel_directory, config_settings, metadata_directory)
    return wheel


def _find_tools() -> None:
    cmake = _package("cmake")
    if cmake is not None:
        bin_dir = cmake / "data" / "bin"
        os.environ["PATH"] = f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"
    clang = _package("clang")
    if clang is not None and (clang / "native").is_dir():
        os.environ.setdefault("LIBCLANG_PATH", str(clang / "native"))
    # Where it is tried; the crate `cmake` looks at this name only where nothing is cross compiled.
    if sys.platform == "linux" and "CMAKE_TOOLCHAIN_FILE" not in os.environ:
        unity = Path(__file__).with_name("unity.cmake")
        os.environ.setdefault("HOST_CMAKE_TOOLCHAIN_FILE", str(unity))


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    return Path(places[0]) if places else None
