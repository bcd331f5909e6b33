"""A histogram of scores."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt

from nearpeer._plot.looks import BLUE, ORANGE, chart, finished

if TYPE_CHECKING:
    from nearpeer._nearpeer import Match

#: Bars, each a twentieth of a point wide.
_BINS = 20


def scores(match: Match, criterion: str | None) -> alt.LayerChart:
    """Draw how many pairs have which score."""
    name = "score" if criterion is None else f"score_{criterion}"
    # In micropoints, for whole numbers fall into one bin on every machine.
    points = [round(score * 1e6) for score in match.pairs[name] if score is not None]
    width = 1_000_000 // _BINS
    bins = Counter(min(max(score // width, 0), _BINS - 1) for score in points)
    rows = [
        {"from": bin_ / _BINS, "to": (bin_ + 1) / _BINS, "pairs": bins[bin_]}
        for bin_ in range(_BINS)
    ]
    bars = (
        chart(rows)
        .mark_bar(color=BLUE, stroke="white")
        .encode(
            x=alt.X(
                "from:Q",
                title="score in points",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".1f", tickCount=10),
            ),
            x2="to:Q",
            y=alt.Y("pairs:Q", title="pairs", axis=alt.Axis(tickMinStep=1, format=",d")),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("from:Q", format=".2f"),
                alt.Tooltip("to:Q", format=".2f"),
                alt.Tooltip("pairs:Q"),
            ],
        )
    )
    layers = [bars]
    told = []
    if points:
        mean, lowest = sum(points) / len(points) / 1e6, min(points) / 1e6
        told.append(f"mean {mean:.3f} (dashed), lowest {lowest:.3f}")
        rule = chart([{"mean": mean}])
        dashes = rule.mark_rule(color=ORANGE, strokeDash=[6, 4], size=2)
        layers.append(dashes.encode(x="mean:Q"))
    what = "Scores" if criterion is None else f"Scores by {criterion.replace('_', ' ')}"
    title = f"{what} of {len(points):,} {'pair' if len(points) == 1 else 'pairs'}"
    return finished(layers, title, told, 260)
