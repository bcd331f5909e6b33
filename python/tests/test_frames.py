"""The same people from every producer and in every Arrow type give the same match."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import nearpeer as npr
from conftest import people

PROGRAMME = npr.Program(
    loads={"mentor": {"max": 2}},
    criteria=[
        {"kind": "interests", "weight": 3, "missing": "neutral"},
        {"kind": "grade_gap", "weight": 1, "missing": "neutral"},
        {"kind": "same", "column": "club", "weight": 1, "missing": "zero"},
        {"kind": "closeness", "column": "age", "scale": 4, "weight": 1, "missing": "neutral"},
    ],
)
Frame: TypeAlias = Any


def roster(prefix: str, count: int, grades: range, seed: int) -> pa.Table:
    """Make people of whom every seventh misses a cell, in all types that a roster has."""
    columns = people(prefix, count, grades, seed)

    def holes(cells: list[Any], first: int) -> list[Any]:
        return [None if row % 7 == first else cell for row, cell in enumerate(cells)]

    return pa.table(
        {
            "id": columns["id"],
            "grade": pa.array(holes(columns["grade"], 1), pa.int64()),
            "site": columns["site"],
            "interests": pa.array(holes(columns["interests"], 2), pa.list_(pa.string())),
            "club": holes([f"club {row % 3}" for row in range(count)], 3),
            "age": pa.array(holes([row % 9 + 0.5 for row in range(count)], 4), pa.float64()),
            "consent": pa.array(holes([True] * count, 5), pa.bool_()),
            "load_max": pa.array(holes([1 + row % 2 for row in range(count)], 6), pa.int64()),
        }
    )


MENTEES, MENTORS = roster("e", 60, range(5, 9), 1), roster("m", 40, range(8, 13), 2)
EXPECTED = PROGRAMME.match(MENTEES, MENTORS)
TEXT = ["id", "site", "club"]


def typed(table: pa.Table, **types: pa.DataType) -> pa.Table:
    """Give the table with some columns of other types."""
    for name, kind in types.items():
        place = table.schema.get_field_index(name)
        column = table[name]
        if pa.types.is_dictionary(kind):
            cells: Any = pa.chunked_array(
                [chunk.dictionary_encode().cast(kind) for chunk in column.chunks]
            )
        else:
            cells = column.cast(kind)
        table = table.set_column(place, name, cells)
    return table


def text(kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    return lambda table: typed(table, **dict.fromkeys(TEXT, kind))


def interests(kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    return lambda table: typed(table, interests=kind)


def coded_lists(table: pa.Table) -> pa.Table:
    """Give lists whose items are codes of a dictionary."""
    lists = table["interests"].combine_chunks()
    items = lists.values.dictionary_encode()
    coded = pa.ListArray.from_arrays(lists.offsets, items, mask=lists.is_null())
    return table.set_column(table.schema.get_field_index("interests"), "interests", coded)


def viewed(kind: Any, offset: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    """Give lists as views of their items, the last list first among these."""

    def views(table: pa.Table) -> pa.Table:
        rows = table["interests"].to_pylist()
        items = [item for row in reversed(rows) for item in row or []]
        sizes = [len(row or []) for row in rows]
        starts = [sum(sizes[place + 1 :]) for place in range(len(rows))]
        lists = kind.from_arrays(
            pa.array(starts, offset),
            pa.array(sizes, offset),
            pa.array(items, pa.string()),
            mask=pa.array([row is None for row in rows]),
        )
        return table.set_column(table.schema.get_field_index("interests"), "interests", lists)

    return views


def padded(table: pa.Table) -> pa.Table:
    """Give lists of a fixed length, with nulls at the end."""
    rows = [
        None if row is None else (row + [None] * 8)[:8] for row in table["interests"].to_pylist()
    ]
    lists = pa.array(rows, pa.list_(pa.string(), 8))
    return table.set_column(table.schema.get_field_index("interests"), "interests", lists)


def chunks(table: pa.Table) -> pa.Table:
    return pa.Table.from_batches(table.to_batches(max_chunksize=7))


def slices(table: pa.Table) -> pa.Table:
    """Give the same rows as a window on a longer table."""
    return (
        pa.concat_tables([table.slice(3), table, table])
        .combine_chunks()
        .slice(len(table) - 3, len(table))
    )


def reader(table: pa.Table) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=11))


def pandas_objects(table: pa.Table) -> Frame:
    return table.to_pandas().astype(dict.fromkeys(TEXT, object))


def pandas_arrow(table: pa.Table) -> Frame:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def pandas_categories(table: pa.Table) -> Frame:
    return table.to_pandas().astype({"site": "category", "club": "category", "grade": "Int8"})


def pandas_index(table: pa.Table) -> Frame:
    return table.to_pandas().set_index(np.arange(len(table))[::-1])


def polars_lazy(table: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(table).lazy().filter(pl.col("id").is_not_null()).collect()


def polars_categories(table: pa.Table) -> pl.DataFrame:
    sites = pl.Enum(["Adams", "Lincoln"])
    return pl.DataFrame(table).with_columns(
        pl.col("club").cast(pl.Categorical),
        pl.col("site").cast(sites),
        pl.col("age").cast(pl.Float32),
    )


def polars_chunks(table: pa.Table) -> pl.DataFrame:
    frame = pl.DataFrame(table)
    parts = [frame[start : start + 13] for start in range(0, len(frame), 13)]
    joined = pl.concat(parts, rechunk=False)
    assert joined.n_chunks() > 1
    return joined


def duckdb_relation(table: pa.Table) -> duckdb.DuckDBPyRelation:
    return duckdb.from_arrow(table)


def duckdb_types(table: pa.Table) -> duckdb.DuckDBPyRelation:
    kinds = "enum('Adams', 'Lincoln')"
    narrow = f"* replace (site::{kinds} as site, grade::utinyint as grade, age::float as age)"
    return duckdb.from_arrow(table).project(narrow)


def only_array(table: pa.Table) -> object:
    """Give an object that exports one array, and no stream."""

    class Array:
        def __arrow_c_array__(self, requested_schema: object = None) -> Any:
            return table.combine_chunks().to_batches()[0].__arrow_c_array__(requested_schema)

    return Array()


def of_nearpeer(table: pa.Table) -> npr.Table:
    """Give a table of results of nearpeer's own, which is an input like any other."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table.combine_chunks())
    rebuild: Callable[[bytes], npr.Table] = EXPECTED.pairs.__reduce__()[0]
    return rebuild(sink.getvalue())


