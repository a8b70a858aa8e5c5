import pytest

from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.forms import forms
from tpugraph_db.patterns.parse import parse
from tpugraph_db.patterns.possible import impossible, may_coincide


def spelt(text):
    """Each form as its opcodes and its edges (producer, consumer)."""
    return [
        (["/".join(sorted(op.opcodes or "*")) for op in form.nodes], [(e.producer, e.consumer) for e in form.edges])
        for form in forms(parse(text))
    ]


def test_what_may_be_absent_and_repeats():
    assert spelt("dot -> add? -> tanh*1..2") == [
        (["dot", "tanh"], [(0, 1)]),
        (["dot", "tanh", "tanh"], [(0, 1), (1, 2)]),
        (["dot", "add", "tanh"], [(0, 1), (1, 2)]),
        (["dot", "add", "tanh", "tanh"], [(0, 1), (1, 2), (2, 3)]),
    ]


def test_copies_follow_the_arrow_before_them_else_the_one_after():
    assert spelt("dot <- add*2 -> tanh") == [(["dot", "add", "add", "tanh"], [(1, 0), (2, 1), (2, 3)])]
    assert spelt("add*2 <- dot") == [(["add", "add", "dot"], [(1, 0), (2, 1)])]
    assert spelt("add*2") == [(["add", "add"], [(0, 1)])]
    assert spelt("(add*2) <- dot") == [(["add", "add", "dot"], [(1, 0), (2, 1)])]


def test_branches_begin_and_end_alike():
    assert spelt("dot -> (add, copy -> tanh) -> tuple") == [
        (["dot", "add", "copy", "tanh", "tuple"], [(0, 1), (0, 2), (2, 3), (1, 4), (3, 4)])
    ]


def test_an_absent_branch_is_a_direct_edge():
    assert spelt("exponential -> (reduce, convert?) -> divide")[0] == (
        ["exponential", "reduce", "divide"],
        [(0, 1), (1, 2), (0, 2)],
    )


def test_a_name_closes_a_circle_of_edges():
    assert spelt("x:dot -> add, x -> tanh <- add")[0][1] == [(0, 1), (0, 2), (3, 2)]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("add?", 1, "every op of it may be absent"),
        ("dot -> add? <- tanh", 13, "between two arrows of one kind"),
        ("dot ..> add? -> tanh", 14, "between two arrows of one kind"),
        ("add*0..8 -> dot*0..8 -> tanh", 1, "81 ways to spell ? and repeats out; at most 64"),
        ("dot*16 -> add*16 -> tanh", 1, "spelt out it has 33 ops; at most 32"),
        ("x:dot -> x", 7, "an op does not feed itself"),
    ],
)
def test_what_has_no_meaning(text, column, said):
    with pytest.raises(PatternError, match=said.replace("?", r"\?")) as caught:
        forms(parse(text))
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x:dot -> add -> x", "data never flows in a circle, and here it leads from x:dot back to it"),
        ("x:dot ..> y:add, y -> x", "data never flows in a circle"),
        ("dot[bytes > 1MB, bytes < 1KB]", "no op has both bytes > 1MB and bytes < 1KB"),
        ("dot[bytes > 5, bytes <= 5]", "no op has both"),
        ("dot[dtype = f32, dtype = bf16]", "no op has both dtype = f32 and dtype = bf16"),
        ("dot[dtype = f32 and dtype != f32]", "no op has both"),
        ("dot[index = 3, index > 3]", "no op has both"),
        ('dot[op_name = "abc", op_name ~ x]', "no op has both"),
        ("x:dot -> add -- x", ""),
        ("dot[bytes >= 5, bytes <= 5]", ""),
        ("dot[dtype = f32 or dtype = bf16]", ""),
    ],
)
def test_what_no_graph_has(text, said):
    assert impossible(forms(parse(text))[0]).startswith(said)
    assert bool(impossible(forms(parse(text))[0])) == bool(said)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("dot -> (add, add)", [(1, 2)]),
        ("dot -> (add, tanh)", []),
        ("dot -> (add, !add)", []),
        ("dot -> (add, !tanh)", [(1, 2)]),
        ("dot -> (!add, !add)", [(1, 2)]),
        ("* -> * -> *", []),
        ("* -- * -- *", [(0, 2)]),
        ("* -> * <- *", [(0, 2)]),
        ("* ..> * ..> *", []),
    ],
)
def test_which_ops_could_be_the_same(text, pairs):
    assert may_coincide(forms(parse(text))[0]) == pairs
