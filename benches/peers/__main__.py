"""Times nearpeer and its peers on the same instances, and writes a table and a plot.

``python -m peers`` in ``benches`` runs everything; ``--sizes`` and the like choose. Each
run is a process of its own, with nothing warmed, and the peers take turns, so that what else the
machine does meets all of them. All answers are compared to the last micropoint.

An ``assign`` starts from a matrix of float64 that is ready in memory, and only the solver's own
work counts: the peers' other forms of that matrix are not timed against them. A ``match`` starts
from two Polars frames, and the peers' weights (made by NumPy) count as nearpeer's scoring does.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from peers.hard import HARD
from peers.plot import plot
from peers.report import report, rewrite
from peers.run import run
from peers.series import differences, everything
from peers.solvers import SOLVERS


def main() -> int:
    """Run what is asked for and write the table, the plot and the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--sizes", type=int, nargs="*", default=[300, 1_000, 2_000, 5_000], help="rows")
    add("--kinds", nargs="*", default=["assign", "match"], choices=["assign", "match"])
    add("--peers", nargs="*", default=list(SOLVERS), choices=list(SOLVERS), metavar="PEER")
    add("--hard", nargs="*", default=list(HARD), choices=list(HARD), metavar="INSTANCE")
    add("--hard-rows", type=int, default=1_000)
    add("--repeats", type=int, default=5)
    add("--once-above", type=float, default=10, help="seconds after which one run is enough")
    add("--timeout", type=float, default=120, help="seconds of a run, its instance included")
    add("--out", type=Path, default=Path("out/peers"), help="folder for table, plot and figures")
    add("--doc", type=Path, help="document whose marked part is rewritten, with peers.png beside")
    add("--worker", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        kind, rows, peer = asked.worker
        print(json.dumps(run(kind, int(rows), peer)))  # noqa: T201
        return 0
    results = everything(asked)
    text = report(results, asked)
    asked.out.mkdir(parents=True, exist_ok=True)
    figures = [dataclasses.asdict(series) for series in results]
    (asked.out / "peers.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    (asked.out / "peers.md").write_text(text, encoding="utf-8")
    if asked.sizes and asked.kinds:
        plot(results, asked.kinds, asked.out / "peers.png")
    if asked.doc:
        rewrite(asked.doc, "benches/peers", text)
        if asked.sizes and asked.kinds:
            plot(results, asked.kinds, asked.doc.parent / "peers.png")
    wrong = differences(results)
    print(text, *wrong, sep="\n")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
