"""Instances on which one method or another takes long."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from peers.problem import POINT, SEED, Problem, whole


def chain(rows: int) -> Problem:
    """Make one chain through everybody: whoever is placed last moves all the others."""
    from scipy import sparse

    order = np.random.default_rng(SEED).permutation(rows)
    row, column = np.r_[order, order[:-1]], np.r_[order, order[1:]]
    score = np.r_[np.full(rows, 0.1), np.full(rows - 1, 0.1 + 1 / POINT)]
    return Problem(sparse.csr_array((score, (row, column)), shape=(rows, rows)), 1)


def line(rows: int) -> Problem:
    """Put everybody at a place on a line; the closer, the better. Moves go along the whole line."""
    dice = np.random.default_rng(SEED)
    here, there = dice.random(rows), dice.random(rows // 2)
    return Problem(whole(1 - np.abs(here[:, None] - there[None, :])), 2)


def popular(rows: int) -> Problem:
    """Want the same few: what a column is worth to everybody falls as a power of its rank."""
    dice = np.random.default_rng(SEED)
    fame = np.arange(1, rows // 2 + 1) ** -0.5
    return Problem(whole(dice.random((rows, rows // 2)) * fame), 2)


def outer(rows: int) -> Problem:
    """Multiply the numbers of row and column: the classical worst case of augmenting paths."""
    steps = np.arange(1, rows + 1) / rows
    return Problem(whole(np.outer(steps, steps)), 1)


def random(rows: int, columns: int, load: int) -> Problem:
    """Draw scores without any structure."""
    return Problem(whole(np.random.default_rng(SEED).random((rows, columns))), load)


def two_scores(rows: int) -> Problem:
    """Draw one of two scores for every cell."""
    drawn = np.random.default_rng(SEED).random((rows, rows // 2))
    return Problem(np.where(drawn < 0.5, 0.25, 0.75), 2)


HARD: dict[str, Callable[[int], Problem]] = {
    "all scores equal": lambda rows: Problem(np.full((rows, rows // 2), 0.5), 2),
    "two scores": two_scores,
    "scarce: room for a tenth": lambda rows: random(rows, rows // 20, 2),
    "load 1, square": lambda rows: random(rows, rows, 1),
    "load 30": lambda rows: random(rows, -(-rows // 30), 30),
    "popular columns (power law)": popular,
    "places on a line": line,
    "one long chain (sparse)": chain,
    "outer product": outer,
}
