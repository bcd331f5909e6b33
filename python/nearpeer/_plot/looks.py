"""What all charts look like."""

from __future__ import annotations

from typing import Any

import altair as alt

#: Colours that people who see few colours can tell apart (Okabe and Ito, 2008).
BLUE, ORANGE, GREY = "#0072B2", "#E69F00", "#767676"

#: Pixels: the width of what is drawn, and the height of a bar with its space.
WIDTH, BAR = 460, 22


def chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """Give a chart that has its data within."""
    return alt.Chart(alt.InlineData(values=rows))


def finished(layers: list[alt.Chart], title: str, told: list[str], height: float) -> alt.LayerChart:
    """Lay charts over each other, with a title, what is told below it, and a height in pixels."""
    words = alt.TitleParams(title, subtitle=told, anchor="start", frame="group")
    done: alt.LayerChart = (
        alt.LayerChart(layer=layers)
        .properties(title=words, width=WIDTH, height=max(height, BAR))
        .configure_axis(labelLimit=260, labelFontSize=11, titleFontSize=12, grid=False)
        .configure_title(fontSize=15, subtitleFontSize=12, subtitleColor="#444444", offset=12)
        .configure_legend(labelFontSize=12, titleFontSize=12)
        .configure_view(stroke=None)
    )
    return done
