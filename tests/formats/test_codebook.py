from itertools import pairwise
from timeit import repeat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.strategies import CHOICES
from tpugraph_db.formats import codebook
from tpugraph_db.formats.codebook import CodebookBuilder


def build(dense, cuts=()):
    builder = CodebookBuilder(dense.shape[1])
    for chunk in np.split(dense, sorted(cuts)):
        builder.add(chunk)
    return builder.finish()


def dense_of(rows, offsets, codes):
    return rows[offsets[:-1] + codes]


def column(values):
    """One slot whose rows differ in their first column."""
    dense = np.zeros((len(values), 1, 18), np.float32)
    dense[:, 0, 0] = values
    return dense


@st.composite
def tensors(draw):
    shape = draw(st.integers(0, 12)), draw(st.integers(0, 3)), 18
    return draw(arrays(np.float32, shape, elements=CHOICES))


@given(tensors(), st.lists(st.integers(0, 12), max_size=4))
def test_any_chunking_gives_the_same(dense, cuts):
    for whole, cut in zip(build(dense), build(dense, cuts), strict=True):
        assert (whole.dtype, whole.shape, whole.tobytes()) == (cut.dtype, cut.shape, cut.tobytes())


@given(tensors())
def test_dense_rows_come_back_bit_for_bit(dense):
    assert dense_of(*build(dense)).tobytes() == dense.tobytes()


@given(tensors())
def test_no_row_of_a_slot_is_kept_twice(dense):
    rows, offsets, _ = build(dense)
    for start, end in pairwise(offsets.tolist()):
        assert len({row.tobytes() for row in rows[start:end]}) == end - start


def test_rows_are_kept_in_the_order_first_shown():
    rows, _, codes = build(column([5, 3, 5, 4]))
    assert rows[:, 0].tolist() == [5, 3, 4]
    assert codes[:, 0].tolist() == [0, 1, 0, 2]


def test_slots_follow_one_another():
    dense = np.concatenate([column([5, 3, 5]), column([5, 5, 7])], axis=1)
    rows, offsets, codes = build(dense)
    assert rows[:, 0].tolist() == [5, 3, 5, 7]
    assert offsets.tolist() == [0, 2, 4]
    assert codes.tolist() == [[0, 0], [1, 0], [0, 1]]


def test_zero_and_minus_zero_are_two_rows():
    rows, _, codes = build(column([0.0, -0.0, 0.0]))
    assert np.signbit(rows[:, 0]).tolist() == [False, True]
    assert codes[:, 0].tolist() == [0, 1, 0]


def test_nan_is_kept_by_its_bits():
    assert build(column([np.nan, np.nan, 1]))[2][:, 0].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("choices", "dtype"), [(256, np.uint8), (257, np.uint16), (65_536, np.uint16)])
def test_codes_are_as_wide_as_they_must_be(choices, dtype):
    codes = build(column(np.arange(choices)))[2]
    assert codes.dtype == dtype
    assert codes[:, 0].tolist() == list(range(choices))


def test_more_choices_than_uint16_holds():
    codes = build(column(np.arange(65_537)))[2]
    assert codes[-1, 0] == 65_536


def test_no_configurations():
    rows, offsets, codes = build(np.empty((0, 2, 18), np.float32))
    assert (rows.shape, offsets.tolist(), codes.shape) == ((0, 18), [0, 0, 0], (0, 2))


def test_nothing_at_all():
    rows, offsets, codes = CodebookBuilder(2).finish()
    assert (rows.shape, offsets.tolist(), codes.shape) == ((0, 18), [0, 0, 0], (0, 2))


def test_no_slots():
    rows, offsets, codes = build(np.empty((5, 0, 18), np.float32))
    assert (rows.shape, offsets.tolist(), codes.shape) == ((0, 18), [0], (5, 0))


@pytest.mark.parametrize("keys", [1, 2, 3])
@given(tensors(), st.lists(st.integers(0, 12), max_size=4))
def test_rows_that_share_a_hash_give_the_same_codebook(keys, dense, cuts):
    expected = build(dense)
    with pytest.MonkeyPatch.context() as patch:
        honest = codebook._hash
        patch.setattr(codebook, "_hash", lambda chunk: honest(chunk) % np.uint64(keys))
        found = build(dense, cuts)
    for one, other in zip(expected, found, strict=True):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def test_rows_that_share_a_hash_are_told_apart_by_their_bytes(monkeypatch):
    monkeypatch.setattr(codebook, "_hash", lambda chunk: np.zeros(chunk.shape[:2], np.uint64))
    builder = CodebookBuilder(1)
    builder.add(column([5, 5]))
    assert builder._numbers is None
    builder.add(column([3, 5]))
    assert len(builder._numbers) == 2
    assert builder.finish()[2][:, 0].tolist() == [0, 0, 1, 0]


def test_many_distinct_rows_take_time_in_proportion():
    def seconds(count):
        rows = column(np.arange(count))
        return min(repeat(lambda: build(rows, range(0, count, 1000)), number=1, repeat=3))

    assert seconds(200_000) < 16 * seconds(50_000)


def test_the_room_of_distinct_rows_is_known():
    builder = CodebookBuilder(1)
    builder.add(column(np.arange(1000)))
    assert 72_000 < builder.nbytes < 300_000


def test_small_whole_numbers_spread_over_all_bits_of_the_hash():
    keys = codebook._hash(column(np.arange(1000)))
    assert len(np.unique(keys & np.uint64(2**21 - 1))) > 990
