"""Times nearpeer where pairs meet, led, in slots and rooms, beside HiGHS with all columns.

``python -m peers.staffed`` in ``benches``. nearpeer starts from frames and has its proof and the
reasons of those who are left in its time; its answers are verified. HiGHS is given the integer
program of one component after the other, without any constraint that would join them; what it took
to make them is not in its time. Every run is a process of its own. The processor's time counts.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path

from peers.machine import machine
from peers.memory import forget_peak, peak
from peers.problem import POINT, expect
from peers.report import rewrite
from peers.staffed.instances import Size

OURS, BALANCED, HIGHS = "nearpeer", "nearpeer, balanced", "HiGHS, all columns"
PEERS = [OURS, BALANCED, HIGHS]
SIZES = ["500x250", "1000x500", "600/6", "2000/10", "20000/30", "100000/120"]
# A run may take so many times its limit of wall time; machines are shared.
WALL = 60
# How far the coverage of each gender may be from that of all.
WITHIN = 0.05


@dataclasses.dataclass
class Run:
    """What one run took, in seconds and mebibytes, and what its answer is worth."""

    seconds: float
    processor: float
    memory: float
    covered: int
    most_covered: float
    score: float
    most_score: float | None
    """In points; none where the coverage is open, so that no bound of the score is known."""
    note: str = ""


def ours(size: Size, limit: float, *, balanced: bool) -> Run:
    """Match with nearpeer, for so much wall time."""
    import nearpeer as npr

    made = size.instance()
    text = made.program.to_toml()
    if balanced:
        text += f'\n[[balance]]\ncolumn = "gender"\nwithin = {WITHIN}\n'
    program = npr.Program.from_toml_text(text)
    forget_peak()
    start, used = time.perf_counter(), time.process_time()
    match = program.match(
        made.mentees, made.mentors, **made.staff, progress=False, time_limit=limit
    )
    took, used = time.perf_counter() - start, time.process_time() - used
    memory = peak()
    npr.verify(program, made.mentees, made.mentors, match, **made.staff)
    note = f"cut at {limit:.0f} s" if took >= limit else ""
    levels = {value.level: value for value in match.certificate.levels}
    coverage, score = levels["coverage"], levels["score"]
    is_closed = coverage.bound == coverage.objective
    return Run(
        seconds=took,
        processor=used,
        memory=memory,
        covered=coverage.objective,
        most_covered=coverage.bound,
        score=score.objective / POINT,
        most_score=score.bound / POINT if is_closed else None,
        note=note,
    )


def highs(size: Size, limit: float) -> Run:
    """Solve with HiGHS, a component at a time, for so much processor time.

    A component may take its even share of what is left, so that each has an answer.
    """
    from peers.district.pairs import COVERED
    from peers.staffed.highs import solve
    from peers.staffed.program import programs

    told = Run(0, 0, 0, 0, 0, 0, None)
    components = list(programs(size.instance()))
    # The smallest first: what they do not need is shared by the larger.
    components.sort(key=lambda program: program.meetings)
    forget_peak()
    worth, bound, done = 0.0, 0.0, 0
    for number, program in enumerate(components):
        share = (limit - told.processor) / (len(components) - number)
        answer = solve(program, share)
        told.seconds += answer.seconds
        told.processor += answer.processor
        worth, bound = worth + answer.worth, bound + answer.bound
        done += answer.is_proven
        told.covered += answer.covered
        told.score += answer.worth - COVERED * answer.covered
    told.memory = peak()
    told.most_covered = bound // COVERED
    if told.most_covered == told.covered:
        told.most_score = bound - COVERED * told.covered
    if done < len(components):
        told.note = f"{done} of {len(components)} components proven within {limit:.0f} s"
    return told


def row(size: Size, peer: str, run: Run | None, least: float | None) -> str:
    """Write one run as a row of the table."""
    start = f"| {size} | {peer} "
    if run is None:
        return f"{start}| did not end | | | | | | |"
    coverage = f"{run.covered:,}"
    if run.most_covered > run.covered:
        coverage += f" of at most {run.most_covered:,.0f}"
    gap = ""
    if run.most_score is not None:
        left = max(run.most_score - run.score, 0)
        gap = f"{left / max(run.most_score, 1e-9):.3%}".replace("%", " %")
    ratio = f"{run.processor / least:.2f}" if least and peer == HIGHS else ""
    return (
        f"{start}| {run.seconds:.1f} | {run.processor:.1f} | {ratio} | {run.memory:.0f} "
        f"| {coverage} | {run.score:,.1f} | {gap} | {run.note} |"
    )


def agree(one: Run, other: Run) -> bool:
    """Whether both can be right: neither answer is above what the other proves."""
    runs = [(one, other), (other, one)]
    bounds = [
        own.covered < most.most_covered
        or most.most_score is None
        or own.score <= most.most_score + 1e-3
        for own, most in runs
    ]
    return all(own.covered <= most.most_covered for own, most in runs) and all(bounds)


def call(size: str, peer: str, limit: float) -> Run | None:
    """Run once in a process of its own."""
    words = [sys.executable, "-m", "peers.staffed", "--worker", size, peer, "--limit", str(limit)]
    try:
        told = subprocess.run(  # noqa: S603
            words, stdout=subprocess.PIPE, text=True, timeout=WALL * limit, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        # One that the system kills had no memory; a fault of ours is not the peer's.
        if isinstance(error, subprocess.CalledProcessError) and error.returncode > 0:
            raise
        print(f"{size}, {peer}: {error}", file=sys.stderr)  # noqa: T201
        return None
    run = Run(**json.loads(told.stdout.splitlines()[-1]))
    print(f"{size}, {peer}: {run}", file=sys.stderr)  # noqa: T201
    return run


def work(size: Size, peer: str, limit: float) -> Run:
    """Do one run in this process."""
    if peer == HIGHS:
        return highs(size, limit)
    return ours(size, limit, balanced=peer == BALANCED)


def main() -> int:
    """Run all and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add(
        "--sizes",
        nargs="*",
        default=SIZES,
        metavar="SIZE",
        help="students/schools, or mentees x mentors of one school as 500x250",
    )
    add("--peers", nargs="*", default=PEERS, choices=PEERS, metavar="PEER")
    add("--limit", type=float, default=400, help="seconds, of processor for HiGHS")
    add("--highs-up-to", type=int, default=20_000, help="students; larger programs need too much")
    add("--doc", type=Path, help="document whose marked part is rewritten")
    add("--worker", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        size, peer = asked.worker
        print(json.dumps(dataclasses.asdict(work(Size.parse(size), peer, asked.limit))))  # noqa: T201
        return 0
    lines = [
        "| students / schools, or mentees x mentors of one | solver | wall, s | processor, s "
        "| of ours | peak, MB | coverage | score, points | gap of the score | note |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for text in asked.sizes:
        size = Size.parse(text)
        first = None
        for peer in asked.peers:
            too_large = peer == HIGHS and size.students > asked.highs_up_to
            if too_large or (peer == BALANCED and size.is_school):
                continue
            run = call(text, peer, asked.limit)
            if peer == OURS:
                first = run
            if first and run and peer == HIGHS:
                expect(agree(first, run))
            lines.append(row(size, peer, run, first.processor if first else None))
    told = (
        f"{machine()} HiGHS has at most {asked.limit:.0f} s of processor, nearpeer of wall time."
        + "\n\n"
        + "\n".join(lines)
        + "\n"
    )
    if asked.doc:
        rewrite(asked.doc, "benches/peers/staffed", told)
    print(told)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
