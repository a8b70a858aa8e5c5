from __future__ import annotations

import pytest

from tpugraph_db.hlo.attributes import attributes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("parameter(0)", {}),
        ("constant({ {1, 2} }), sharding={replicated}", {"sharding": "{replicated}"}),
        ("dimensions={0,1}, to_apply=add.3", {"dimensions": "{0,1}", "to_apply": "add.3"}),
        ("slice={[0:1], [0:3:2]}, x=1", {"slice": "{[0:1], [0:3:2]}", "x": "1"}),
        ("window={size=3 pad=1_1}, a=b0f_0io->b0f", {"window": "{size=3 pad=1_1}", "a": "b0f_0io->b0f"}),
        ('custom_call_target="a, b={", dimensions={2}', {"custom_call_target": '"a, b={"', "dimensions": "{2}"}),
        ('a={"b":"\\"},","dimensions={9}":{}}, k=2', {"a": '{"b":"\\"},","dimensions={9}":{}}', "k": "2"}),
        ("replica_groups=[2,4]<=[4,2]T(1,0), k=2", {"replica_groups": "[2,4]<=[4,2]T(1,0)", "k": "2"}),
        ("a={never closed, b=1", {"a": "{never closed, b=1"}),
    ],
)
def test_values_end_at_commas_outside_of_braces_and_strings(text, found):
    assert attributes(text) == found


def test_deep_braces_take_no_more_than_their_length():
    deep = "{" * 100_000 + "}" * 100_000
    assert attributes(f"a={deep}, b=1") == {"a": deep, "b": "1"}
