"""Bars, a group below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from nearpeer._errors import InputError
from nearpeer._plot.looks import BAR, BLUE, ORANGE, WIDTH, chart, finished

if TYPE_CHECKING:
    from nearpeer._nearpeer import Match


def coverage(match: Match, by: str, n: int, min_n: int) -> alt.LayerChart:
    """Draw which share of the mentees of each group has a mentor."""
    groups = match.groups(by, min_n=min_n).to_dicts()
    all_rows = [row for row in groups if row["kind"] != "total"]
    rows = sorted(
        (row for row in all_rows if not row["suppressed"]),
        key=lambda row: (row["coverage"], str(row["value"])),
    )
    told = [f"{match.covered:,} of {match.mentees:,} mentees"]
    if len(rows) < len(all_rows):
        told.append(f"{counted(len(all_rows) - len(rows))} of few mentees not shown")
    told += cut(rows, n, "with the lowest shares")
    shown = [
        {
            "group": name_of(row["value"]),
            "share": row["coverage"],
            "text": f"{row['covered']:,} of {row['mentees']:,}",
        }
        for row in rows[:n]
    ]
    base = chart(shown).encode(
        # The chart's title says by what; beside the labels there is no room for it in every font.
        y=alt.Y("group:N", title=None, sort=[row["group"] for row in shown]),
        tooltip=[
            alt.Tooltip("group:N", title=by),
            alt.Tooltip("share:Q", title="share", format=".1%"),
            alt.Tooltip("text:N", title="mentees"),
        ],
    )
    bars = base.mark_bar(color=BLUE, height=BAR - 6).encode(
        x=alt.X(
            "share:Q",
            title="share of mentees with a mentor",
            axis=alt.Axis(format="%", tickCount=5),
            scale=alt.Scale(domain=[0, 1]),
        )
    )
    # Beside the chart, where the longest bar leaves room, too.
    counts = base.mark_text(align="left", dx=6).encode(x=alt.value(WIDTH), text="text:N")
    title = f"Mentees with a mentor, by {by}"
    return finished([bars, counts], title, told, BAR * len(shown))


def supply(match: Match, by: str, n: int) -> alt.LayerChart:
    """Draw how many mentees there are, and how many the mentors whom they may have can take."""
    rows = [row for row in match._supply() if row["by"] == by and row["mentees"]]
    if not rows:
        message = f"no supply by {by!r}: the mentees have no such column"
        raise InputError(message)
    rows.sort(key=lambda row: (row["room_in_reach"] - row["mentees"], str(row["value"])))
    told = ["a mentor in reach of several groups counts in each"]
    told += cut(rows, n, "that lack the most places")
    series = {"mentees": "mentees", "room_in_reach": "places in reach"}
    shown = [
        {"group": name_of(row["value"]), "what": words, "people": row[column]}
        for row in rows[:n]
        for column, words in series.items()
    ]
    order = [name_of(row["value"]) for row in rows[:n]]
    what = list(series.values())
    people = alt.Axis(tickMinStep=1, tickCount=8, format=",d")
    base = chart(shown).encode(
        y=alt.Y("group:N", title=None, sort=order),
        yOffset=alt.YOffset("what:N", sort=what),
        x=alt.X("people:Q", title="people", axis=people),
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "what:N",
            title=None,
            scale=alt.Scale(domain=what, range=[ORANGE, BLUE]),
            legend=alt.Legend(orient="top"),
        ),
        tooltip=[
            alt.Tooltip("group:N", title=by),
            alt.Tooltip("what:N", title="what"),
            alt.Tooltip("people:Q", format=","),
        ],
    )
    counts = base.mark_text(align="left", dx=4).encode(text=alt.Text("people:Q", format=","))
    title = f"Mentees, and places in their reach, by {by}"
    return finished([bars, counts], title, told, 2 * BAR * len(order))


def cut(rows: list[dict[str, Any]], n: int, which: str) -> list[str]:
    """Say which rows are shown, if they are not all."""
    return [f"the {n} of {counted(len(rows))} {which}"] if len(rows) > n else []


def counted(count: int) -> str:
    """Count groups."""
    return f"{count:,} {'group' if count == 1 else 'groups'}"


def name_of(value: str | None) -> str:
    """Name a group as it is shown."""
    return "not given" if value is None else value
