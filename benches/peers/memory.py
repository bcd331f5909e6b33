"""The most memory that a process has held."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def forget_peak() -> None:
    """Start the peak of memory anew where the system can (Linux): making the instance is over."""
    refs = Path("/proc/self/clear_refs")
    if refs.exists():
        refs.write_text("5", encoding="ascii")


def peak() -> float:
    """Give the most memory that this process, or one that it called, has held, in mebibytes."""
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return most / (1024 if sys.platform != "darwin" else 1024**2)
