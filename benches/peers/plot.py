"""Time and memory against pairs."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from peers.series import Series
from peers.solvers import OURS, SOLVERS


def plot(results: list[Series], kinds: list[str], path: Path) -> None:
    """Draw time and memory against pairs, both on logarithmic scales."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        2, len(kinds), figsize=(5.2 * len(kinds), 8), sharex=True, sharey="row", squeeze=False
    )
    colours = plt.get_cmap("tab10")
    for across, kind in enumerate(kinds):
        for number, peer in enumerate(SOLVERS):
            lines = [s for s in results if (s.kind, s.peer) == (kind, peer) and s.runs]
            if not lines:
                continue
            pairs = [series.median("cells") for series in lines]
            ours = peer.startswith(OURS)
            style: dict[str, Any] = {
                "label": peer,
                "color": "black" if ours else colours(number),
                "linestyle": "--" if peer == "nearpeer, 1 thread" else "-",
                "linewidth": 2 if ours else 1.2,
                "marker": "os^vD<>pP*"[number],
                "markersize": 5,
            }
            times = [statistics.median(series.times()) for series in lines]
            axes[0][across].loglog(pairs, times, **style)
            axes[1][across].loglog(pairs, [s.median("memory") for s in lines], **style)
        start = "weights in memory" if kind == "assign" else "Polars frames"
        axes[0][across].set_title(f"{kind}, from {start}")
        axes[1][across].set_xlabel("pairs")
    axes[0][0].set_ylabel("seconds (median)")
    axes[1][0].set_ylabel("peak memory of the process, MB")
    for axis in axes.flat:
        axis.grid(which="major", alpha=0.3)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    figure.set_layout_engine("constrained")
    figure.savefig(path, dpi=110)
