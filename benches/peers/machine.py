"""What a run was made on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time
from pathlib import Path

PACKAGES = ["numpy", "polars", "scipy", "lapx", "ortools", "highspy", "pulp"]


def machine() -> str:
    """Name the day, the machine and the versions."""
    import nearpeer as npr

    versions = ", ".join(
        [f"nearpeer {npr.__version__}"]
        + [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES if installed(name)]
    )
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {processor()}, "
        f"{memory_total():.0f} GB, {platform.system()}, Python {platform.python_version()}; "
        f"{versions}."
    )


def installed(name: str) -> bool:
    """Say whether a package has a version to name."""
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def processor() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [text.split(":")[1].strip() for text in names if text.startswith("model name")]
    return models[0] if models else platform.processor()


def memory_total() -> float:
    """Give the machine's memory in gigabytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