PRODUCERS: dict[str, Callable[[pa.Table], Frame]] = {
    "pyarrow reader": reader,
    "pyarrow batch": lambda table: table.combine_chunks().to_batches()[0],
    "pyarrow chunks": chunks,
    "pyarrow slices": slices,
    "pyarrow empty chunk": lambda table: pa.concat_tables([table.slice(0, 0), table]),
    "array": only_array,
    "nearpeer": of_nearpeer,
    "pandas": lambda table: table.to_pandas(),
    "pandas objects": pandas_objects,
    "pandas arrow": pandas_arrow,
    "pandas categories": pandas_categories,
    "pandas index": pandas_index,
    "polars": pl.DataFrame,
    "polars lazy": polars_lazy,
    "polars categories": polars_categories,
    "polars chunks": polars_chunks,
    "duckdb": duckdb_relation,
    "duckdb types": duckdb_types,
}
TYPES: dict[str, Callable[[pa.Table], pa.Table]] = {
    "large_string": text(pa.large_string()),
    "string_view": text(pa.string_view()),
    "dictionary": text(pa.dictionary(pa.int8(), pa.string())),
    "dictionary of large": text(pa.dictionary(pa.uint32(), pa.large_string())),
    "large_list": interests(pa.large_list(pa.large_string())),
    "list of views": interests(pa.list_(pa.string_view())),
    "large_list of views": interests(pa.large_list(pa.string_view())),
    "list_view": viewed(pa.ListViewArray, pa.int32()),
    "large_list_view": viewed(pa.LargeListViewArray, pa.int64()),
    "list of codes": coded_lists,
    "fixed_size_list": padded,
    "float16": lambda table: typed(table, age=pa.float16()),
    "float32": lambda table: typed(table, age=pa.float32(), grade=pa.float32()),
    "decimal": lambda table: typed(table, age=pa.decimal128(6, 2)),
    "text of numbers": lambda table: typed(table, grade=pa.string(), load_max=pa.large_string()),
}
for width in ("int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"):
    kind = getattr(pa, width)()
    TYPES[width] = lambda table, kind=kind: typed(table, grade=kind, load_max=kind)  # type: ignore[misc]


