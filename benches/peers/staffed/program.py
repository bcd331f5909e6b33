"""The integer program of a component in which pairs meet at places, with every column, by NumPy."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from peers.district.pairs import COVERED, Integers, bits, codes, pairs_of_components, people
from peers.problem import POINT
from peers.staffed.instances import Instance


@dataclasses.dataclass
class Program:
    """Columns are pairs at places, then seats: a leader at a place. Rows are limits from above."""

    worth: npt.NDArray[np.float64]
    rows: sparse.csc_array
    limits: npt.NDArray[np.float64]
    pairs: int
    """Eligible pairs, at however many places."""
    meetings: int
    """Columns that are pairs at places; the others are seats."""


@dataclasses.dataclass
class Staff:
    """Leaders and rooms as arrays; slots are bits."""

    site: Integers
    slots: Integers
    capacity: Integers
    most: Integers
    room: dict[tuple[int, int], int]


def words_of(frames: list[Any]) -> dict[str, list[str]]:
    """Give the words of every column that several tables share, sorted."""
    import polars as pl

    found: dict[str, list[str]] = {}
    for column in ("site", "interests", "slots", "languages", "gender"):
        cells = [frame[column] for frame in frames if column in frame.columns]
        flat = pl.concat([c.explode() if c.dtype == pl.List else c for c in cells])
        found[column] = sorted(flat.drop_nulls().unique())
    return found


def staff_of(leaders: Any, rooms: Any, words: dict[str, list[str]]) -> Staff:
    """Read leaders and rooms."""
    slot = {name: number for number, name in enumerate(words["slots"])}
    at = zip(codes(rooms, "site", words["site"]).tolist(), rooms["slot"], rooms["capacity"])
    return Staff(
        site=codes(leaders, "site", words["site"]),
        slots=bits(leaders, "slots", words["slots"]),
        capacity=leaders["capacity"].to_numpy().astype(np.int64),
        most=leaders["max_slots"].fill_null(len(slot)).to_numpy().astype(np.int64),
        room={(site, slot[name]): most for site, name, most in at},
    )


def programs(made: Instance) -> Iterator[Program]:
    """Give each component's program: a covered mentee is worth ``COVERED`` and the score."""
    words = words_of([made.mentees, made.mentors])
    young, old = people(made.mentees, words), people(made.mentors, words)
    staff = staff_of(made.leaders, made.rooms, words)
    toml = importlib.import_module("tomllib").loads(made.program.to_toml())
    feeders = toml["eligibility"].get("feeders", [])
    routes = [(route["from"], route["to"]) for route in feeders]
    for pairs in pairs_of_components(young, old, words["site"], routes):
        yield program(young, old, staff, pairs)


def program(young: Any, old: Any, staff: Staff, pairs: tuple[Any, Any, Any]) -> Program:
    """Give the program of these pairs: mentees, mentors, micropoints."""
    e, m, score = pairs
    free = young.slots[e] & old.slots[m]
    sites = set(np.unique(young.site[e]).tolist())
    places = [at for at in sorted(staff.room) if at[0] in sites and staff.room[at] > 0]
    at_place = []
    for number, (site, slot) in enumerate(places):
        met = np.flatnonzero((young.site[e] == site) & (free >> slot & 1 == 1))
        at_place.append((met, np.full(len(met), number)))
    pair, place = (np.concatenate(column) for column in zip(*at_place))
    seats = [
        (leader, number)
        for number, (site, slot) in enumerate(places)
        for leader in np.flatnonzero((staff.site == site) & (staff.slots >> slot & 1 == 1))
    ]
    leader, seat_at = np.array(seats, dtype=np.int64).reshape(-1, 2).T
    mentee_of, mentee = np.unique(e, return_inverse=True)
    mentor_of, mentor = np.unique(m, return_inverse=True)
    leader_of, team = np.unique(leader, return_inverse=True)
    room = np.array([staff.room[at] for at in places], dtype=np.float64)
    held = np.minimum(staff.capacity[leader], room[seat_at])
    columns, x = np.arange(len(pair)), len(pair) + np.arange(len(seats))
    # Mentees, mentors, rooms of places, what leaders hold there, leaders' weeks.
    sizes = [len(mentee_of), len(mentor_of), len(places), len(places), len(leader_of)]
    first = np.concatenate([[0], np.cumsum(sizes)])
    entries = [
        (first[0] + mentee[pair], columns, np.ones(len(pair))),
        (first[1] + mentor[pair], columns, np.ones(len(pair))),
        (first[2] + place, columns, np.ones(len(pair))),
        (first[3] + place, columns, np.ones(len(pair))),
        (first[3] + seat_at, x, -held),
        (first[4] + team, x, np.ones(len(seats))),
    ]
    row, column, value = (np.concatenate(part) for part in zip(*entries))
    shape = (int(first[-1]), len(pair) + len(seats))
    limits = [np.ones(sizes[0]), old.load[mentor_of], room, np.zeros(sizes[3])]
    return Program(
        worth=np.concatenate([COVERED + score[pair] / POINT, np.zeros(len(seats))]),
        rows=sparse.csc_array((value, (row, column)), shape=shape),
        limits=np.concatenate([*limits, staff.most[leader_of]]),
        pairs=len(e),
        meetings=len(pair),
    )
