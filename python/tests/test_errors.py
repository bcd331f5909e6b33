"""The exception family: names, attributes, pickling."""

from __future__ import annotations

import pickle

import pytest

import nearpeer as npr

FAMILY: list[type[npr.NearpeerError]] = [
    npr.InputError,
    npr.ProgramError,
    npr.InfeasibleError,
    npr.SolverError,
    npr.LimitError,
    npr.VerificationError,
]


@pytest.mark.parametrize("kind", FAMILY)
def test_one_family(kind: type[npr.NearpeerError]) -> None:
    assert issubclass(kind, npr.NearpeerError)
    assert kind.__module__ == "nearpeer"
    assert kind.__doc__


def test_places_survive_pickling() -> None:
    with pytest.raises(npr.InputError) as caught:
        npr.assign([[1.0, float("nan")]])
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.table, error.row, error.column, error.value) == ("scores", 0, 1, "nan")
    assert str(error) == str(caught.value)


def test_attributes_are_there_before_anything_is_known() -> None:
    assert npr.InputError("x").table is None
    assert npr.ProgramError("x").key is None
    assert npr.InfeasibleError("x").conflict is None
    assert npr.InfeasibleError("x").repair is None
    assert npr.InfeasibleError("x").certificate is None