@pytest.mark.parametrize("name", PRODUCERS)
def test_every_producer(name: str) -> None:
    frame = PRODUCERS[name]
    match = PROGRAMME.match(frame(MENTEES), frame(MENTORS))
    assert match == EXPECTED
    assert match.pairs.to_dicts() == EXPECTED.pairs.to_dicts()
    assert match.unmatched.to_arrow().equals(EXPECTED.unmatched.to_arrow())


@pytest.mark.parametrize("name", TYPES)
def test_every_type(name: str) -> None:
    tables = TYPES[name](MENTEES), TYPES[name](MENTORS)
    assert PROGRAMME.match(*tables) == EXPECTED
    small = [chunks(table) for table in tables]
    assert PROGRAMME.match(*small) == EXPECTED
    windows = [slices(table) for table in tables]
    assert PROGRAMME.match(*windows) == EXPECTED


def test_producers_can_be_mixed() -> None:
    blocked = pl.DataFrame({"mentee_id": ["e0000"], "mentor_id": ["m0000"]})
    previous = EXPECTED.pairs
    one = PROGRAMME.match(MENTEES, MENTORS, pairs_blocked=blocked, pairs_previous=previous)
    other = PROGRAMME.match(
        pl.DataFrame(MENTEES),
        MENTORS.to_pandas(),
        pairs_blocked=blocked.to_pandas(),
        pairs_previous=previous.to_polars(),
    )
    assert one == other


@pytest.mark.parametrize("kind", [pa.int32(), pa.float32(), pa.float64()])
def test_lists_of_numbers_are_words(kind: pa.DataType) -> None:
    codes = pa.array([[1, 2], [3]], pa.list_(kind))
    mentees = pa.table({"id": ["ana", "bo"], "grade": [6, 6], "interests": codes})
    mentors = pa.table({"id": ["max"], "grade": [9], "interests": pa.array([["3"]])})
    assert npr.Program().match(mentees, mentors).pairs["mentee_id"] == ["bo"]


def test_a_lazy_frame_is_to_be_collected() -> None:
    with pytest.raises(npr.InputError, match=r"LazyFrame; collect it first, with \.collect\(\)"):
        PROGRAMME.match(pl.DataFrame(MENTEES).lazy(), MENTORS)  # type: ignore[arg-type]


def test_results_go_into_every_frame() -> None:
    pairs = EXPECTED.pairs
    arrow = pairs.to_arrow()
    assert isinstance(arrow, pa.Table)
    assert pl.DataFrame(pairs).equals(pairs.to_polars())
    assert pd.DataFrame(pairs).equals(pairs.to_pandas())
    assert duckdb.from_arrow(arrow).count("*").fetchall() == [(len(pairs),)]
    assert pa.RecordBatchReader.from_stream(pairs).read_all().equals(arrow)
    assert pc.sum(arrow["score"]).as_py() == pytest.approx(EXPECTED.total_score / 1e6)
