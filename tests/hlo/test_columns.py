from __future__ import annotations

from tpugraph_db.hlo.columns import distinct, spread
from tpugraph_db.packed import Coded


def test_values_that_are_read_as_the_same_text_have_one_code():
    known, codes = distinct([b"x", b"y", b"x", b"z"])
    assert (known, codes.tolist()) == ([b"x", b"y", b"z"], [0, 1, 0, 2])
    assert spread(["a", "b", "a"], codes) == Coded.of(["a", "b", "a", "a"])


def test_no_values():
    known, codes = distinct([])
    assert (known, codes.tolist(), spread([], codes).tolist()) == ([], [], [])
