from __future__ import annotations

import pytest

from tpugraph_db.packed import Coded, Lists, Strings


@pytest.mark.parametrize("texts", [[], [""], ["a", "", "bc"], ["é", "a", "日本"], ["a\0b"]])
def test_texts_come_back(texts):
    packed = Strings.of(iter(texts))
    assert packed.tolist() == texts
    assert [packed[index] for index in range(len(packed))] == texts
    assert packed.offsets[-1] == len("".join(texts).encode())


def test_codes_count_up_as_texts_first_occur():
    packed = Coded.of(iter(["b", "a", "b", "c"]))
    assert packed.table.tolist() == ["b", "a", "c"]
    assert packed.codes.tolist() == [0, 1, 0, 2]
    assert packed.tolist() == ["b", "a", "b", "c"]


@pytest.mark.parametrize("lists", [[], [[]], [[1, 2], [], [3]], [[-(2**63), 2**63 - 1]]])
def test_lists_come_back(lists):
    packed = Lists.of(lists)
    assert packed.tolist() == lists
    assert packed.rows().tolist() == [row for row, one in enumerate(lists) for _ in one]
