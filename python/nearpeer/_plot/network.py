"""Who is paired with whom: two rows of people, and a line a pair."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import altair as alt

from nearpeer._plot.looks import BLUE, GREY, chart, finished

if TYPE_CHECKING:
    from nearpeer._nearpeer import Match

#: Pixels from person to person, and how high a chart gets.
_STEP, _HIGHEST = 14, 4000


def network(match: Match, site: str | int | None, *, ids: bool) -> alt.LayerChart:
    """Draw the pairs with somebody of a site, and who of it is alone."""
    site = None if site is None else str(site)
    lines, people = _layout(match._network(site).to_dicts(), ids=ids)
    height = min(max((person["y"] for person in people), default=0), _HIGHEST)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, nice=False))
    x = alt.X("side:N", sort=["mentees", "mentors"], title=None)
    x = x.axis(orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=13)
    pairs = (
        chart(lines)
        .mark_line(strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            detail="pair:N",
            color=alt.Color(
                "score:Q",
                title="score in points",
                scale=alt.Scale(scheme="blues", domain=[0, 1]),
                legend=alt.Legend(orient="bottom", gradientLength=200),
            ),
        )
    )
    dots = chart(people).encode(x=x, y=y)
    kinds = ["in a pair", "alone"]
    points = dots.mark_point(size=50, opacity=1).encode(
        fill=alt.Fill(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=[BLUE, "white"]),
            legend=alt.Legend(orient="bottom", symbolStrokeColor=GREY),
        ),
        stroke=alt.value(GREY),
        tooltip=[alt.Tooltip("name:N", title="who"), alt.Tooltip("kind:N", title="is")],
    )
    layers = [pairs, points]
    if ids:
        for side, align, dx in (("mentees", "right", -9), ("mentors", "left", 9)):
            of_side = dots.transform_filter(f"datum.side == '{side}'")
            layers.append(of_side.mark_text(align=align, dx=dx).encode(text="name:N"))
    told = Counter((person["side"], person["kind"]) for person in people)
    words = [
        f"{told[side, 'in a pair']:,} {side} in a pair, {told[side, 'alone']:,} alone"
        for side in ("mentees", "mentors")
    ]
    title = "Pairs" if site is None else f"Pairs at {site}"
    return finished(layers, title, ["; ".join(words)], height)


def _layout(
    rows: list[dict[str, Any]], *, ids: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the two ends of each line, and the people, each with the place that it has."""
    pairs = [row for row in rows if row["score"] is not None]
    pairs.sort(key=lambda pair: (pair["mentor_row"], pair["mentee_row"]))
    # Who shares a mentor stands together, and the mentor beside the middle of them.
    places: dict[str, dict[int, float]] = {"mentee": {}, "mentor": {}}
    beside = defaultdict(list)
    for pair in pairs:
        below = _STEP * (1 + len(places["mentee"]))
        beside[pair["mentor_row"]].append(places["mentee"].setdefault(pair["mentee_row"], below))
    lowest = {"mentee": _STEP * len(places["mentee"]), "mentor": 0.0}
    for mentor, near in beside.items():
        lowest["mentor"] = max(lowest["mentor"] + _STEP, sum(near) / len(near))
        places["mentor"][mentor] = lowest["mentor"]
    lines = [
        {
            "pair": number,
            "score": pair["score"],
            "side": f"{role}s",
            "y": places[role][pair[f"{role}_row"]],
        }
        for number, pair in enumerate(pairs)
        for role in places
    ]
    people: dict[tuple[str, int], dict[str, Any]] = {}
    for row in [*pairs, *(row for row in rows if row["score"] is None)]:
        for role, there in places.items():
            number = row[f"{role}_row"]
            if number is None or (role, number) in people:
                continue
            alone = number not in there
            if alone:
                lowest[role] += _STEP
            people[role, number] = {
                "side": f"{role}s",
                "y": lowest[role] if alone else there[number],
                "name": row[f"{role}_id"] if ids else f"{role} in row {number}",
                "kind": "alone" if alone else "in a pair",
            }
    return lines, list(people.values())
