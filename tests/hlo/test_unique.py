from __future__ import annotations

import pytest

from tpugraph_db.hlo.unique import Uniquer


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["a", "a", "a"], ["a", "a.1", "a.2"]),
        (["a.1", "a.1", "a"], ["a.1", "a.0", "a.2"]),
        (["a.7", "a.7", "a.7"], ["a.7", "a.0", "a.1"]),
        (["a.1.2", "a.1.2"], ["a.1.2", "a.1.0"]),
        (["a.01", "a.1"], ["a.1", "a.0"]),
        (["a", "a.0", "a.1", "a"], ["a", "a.1", "a.2", "a.3"]),
    ],
)
def test_another_number_where_a_name_is_taken(wanted, given):
    """As jaxlib 0.10.2 names them."""
    uniquer = Uniquer()
    assert [uniquer.name(name) for name in wanted] == given
