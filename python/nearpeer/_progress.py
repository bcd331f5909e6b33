"""The bar that shows how far a solve is, by tqdm."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nearpeer._nearpeer import Progress

#: A bar that nobody asked for waits this long, in seconds: most solves are over by then.
_PATIENCE = 1.0

#: Seconds between two drawings.
_EVERY = 0.1


class Bar:
    """A function for ``progress=`` that draws a bar; tqdm is imported when there is one to draw."""

    def __init__(self, patience: float) -> None:
        self._next = patience
        self._bar: Any = None
        self._pass: tuple[str, int, int] | None = None

    def __call__(self, progress: Progress) -> None:
        """Draw how far the solve is, unless that was done just now."""
        if progress.elapsed < self._next:
            return
        self._next = progress.elapsed + _EVERY
        if self._bar is None:
            from tqdm.auto import tqdm

            self._bar = tqdm(total=1, leave=False, bar_format="{desc} |{bar}|")
        now = (progress.phase, progress.round, progress.total)
        if now != self._pass:
            self._pass = now
            self._bar.reset(total=progress.total or 1)
        self._bar.n = progress.done
        self._bar.set_description_str(words(progress), refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def words(progress: Progress) -> str:
    """Say in a line how far a solve is."""
    parts = [f"{progress.elapsed:.0f} s", progress.phase.replace("_", " ")]
    if progress.round:
        parts += [f"round {progress.round}", f"{progress.columns:,} columns"]
    if progress.gap is not None:
        parts.append(f"{progress.level} gap {progress.gap:,}")
    return ", ".join(parts)


def bar(wanted: bool | None) -> Bar | None:
    """Give the bar for ``progress=wanted``; None stands for a bar where somebody sees it."""
    if wanted is False or (wanted is None and not _is_seen()):
        return None
    if importlib.util.find_spec("tqdm") is None:
        if wanted:
            message = (
                "progress=True needs tqdm: pip install 'nearpeer[progress]', or give a function"
            )
            raise ImportError(message)
        return None
    return Bar(0.0 if wanted else _PATIENCE)


def _is_seen() -> bool:
    """Whether standard error is a terminal, or this is a notebook."""
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")
