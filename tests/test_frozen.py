from dataclasses import dataclass, field

import numpy as np
import pytest

from tpugraph_db.frozen import freeze_arrays, frozen, same_fields


@dataclass(frozen=True, eq=False)
class Held:
    values: np.ndarray | None
    name: str = ""
    note: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class Other(Held):
    pass


def test_a_frozen_array_shares_its_data():
    array = np.arange(3)
    assert np.shares_memory(frozen(array), array)


def test_a_frozen_array_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        frozen(np.arange(3))[0] = 1


def test_the_array_that_was_frozen_can_still_be_written():
    array = np.arange(3)
    frozen(array)
    array[0] = 7
    assert array[0] == 7


def test_freeze_arrays_freezes_arrays_and_leaves_the_rest():
    held = Held(np.arange(3), "a")
    freeze_arrays(held)
    assert not held.values.flags.writeable
    assert held.name == "a"


def test_equal_bits_are_the_same():
    assert same_fields(Held(np.array([np.nan, -0.0])), Held(np.array([np.nan, -0.0])))


@pytest.mark.parametrize(
    "other",
    [
        Held(np.array([1.0, 0.0])),
        Held(np.array([1.0, -0.0], np.float32)),
        Held(np.array([[1.0, -0.0]])),
        Held(np.array([1.0, -0.0]), "b"),
        Held(None),
        Other(np.array([1.0, -0.0])),
    ],
    ids=["bits", "dtype", "shape", "another field", "no array", "another class"],
)
def test_differences_are_seen_either_way(other):
    one = Held(np.array([1.0, -0.0]))
    assert not same_fields(one, other)
    assert not same_fields(other, one)


def test_fields_that_do_not_compare_do_not_count():
    assert same_fields(Held(None, note="a"), Held(None, note="b"))
