"""Tables of what was measured, in Markdown."""

from __future__ import annotations

import argparse
import math
import statistics
from pathlib import Path

from peers.machine import machine
from peers.series import Series
from peers.solvers import OURS


def seconds(value: float) -> str:
    """Write seconds with two or three digits that count."""
    digits = next((4 - size for size, most in enumerate((0.01, 1, 10)) if value < most), 1)
    return f"{value:.{digits}f}"


def table(results: list[Series], kind: str) -> str:
    """Write one kind of instances as a Markdown table."""
    named = kind in ("assign", "match")
    lines = [
        "| instance | solver | median, s | range, s (runs) | of ours | before, s | peak, MB |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for series in results:
        if named != (series.kind in ("assign", "match")) or (named and series.kind != kind):
            continue
        size = f"{series.rows:,} x {series.rows // 2:,}" if named else series.kind
        if not series.runs:
            lines.append(f"| {size} | {series.peer} | {series.failure} | | | | |")
            continue
        ours = next(
            (s for s in results if (s.kind, s.rows, s.peer) == (series.kind, series.rows, OURS)),
            None,
        )
        times = series.times()
        middle = statistics.median(times)
        ratio = middle / statistics.median(ours.times()) if ours and ours.runs else math.nan
        before = series.median("weights") + series.median("form")
        lines.append(
            f"| {size} | {series.peer} | {seconds(middle)} | {seconds(min(times))} - "
            f"{seconds(max(times))} ({len(times)}) | "
            f"{'' if math.isnan(ratio) else f'{ratio:.2f}'} | {seconds(before)} | "
            f"{series.median('memory'):.0f} |"
        )
    return "\n".join(lines)


def summary(results: list[Series]) -> str:
    """Write nearpeer beside the fastest peer on every instance."""
    lines = [
        "| instance | nearpeer, s | fastest peer | its time, s | of nearpeer's |",
        "|---|--:|---|--:|--:|",
    ]
    instances: dict[tuple[str, int], list[Series]] = {}
    for series in results:
        instances.setdefault((series.kind, series.rows), []).append(series)
    for (kind, rows), told in instances.items():
        ours = next((series for series in told if series.peer == OURS), None)
        peers = [series for series in told if series.runs and not series.peer.startswith(OURS)]
        if ours is None or not peers:
            continue
        fastest = min(peers, key=lambda series: statistics.median(series.times()))
        theirs = statistics.median(fastest.times())
        name = f"`{kind}` {rows:,} x {rows // 2:,}" if kind in ("assign", "match") else kind
        if ours.runs:
            median = statistics.median(ours.times())
            took, ratio = seconds(median), f"{theirs / median:.2f}"
        else:
            took, ratio = ours.failure, ""
        lines.append(f"| {name} | {took} | {fastest.peer} | {seconds(theirs)} | {ratio} |")
    return "\n".join(lines)


def report(results: list[Series], asked: argparse.Namespace) -> str:
    """Write what was run, where, and every table."""
    parts = [
        f"{machine()} {asked.repeats} runs each (one where a run takes over "
        f"{asked.once_above:.0f} s), at most {asked.timeout:.0f} s each.",
        f"### Beside the fastest peer\n\n{summary(results)}",
    ]
    titles = {
        "assign": "### `assign`, weights ready in memory",
        "match": "### `match`, from two Polars frames",
        "hard": f"### Hard instances, {asked.hard_rows:,} rows",
    }
    kinds = [*asked.kinds, *(["hard"] if asked.hard else [])]
    parts += [f"{titles[kind]}\n\n{table(results, kind)}" for kind in kinds]
    return "\n\n".join(parts) + "\n"


def rewrite(doc: Path, part: str, text: str) -> None:
    """Put the text between a document's marks of one part."""
    begin, end = f"<!-- {part}: begin -->\n", f"<!-- {part}: end -->\n"
    before, rest = doc.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    doc.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
