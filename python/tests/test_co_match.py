"""Co-mentoring: groups out of one table, against the blossom algorithms of other libraries."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow as pa
import pytest
import rustworkx as rx

import nearpeer as npr
from conftest import COMMAND, people
from nearpeer.settings import Criterion

PAIR_SCORES: list[Criterion] = [{"kind": "pair_scores", "weight": 1, "missing": "ineligible"}]


def ids(count: int) -> pa.Table:
    return pa.table({"id": [f"s{number:03}" for number in range(count)]})


def scores(pairs: dict[tuple[int, int], int]) -> pa.Table:
    """Scores in micropoints as a table."""
    return pa.table(
        {
            "student_a_id": pa.array([f"s{a:03}" for a, _ in pairs], pa.string()),
            "student_b_id": pa.array([f"s{b:03}" for _, b in pairs], pa.string()),
            "value": pa.array([score / 1e6 for score in pairs.values()], pa.float64()),
        }
    )


def random_pairs(dice: random.Random, count: int) -> dict[tuple[int, int], int]:
    """Draw a graph; in many most scores are equal."""
    share = dice.choice([0.1, 0.3, 1.0])
    values = dice.choice([[500_000], [0, 250_000, 1_000_000], range(1_000_001)])
    return {
        (a, b): dice.choice(values)
        for a in range(count)
        for b in range(a + 1, count)
        if dice.random() < share
    }


@pytest.mark.parametrize("seed", range(200))
def test_pairs_are_those_of_other_blossom_algorithms(seed: int) -> None:
    dice = random.Random(seed)
    count = dice.randint(2, 40)
    pairs = random_pairs(dice, count)
    programme = npr.Program(mode="co_mentoring", criteria=PAIR_SCORES)
    match = programme.co_match(ids(count), pair_scores=scores(pairs))

    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, score) for (a, b), score in pairs.items())
    best = nx.max_weight_matching(graph, maxcardinality=True)
    assert match.covered == 2 * len(best)
    assert match.total_score == sum(graph[a][b]["weight"] for a, b in best)

    other: Any = rx.PyGraph()
    other.add_nodes_from(range(count))
    other.add_edges_from([(a, b, score) for (a, b), score in pairs.items()])
    found = rx.max_weight_matching(other, max_cardinality=True, weight_fn=int)
    assert match.total_score == sum(other.get_edge_data(a, b) for a, b in found)
    assert match.certificate.gap == 0
    npr.verify_co_match(programme, ids(count), match, pair_scores=scores(pairs))


@pytest.mark.parametrize("seed", range(60))
def test_triads_cover_whom_pairs_leave(seed: int) -> None:
    dice = random.Random(seed)
    count = dice.randint(3, 30)
    pairs = random_pairs(dice, count)
    table = scores(pairs)
    alone = npr.Program(mode="co_mentoring", criteria=PAIR_SCORES)
    together = npr.Program(mode="co_mentoring", criteria=PAIR_SCORES, triads=True)
    without = alone.co_match(ids(count), pair_scores=table)
    match = together.co_match(ids(count), pair_scores=table)
    assert without.triads == 0
    assert match.covered >= without.covered
    assert match.triads <= match.covered - without.covered
    assert match.certificate.gap == 0
    npr.verify_co_match(together, ids(count), match, pair_scores=table, reference=True)


def test_rows_in_any_order_give_the_same_match() -> None:
    table = pa.table(people("s", 61, range(6, 8), 3))
    programme = npr.Program(mode="co_mentoring", triads=True)
    match = programme.co_match(table)
    backwards = table.take(list(reversed(range(table.num_rows))))
    assert programme.co_match(backwards, threads=1) == match
    together = {row["id"]: row["grade"] for row in table.to_pylist()}
    for pair in match.pairs:
        assert together[pair["student_a_id"]] == together[pair["student_b_id"]]


def test_a_triad_is_three_rows_of_one_group() -> None:
    programme = npr.Program(mode="co_mentoring", triads=True)
    match = programme.co_match(ids(5))
    sizes = sorted(match.pairs["group_size"])
    assert sizes == [2, 3, 3, 3]
    assert len(match) == 2
    assert match.unmatched.shape == (0, 3)
    assert "5 of 5 students" in repr(match)


def test_the_odd_one_out_is_told() -> None:
    match = npr.Program(mode="co_mentoring").co_match(ids(3))
    assert match.unmatched["reason"] == ["odd_one_out"]


def test_the_page_names_whom_it_is_asked_to() -> None:
    table = pa.table({"id": ["s1", "s2"], "name": ["Ana <3", "Bo"], "grade": [7, 7]})
    match = npr.Program(mode="co_mentoring").co_match(table)
    assert "Ana &lt;3" in match.to_html(names="name")
    page = match.to_html()
    assert "Ana" not in page
    assert "s1" not in page
    with pytest.raises(npr.InputError, match="did you mean `name`"):
        match.to_html(names="nam")
    with pytest.raises(npr.InputError, match="by `id` or by a column of your own"):
        match.to_html(names="grade")
    with pytest.raises(npr.InputError, match="no names"):
        match.to_html(names="id", redacted=True)
    with pytest.raises(npr.InputError, match="for mentees and mentors"):
        match.to_html(names="id", sites=["East"])


def test_faults_name_table_row_and_column() -> None:
    programme = npr.Program(mode="co_mentoring")
    with pytest.raises(npr.InputError, match="table students, row 2, column `id`"):
        programme.co_match(pa.table({"id": ["a", "a"]}))
    both = pa.table({"student_a_id": ["s000"], "student_b_id": ["s000"]})
    with pytest.raises(npr.InputError, match="pairs_blocked, row 1, column `student_b_id`"):
        programme.co_match(ids(2), pairs_blocked=both)
    with pytest.raises(npr.InputError, match="table students, row 1, column `load_min`"):
        programme.co_match(pa.table({"id": ["a", "b"], "load_min": [1, 0]}))
    with pytest.raises(npr.ProgramError, match="triads"):
        npr.Program(triads=True)
    with pytest.raises(npr.ProgramError, match=r"eligibility\.grade_gap"):
        npr.Program(mode="co_mentoring", eligibility={"grade_gap": {"min": 1}})
    with pytest.raises(npr.ProgramError, match="co_match"):
        programme.match(ids(2), pa.table({"id": ["m"]}))
    with pytest.raises(npr.ProgramError, match="co_mentoring"):
        npr.Program().co_match(ids(2))


def test_the_command_pairs_and_verifies(tmp_path: Path) -> None:
    students = tmp_path / "students.csv"
    with students.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "grade", "interests"])
        writer.writerows([f"s{number}", 7, f"art;i{number % 4}"] for number in range(7))
    settings = tmp_path / "programme.toml"
    settings.write_text('mode = "co_mentoring"\ntriads = true\n')
    out = str(tmp_path / "out")
    given = ["--program", str(settings), "--students", str(students), "--out", out]
    run = subprocess.run(
        [COMMAND, "match", *given, "--json"], capture_output=True, text=True, check=True
    )
    summary = json.loads(run.stdout)
    assert (summary["covered"], summary["triads"], summary["gap"]) == (7, 1, 0)
    subprocess.run([COMMAND, "verify", *given], check=True, capture_output=True)
    programme = npr.Program.from_toml(settings)
    table = pa.table({"id": [f"s{n}" for n in range(7)], "grade": [7] * 7,
                      "interests": [f"art;i{n % 4}" for n in range(7)]})  # fmt: skip
    npr.verify_co_match(programme, table, tmp_path / "out")
    match = programme.co_match(table)
    page = tmp_path / "deep" / "page.html"
    assert match.report(page, names="id", title="Buddies") == page
    assert page.read_text(encoding="utf-8") == match.to_html(names="id", title="Buddies")
    again = ["--match", out, "--out", str(tmp_path / "again.html")]
    words = ["--names", "id", "--title", "Buddies"]
    subprocess.run(
        [COMMAND, "report", *given[:-2], *again, *words], check=True, capture_output=True
    )
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()
    whole = ["--json", str(tmp_path / "all.json")]
    subprocess.run([COMMAND, "match", *given, *whole], check=True, capture_output=True)
    assert (tmp_path / "all.json").read_text(encoding="utf-8") == match.to_json() + "\n"
    pairs = tmp_path / "out" / "pairs.csv"
    lines = pairs.read_text().splitlines()
    pairs.write_text("\n".join(lines[:-1]) + "\n")
    refused = subprocess.run([COMMAND, "verify", *given], capture_output=True, text=True)
    assert refused.returncode == 2
