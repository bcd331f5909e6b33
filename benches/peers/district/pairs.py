"""The eligible pairs of a made-up district with their scores, by NumPy, a component at a time.

Sites are joined by feeders. Rules and criteria are those of the district's programme, looked at
for whole blocks of one site's mentees and one site's mentors; scores are the same integers as
nearpeer's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from peers.problem import POINT, Problem

Integers = npt.NDArray[np.int64]

# What a criterion that is worth 1 adds, in trillionths of a point.
INTERESTS, GRADES = 700_000_000_000, 300_000_000_000
# Covering one more is worth more than all scores; in points.
COVERED = 10_000


@dataclasses.dataclass
class People:
    """Those of one side who may be in a pair at all, as arrays."""

    grade: Integers
    site: Integers
    interests: npt.NDArray[np.float32]
    no_interests: npt.NDArray[np.bool_]
    slots: Integers
    languages: Integers
    gender: Integers
    needs_language: Integers
    needs_gender: npt.NDArray[np.bool_]
    load: Integers

    def at(self, site: int) -> Integers:
        """Give the numbers of those at a site."""
        return np.flatnonzero(self.site == site)


def bits(frame: Any, column: str, words: Any) -> Integers:
    """Give a list column as bits, one a word; an empty cell has none."""
    import polars as pl

    number = dict(zip(words, range(len(words))))
    items = frame.select(row=pl.int_range(pl.len()), item=column).explode("item").drop_nulls()
    made = np.zeros(len(frame), dtype=np.int64)
    ones = 1 << np.array([number[item] for item in items["item"]], dtype=np.int64)
    np.bitwise_or.at(made, items["row"].to_numpy(), ones)
    return made


def codes(frame: Any, column: str, words: Any) -> Integers:
    """Give a text column as numbers; an empty cell is -1."""
    number = {word: code for code, word in enumerate(words)}
    return np.array([number.get(cell, -1) for cell in frame[column]], dtype=np.int64)


def people(frame: Any, words: dict[str, list[str]]) -> People:
    """Read one side, without those whom a rule on themselves rules out."""
    import polars as pl

    for column in ("consent", "screened", "trained"):
        if column in frame.columns:
            frame = frame.filter(pl.col(column).fill_null(value=False))
    frame = frame.filter(pl.col("grade").is_not_null())
    known = bits(frame, "interests", words["interests"])
    flags = (known[:, None] >> np.arange(len(words["interests"]))) & 1
    needs, none = np.zeros(len(frame), dtype=np.int64), np.zeros(len(frame), dtype=np.bool_)
    if "requires_language" in frame.columns:
        code = codes(frame, "requires_language", words["languages"])
        needs = np.where(code < 0, 0, 1 << np.maximum(code, 0))
        none = frame["requires_same_gender"].fill_null(value=False).to_numpy()
    two = np.ones(len(frame), dtype=np.int64)
    if "load_max" in frame.columns:
        two = frame["load_max"].fill_null(2).to_numpy().astype(np.int64)
    return People(
        grade=frame["grade"].cast(pl.Int64).to_numpy(),
        site=codes(frame, "site", words["site"]),
        interests=flags.astype(np.float32),
        no_interests=frame["interests"].is_null().to_numpy(),
        slots=bits(frame, "slots", words["slots"]),
        languages=bits(frame, "languages", words["languages"]),
        gender=codes(frame, "gender", words["gender"]),
        needs_language=needs,
        needs_gender=none,
        load=two,
    )


def block(young: People, old: People, e: Integers, m: Integers) -> tuple[Any, Any, Any]:
    """Give the eligible pairs of some mentees and some mentors: mentees, mentors, micropoints."""
    gap = old.grade[m][None, :] - young.grade[e][:, None]
    fits = gap >= 2
    fits &= (young.slots[e][:, None] & old.slots[m][None, :]) != 0
    needed = young.needs_language[e][:, None]
    fits &= (needed & old.languages[m][None, :]) == needed
    same = (young.gender[e][:, None] == old.gender[m][None, :]) & (young.gender[e] >= 0)[:, None]
    fits &= same | ~young.needs_gender[e][:, None]
    shared = (young.interests[e] @ old.interests[m].T).astype(np.int64)
    sizes = [who.interests[ix].sum(axis=1).astype(np.int64) for who, ix in ((young, e), (old, m))]
    either = sizes[0][:, None] + sizes[1][None, :] - shared
    unknown = young.no_interests[e][:, None] | old.no_interests[m][None, :] | (either == 0)
    over, under = np.where(unknown, 1, shared), np.where(unknown, 2, either)
    row, column = np.nonzero(fits)
    over, under, gap = over[row, column], under[row, column], gap[row, column]
    jaccard = (2 * INTERESTS * over + under) // (2 * under)
    fit = GRADES // 4 * np.maximum(0, 4 - np.abs(gap - 3))
    return e[row], m[column], (jaccard + fit + 500_000) // 1_000_000


def pairs_of_components(
    young: People, old: People, sites: list[str], feeders: list[tuple[str, str]]
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Give the eligible pairs of each component that has any: mentees, mentors, micropoints."""
    site = {name: number for number, name in enumerate(sites)}
    routes = [(site[a], site[b]) for a, b in feeders if a in site and b in site]
    routes += [(number, number) for number in site.values()]
    source, target = np.array(routes).T
    joined = sparse.coo_array((np.ones(len(routes)), (source, target)), shape=(len(site),) * 2)
    count, part = connected_components(joined, directed=False)
    for number in range(count):
        inside = [route for route in routes if part[route[0]] == number]
        blocks = [block(young, old, young.at(to), old.at(start)) for start, to in inside]
        e, m, score = (np.concatenate(column) for column in zip(*blocks))
        if len(e):
            yield e, m, score


def components(mentees: Any, mentors: Any, feeders: list[tuple[str, str]]) -> Iterator[Problem]:
    """Give each component's problem: a covered mentee is worth ``COVERED`` and the score."""
    import polars as pl

    both = {
        column: pl.concat([mentees[column], mentors[column]])
        for column in ("site", "interests", "slots", "languages", "gender")
    }
    lists = ("interests", "slots", "languages")
    words = {
        column: sorted((cells.explode() if column in lists else cells).drop_nulls().unique())
        for column, cells in both.items()
    }
    young, old = people(mentees, words), people(mentors, words)
    for e, m, score in pairs_of_components(young, old, words["site"], feeders):
        _, row = np.unique(e, return_inverse=True)
        chosen, column = np.unique(m, return_inverse=True)
        cells = sparse.csr_array((COVERED + score / POINT, (row, column)))
        yield Problem(cells, old.load[chosen], partly=True)
