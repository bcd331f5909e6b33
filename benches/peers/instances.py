"""Open districts: every pair is eligible, and a mentor takes two."""

from __future__ import annotations

from typing import Any

import numpy as np

from peers.problem import SEED, Floats, Problem, whole


def district(rows: int, columns: int) -> Any:
    """Make up an open district, in which every pair is eligible; a mentor takes two."""
    import nearpeer as npr

    return npr.synth(mentees=rows, mentors=columns, sites=0, seed=SEED, missing=0)


def weights(mentees: Any, mentors: Any) -> Floats:
    """Score all pairs as the district's programme does: Jaccard 0.7, fit of the grade gap 0.3."""
    import polars as pl

    words = pl.concat([mentees["interests"], mentors["interests"]]).explode().unique().sort()
    hot = []
    for people in (mentees, mentors):
        items = people.select(row=pl.int_range(pl.len()), item="interests").explode("item")
        flags = np.zeros((len(people), len(words)), dtype=np.float32)
        flags[items["row"].to_numpy(), words.search_sorted(items["item"]).to_numpy()] = 1
        hot.append(flags)
    shared = (hot[0] @ hot[1].T).astype(np.float64)
    either = hot[0].sum(axis=1)[:, None] + hot[1].sum(axis=1)[None, :] - shared
    gap = mentors["grade"].to_numpy()[None, :] - mentees["grade"].to_numpy()[:, None]
    return whole(0.7 * shared / either + 0.3 * np.maximum(0, 1 - np.abs(gap - 3) / 4))


def survey(rows: int) -> Problem:
    """Give the scores of a made-up district."""
    made = district(rows, rows // 2)
    return Problem(weights(made.mentees.to_polars(), made.mentors.to_polars()), 2)
