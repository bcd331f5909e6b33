"""Charts of a match, by Altair. They show numbers; who a person is only where it is asked for."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import altair as alt

    from nearpeer._nearpeer import Match


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

    def coverage(self, by: str = "site", *, n: int = 40, min_n: int = 10) -> alt.LayerChart:
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
        _need_altair()
        from nearpeer._plot import bars

        return bars.coverage(self._match, by, n, min_n)

    def scores(self, criterion: str | None = None) -> alt.LayerChart:
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
        _need_altair()
        from nearpeer._plot import scores

        return scores.scores(self._match, criterion)

    def supply(
        self, by: Literal["site", "grade", "slot", "language"] = "site", *, n: int = 20
    ) -> alt.LayerChart:
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
        _need_altair()
        from nearpeer._plot import bars

        return bars.supply(self._match, by, n)

    def network(self, site: str | int | None = None, *, ids: bool = False) -> alt.LayerChart:
        """Draw who is paired with whom: the pairs with somebody of a site, and who of it is alone.

        People stand by their rows in the tables; a line is a pair, the darker the better its score.

        Parameters
        ----------
        site : str or int, optional
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
        _need_altair()
        from nearpeer._plot import network

        return network.network(self._match, site, ids=ids)


def _need_altair() -> None:
    if importlib.util.find_spec("altair") is None:
        message = "charts need Altair: pip install 'nearpeer[plot]'"
        raise ImportError(message, name="altair")
