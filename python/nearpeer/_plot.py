"""Charts of a match, by Altair. They show numbers; who a person is only where it is asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from types import ModuleType

    import altair as alt

    from nearpeer._nearpeer import Match

    _Chart: TypeAlias = alt.LayerChart

#: Colours that people who see few colours can tell apart (Okabe and Ito, 2008).
_BLUE, _ORANGE, _GREY = "#0072B2", "#E69F00", "#767676"

#: Pixels: the width of what is drawn, and the height of a bar with its space.
_WIDTH, _BAR = 460, 22

#: Bars of a histogram, each a twentieth of a point wide.
_BINS = 20

#: Pixels from person to person in a network, and how high it gets.
_STEP, _HIGHEST = 14, 4000

_Rows: TypeAlias = list[dict[str, Any]]


class Plot:
    """The charts of one match, as ``match.plot``.

    Each is an Altair chart: a notebook shows it, and ``chart.save("chart.html")`` writes it. What
    has many groups shows those that need to be looked at the most.

    Examples
    --------
    >>> import nearpeer as npr
    >>> district = npr.synth(students=600, sites=6, seed=7)
    >>> match = district.program.match(district.mentees, district.mentors)
    >>> chart = match.plot.coverage()
    >>> chart.title.text
    'Mentees with a mentor, by site'
    """

    def __init__(self, match: Match) -> None:
        self._match = match

    def __repr__(self) -> str:
        """Name the charts."""
        return "<Plot: coverage(), scores(), supply(), network(site)>"

    def coverage(self, by: str = "site", *, n: int = 40, min_n: int = 10) -> _Chart:
        """Draw which share of the mentees of each group has a mentor.

        Parameters
        ----------
        by : str, default 'site'
            A column of the mentees, as `Match.groups` takes it.
        n : int, default 40
            At most so many groups; of more, those with the lowest shares are shown.
        min_n : int, default 10
            Groups of fewer mentees are not shown, as in `Match.groups`.

        Returns
        -------
        altair.LayerChart

        Raises
        ------
        InputError
            If the mentees have no such column, or the match was pickled: its tables are not kept.
        ImportError
            If Altair is not installed.

        Examples
        --------
        >>> import nearpeer as npr
        >>> district = npr.synth(students=600, sites=6, seed=7)
        >>> match = district.program.match(district.mentees, district.mentors)
        >>> match.plot.coverage("grade").title.subtitle
        ['315 of 400 mentees', '2 groups of few mentees not shown']
        """
        alt = _altair()
        groups = self._match.groups(by, min_n=min_n).to_dicts()
        all_rows = [row for row in groups if row["kind"] != "total"]
        rows = sorted(
            (row for row in all_rows if not row["suppressed"]),
            key=lambda row: (row["coverage"], str(row["value"])),
        )
        told = [f"{self._match.covered:,} of {self._match.mentees:,} mentees"]
        if len(rows) < len(all_rows):
            told.append(f"{_groups(len(all_rows) - len(rows))} of few mentees not shown")
        told += _cut(rows, n, "with the lowest shares")
        shown = [
            {
                "group": _name(row["value"]),
                "share": row["coverage"],
                "text": f"{row['covered']:,} of {row['mentees']:,}",
            }
            for row in rows[:n]
        ]
        base = alt.Chart(alt.Data(values=shown)).encode(
            y=alt.Y("group:N", title=by, sort=[row["group"] for row in shown]),
            tooltip=[
                alt.Tooltip("group:N", title=by),
                alt.Tooltip("share:Q", title="share", format=".1%"),
                alt.Tooltip("text:N", title="mentees"),
            ],
        )
        bars = base.mark_bar(color=_BLUE, height=_BAR - 6).encode(
            x=alt.X(
                "share:Q",
                title="share of mentees with a mentor",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            )
        )
        # Beside the chart, where the longest bar leaves room, too.
        counts = base.mark_text(align="left", dx=6).encode(x=alt.value(_WIDTH), text="text:N")
        title = f"Mentees with a mentor, by {by}"
        return _finished(alt.layer(bars, counts), title, told, _BAR * len(shown))

    def scores(self, criterion: str | None = None) -> _Chart:
        """Draw how many pairs have which score.

        Parameters
        ----------
        criterion : str, optional
            One of `Match.criteria`, whose part of the score is drawn; the whole score by default.

        Returns
        -------
        altair.LayerChart

        Raises
        ------
        KeyError
            If there is no such criterion.
        ImportError
            If Altair is not installed.

        Examples
        --------
        >>> import nearpeer as npr
        >>> district = npr.synth(students=600, sites=6, seed=7)
        >>> match = district.program.match(district.mentees, district.mentors)
        >>> match.plot.scores().title.text
        'Scores of 315 pairs'
        """
        alt = _altair()
        name = "score" if criterion is None else f"score_{criterion}"
        # In micropoints, for whole numbers fall into one bin on every machine.
        scores = [round(score * 1e6) for score in self._match.pairs[name] if score is not None]
        width = 1_000_000 // _BINS
        bins = Counter(min(max(score // width, 0), _BINS - 1) for score in scores)
        rows = [
            {"from": bin_ / _BINS, "to": (bin_ + 1) / _BINS, "pairs": bins[bin_]}
            for bin_ in range(_BINS)
        ]
        bars = (
            alt.Chart(alt.Data(values=rows))
            .mark_bar(color=_BLUE, stroke="white")
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
        if scores:
            mean, lowest = sum(scores) / len(scores) / 1e6, min(scores) / 1e6
            told.append(f"mean {mean:.3f} (dashed), lowest {lowest:.3f}")
            rule = alt.Chart(alt.Data(values=[{"mean": mean}]))
            dashes = rule.mark_rule(color=_ORANGE, strokeDash=[6, 4], size=2)
            layers.append(dashes.encode(x="mean:Q"))
        what = "Scores" if criterion is None else f"Scores by {criterion.replace('_', ' ')}"
        title = f"{what} of {len(scores):,} {'pair' if len(scores) == 1 else 'pairs'}"
        return _finished(alt.layer(*layers), title, told, 260)

    def supply(
        self, by: Literal["site", "grade", "slot", "language"] = "site", *, n: int = 20
    ) -> _Chart:
        """Draw how many mentees there are, and how many the mentors whom they may have can take.

        Every pair is looked at again for it, as by `Program.assess`. A mentor whom mentees of
        several groups may have counts in each.

        Parameters
        ----------
        by : {'site', 'grade', 'slot', 'language'}, default 'site'
            What the groups of mentees have in common.
        n : int, default 20
            At most so many groups; of more, those that lack the most places are shown.

        Returns
        -------
        altair.LayerChart

        Raises
        ------
        InputError
            If the tables have no such column, or the match was pickled: its tables are not kept.
        ImportError
            If Altair is not installed.

        Examples
        --------
        >>> import nearpeer as npr
        >>> district = npr.synth(students=600, sites=6, seed=7)
        >>> match = district.program.match(district.mentees, district.mentors)
        >>> match.plot.supply().title.text
        'Mentees, and places in their reach, by site'
        """
        from nearpeer._errors import InputError

        alt = _altair()
        rows = [row for row in self._match._supply() if row["by"] == by and row["mentees"]]
        if not rows:
            message = f"no supply by {by!r}: the mentees have no such column"
            raise InputError(message)
        rows.sort(key=lambda row: (row["room_in_reach"] - row["mentees"], str(row["value"])))
        told = ["a mentor in reach of several groups counts in each"]
        told += _cut(rows, n, "that lack the most places")
        series = {"mentees": "mentees", "room_in_reach": "places in reach"}
        shown = [
            {"group": _name(row["value"]), "what": words, "people": row[column]}
            for row in rows[:n]
            for column, words in series.items()
        ]
        order = [_name(row["value"]) for row in rows[:n]]
        what = list(series.values())
        people = alt.Axis(tickMinStep=1, tickCount=8, format=",d")
        base = alt.Chart(alt.Data(values=shown)).encode(
            y=alt.Y("group:N", title=by, sort=order),
            yOffset=alt.YOffset("what:N", sort=what),
            x=alt.X("people:Q", title="people", axis=people),
        )
        bars = base.mark_bar().encode(
            color=alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=what, range=[_ORANGE, _BLUE]),
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
        return _finished(alt.layer(bars, counts), title, told, 2 * _BAR * len(order))

    def network(self, site: str | None = None, *, ids: bool = False) -> _Chart:
        """Draw who is paired with whom: the pairs with somebody of a site, and who of it is alone.

        People stand by their rows in the tables; a line is a pair, the darker the better its score.

        Parameters
        ----------
        site : str, optional
            The school; everybody by default.
        ids : bool, default False
            Whether the ids of the people are in the chart, beside their points.

        Returns
        -------
        altair.LayerChart

        Raises
        ------
        InputError
            If nobody is at the site, naming the nearest, or the match was pickled: its tables are
            not kept.
        ImportError
            If Altair is not installed.

        Examples
        --------
        >>> import nearpeer as npr
        >>> district = npr.synth(students=600, sites=6, seed=7)
        >>> match = district.program.match(district.mentees, district.mentors)
        >>> site = district.mentees["site"][0]
        >>> chart = match.plot.network(site)
        >>> chart.title.text == f"Pairs at {site}"
        True
        """
        alt = _altair()
        lines, people = _layout(self._match._network(site).to_dicts(), ids=ids)
        height = min(max((person["y"] for person in people), default=0), _HIGHEST)
        y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, nice=False))
        x = alt.X("side:N", sort=["mentees", "mentors"], title=None)
        x = x.axis(orient="top", labelAngle=0, domain=False, ticks=False, labelFontSize=13)
        pairs = (
            alt.Chart(alt.Data(values=lines))
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
        dots = alt.Chart(alt.Data(values=people)).encode(x=x, y=y)
        kinds = ["in a pair", "alone"]
        points = dots.mark_point(size=50, opacity=1).encode(
            fill=alt.Fill(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=[_BLUE, "white"]),
                legend=alt.Legend(orient="bottom", symbolStrokeColor=_GREY),
            ),
            stroke=alt.value(_GREY),
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
        return _finished(alt.layer(*layers), title, ["; ".join(words)], height)


def _layout(rows: _Rows, *, ids: bool) -> tuple[_Rows, _Rows]:
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


def _altair() -> ModuleType:
    try:
        import altair
    except ImportError as error:
        message = "charts need Altair: pip install 'nearpeer[plot]'"
        raise ImportError(message, name="altair") from error
    return altair


def _finished(chart: _Chart, title: str, told: list[str], height: float) -> _Chart:
    """Give the chart its title, size and looks."""
    import altair as alt

    words = alt.TitleParams(title, subtitle=told, anchor="start", frame="group")
    finished: _Chart = (
        chart.properties(title=words, width=_WIDTH, height=max(height, _BAR))
        .configure_axis(labelLimit=260, labelFontSize=11, titleFontSize=12, grid=False)
        .configure_title(fontSize=15, subtitleFontSize=12, subtitleColor="#444444", offset=12)
        .configure_legend(labelFontSize=12, titleFontSize=12)
        .configure_view(stroke=None)
    )
    return finished


def _cut(rows: _Rows, n: int, which: str) -> list[str]:
    return [f"the {n} of {_groups(len(rows))} {which}"] if len(rows) > n else []


def _groups(count: int) -> str:
    return f"{count:,} {'group' if count == 1 else 'groups'}"


def _name(value: str | None) -> str:
    return "not given" if value is None else value
