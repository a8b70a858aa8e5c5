"""What differs between two graphs, worked out by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests import graphs
from tests.analytics.made import layers, renumbered
from tests.analytics.test_matched import chain_of
from tpugraph_db.diffed import diff_graphs
from tpugraph_db.errors import DataError, NotFoundError
from tpugraph_db.formats import read

CHAIN = ("a = f32[8]{0} parameter(0)", "x = f32[8]{0} negate(a)", "ROOT y = f32[8]{0} tanh(x)")


def diff(a, b, by="flops", **options):
    return diff_graphs((a, None), (b, None), by, **options)


def rows(found):
    """(kind, op of A, op of B, what, A, B)"""
    return [(row[0], row[1], row[2], row[5], row[6], row[7]) for row in found.changes]


def test_a_graph_with_itself(hlo):
    found = diff(hlo(*CHAIN), hlo(*CHAIN))
    assert (rows(found), found.same, str(found)) == ([], True, "no difference: 3 ops matched")
    assert {of.change for of in found.totals if of.both is None} == {0}


def test_an_op_inserted(hlo):
    after = (CHAIN[0], CHAIN[1], "n = f32[8]{0} exponential(x)", "ROOT y = f32[8]{0} tanh(n)")
    found = diff(hlo(*CHAIN), hlo(*after), "bytes")
    assert rows(found) == [
        ("added", None, 2, None, None, "f32[8]"),
        ("changed", 2, 3, "operands", "0: x", "0: n"),
    ]
    assert [row[8] for row in found.changes] == [32, 0]  # eight f32
    assert found.total("bytes")[:4] == ("bytes", 96.0, 128.0, None)
    assert found.total("path:bytes").change == 32
    assert found.total("ops:exponential").change == 1
    assert str(found) == "ops: 1 added, 0 removed, 1 changed, 3 matched"


def test_an_op_removed(hlo):
    found = diff(hlo(*CHAIN), hlo(CHAIN[0], "ROOT y = f32[8]{0} tanh(a)"), "bytes")
    assert rows(found) == [
        ("removed", 1, None, None, "f32[8]", None),
        ("changed", 2, 1, "operands", "0: x", "0: a"),
    ]
    assert [row[8] for row in found.changes] == [-32, 0]


@pytest.mark.parametrize(
    ("line", "what", "a", "b"),
    [
        ("x = bf16[8]{0} negate(a)", "dtype; bytes", "f32; 32", "bf16; 16"),
        ("x = f32[4]{0} negate(a)", "shape; bytes", "f32[8]; 32", "f32[4]; 16"),
        ("x = f32[8]{0:T(8)} negate(a)", "layout", "{0}", "{0:T(8)}"),
        ("x = f32[8]{0} negate(a), sharding={replicated}", "attributes", "", "sharding={replicated}"),
    ],
)
def test_an_op_that_says_something_else(hlo, line, what, a, b):
    found = diff(hlo(*CHAIN), hlo(CHAIN[0], line, CHAIN[2]), "bytes")
    assert rows(found) == [("changed", 1, 1, what, a, b)]


def test_operands_that_change_places(hlo):
    head = (CHAIN[0], "b = f32[8]{0} parameter(1)")
    found = diff(hlo(*head, "ROOT s = f32[8]{0} subtract(a, b)"), hlo(*head, "ROOT s = f32[8]{0} subtract(b, a)"))
    assert rows(found) == [("changed", 2, 2, "operands", "0: a, 1: b", "0: b, 1: a")]


def test_a_rename_is_counted_and_no_change(hlo):
    found = diff(hlo(*CHAIN), hlo(CHAIN[0], "z = f32[8]{0} negate(a)", "ROOT y = f32[8]{0} tanh(z)"))
    assert found.same
    assert (found.total("renamed").both, found.total("matched_by_name").both) == (1, 2)


def test_the_root_and_control_and_calls(tmp_path):
    text = graphs.LOWERED_TEXT
    edited = (
        text.replace(", control-predecessors={%zero}", "")
        .replace("%sum {", "%other {\n  %c = f32[] parameter(0)\n  ROOT %n = f32[] negate(%c)\n}\n\n%sum {")
        .replace("calls=%fused", "calls=%other")
    )
    for name, content in (("a.hlo", text), ("b.hlo", edited)):
        (tmp_path / name).write_text(content)
    found = {
        row[3]: row[5:8]
        for row in diff(read(tmp_path / "a.hlo"), read(tmp_path / "b.hlo"), "fanout").changes
        if row[0] == "changed"
    }
    assert found["erf.1"] == ("control", "zero", "")
    assert found["fusion"] == ("calls", "fused", "other")
    before = (
        "HloModule m\n\nENTRY e {\n  a = f32[] parameter(0)\n  ROOT b = f32[] negate(a)\n  c = f32[] negate(a)\n}\n"
    )
    (tmp_path / "a.hlo").write_text(before)
    (tmp_path / "b.hlo").write_text(before.replace("ROOT b", "b").replace("  c =", "  ROOT c ="))
    found = diff(read(tmp_path / "a.hlo"), read(tmp_path / "b.hlo"))
    assert rows(found) == [("changed", 1, 1, "root", "true", "false"), ("changed", 2, 2, "root", "false", "true")]


def test_what_the_programs_say_of_themselves(hlo):
    before, after = hlo(*CHAIN), hlo(*CHAIN)
    program = after.program
    assert program is not None
    from dataclasses import replace

    after = after.replace(program=replace(program, module_attributes="num_partitions=2"))
    assert rows(diff(before, after)) == [("changed", None, None, "attributes", "", "num_partitions=2")]


def test_one_layer_more():
    found = diff(layers(5), layers(6))
    assert sorted((row[0], row[4]) for row in found.changes if row[0] != "changed") == [
        ("added", "add"), ("added", "dot"), ("added", "tanh")
    ]  # fmt: skip
    assert {row[5] for row in found.changes if row[0] == "changed"} == {"operands"}
    assert [found.total(f"ops:{opcode}").change for opcode in ("dot", "tanh", "add", "copy")] == [1, 1, 1, 0]


def test_the_same_ops_in_another_order():
    graph = layers(4)
    assert diff(graph, renumbered(graph, np.random.default_rng(0).permutation(len(graph))), "cost").same


def test_the_same_program_in_another_order_under_other_names(hlo):
    head = ("a = f32[8]{0} parameter(0)", "b = f32[8]{0} parameter(1)")
    lines = "x = f32[8]{0} negate(a)", "y = f32[8]{0} negate(b)", "ROOT t = (f32[8]{0}, f32[8]{0}) tuple(x, y)"
    before = hlo(*head, *lines)
    after = hlo(
        "q = f32[8]{0} parameter(1)", "v = f32[8]{0} negate(q)", "p = f32[8]{0} parameter(0)",
        "u = f32[8]{0} negate(p)", "ROOT w = (f32[8]{0}, f32[8]{0}) tuple(u, v)",
    )  # fmt: skip
    assert diff(before, after).same


def test_a_real_program_and_its_columns(data):
    """The npz was made from the program: 3,163 ops; the 112 runs of the program are rows of the npz."""
    npz = read(data / "npz" / "layout" / "xla" / "default" / "valid" / "unet_3d.4x4.bf16.npz")
    found = diff(npz, read(data / "tuning" / "module_tuning_data_layout.pb"))
    assert str(found) == "no difference: 3,163 ops matched"
    distinct, common = found.total("distinct_configs"), found.total("common_configs")
    assert (distinct.a, distinct.b, common.both) == (1469, 91, 91)


def test_columns_where_a_source_says_no_more():
    before = chain_of("parameter", "negate", "tanh")
    features = before.features.copy()
    features[1, 37] = 3  # the first column of a window
    assert rows(diff(before, before.replace(features=features))) == [
        ("changed", 1, 1, "attributes", "window_size_0=0", "window_size_0=3")
    ]
    edges = np.array([(1, 0), (2, 0)])
    assert rows(diff(before, before.replace(edges=edges))) == [("changed", 2, 2, "operands", "1", "0")]
    layout = chain_of("parameter", "negate", "tanh", shape="f32[8,8]{0,1}").features
    assert {row[3:] for row in rows(diff(before, before.replace(features=layout)))} == {("layout", "{1,0}", "{0,1}")}


def test_a_program_against_columns(hlo):
    record = hlo(*CHAIN)
    assert diff(record, record.replace(program=None)).same


def test_nothing_in_common():
    found = diff(chain_of("parameter", "negate"), chain_of("iota", "tanh", "abs", shape="s32[4]{0}"))
    assert Counter(row[0] for row in found.changes) == {"removed": 2, "added": 3}
    assert str(found) == "nothing in common; ops: 2 removed, 3 added"


def test_one_op_two_computations_and_none():
    one = chain_of("parameter")
    assert diff(one, one).same
    two = graphs.two_computations()
    assert diff(two, two).same
    assert diff(two, two).total("computations").a == 2
    nothing = one.replace(opcode_numbers=one.opcode_numbers[:0], features=one.features[:0])
    with pytest.raises(DataError, match="ops: expected at least one"):
        diff(one, nothing)


def configured(rows_, runtimes, ops=(1, 2)):
    record = graphs.diamond()
    return record.replace(configurations=graphs.layouts(list(ops), rows_, runtimes))


P, Q, R, S, FREE = [1, 0], [0, 1], [-1] * 6 + [0, 1], [-1] * 6 + [1, 0], []


def test_configurations_by_what_they_say():
    """A has (p,r) 30 and 30, (q,r) 10, (p,s) 20; B (q,r) 40, (p,s) 90, (p,r) 50, (q,s) 5."""
    found = diff(graphs.diamond(), configured([[Q, R], [P, S], [P, R], [Q, S]], [40, 90, 50, 5]))
    totals = {of.what: (of.a, of.b, of.both) for of in found.totals}
    assert totals["configs"] == (4, 4, None)
    assert totals["distinct_configs"] == (3, 4, None)
    assert totals["common_configs"] == (None, None, 3)
    assert totals["best_ns"] == (10, 5, None)
    assert totals["median_ns"] == (20, 40, None)
    assert totals["worst_ns"] == (30, 90, None)
    # (q,r) 10 20 30 against 40 90 50 in the order (q,r) (p,s) (p,r): two of three pairs agree
    assert totals["tau"][2] == pytest.approx(1 / 3)
    assert (totals["compared_configs"][2], totals["equal_ranks"][2], totals["top1_same"][2]) == (3, 1, 1)
    assert {of.provenance for of in found.totals if of.what in ("tau", "best_ns", "top1_same")} == {"measured"}


def test_what_is_left_to_the_compiler_is_not_said():
    """B lets op 2 be configurable no more: what said nothing of it is still the same."""
    before, after = configured([[P, FREE], [Q, R]], [1, 2]), configured([[P], [Q]], [1, 2], ops=(1,))
    assert diff(before, after).total("common_configs").both == 1


def test_what_models_say_of_both():
    from tpugraph_db.analytics.diff import diff as compare
    from tpugraph_db.analytics.figures import figures

    graph = graphs.diamond()
    of = figures(graph, ["flops"])
    ranks = {"gcn": (np.array([2.0, 0, 1, 2]), np.array([0.0, 1, 2, 0]))}
    found = compare(graph, graph, (of, of), "flops", ranks=ranks)
    # (p,r) (q,r) (p,s) by A 2 0 1, by B 0 1 2: one of three pairs agrees
    assert found.total("gcn_tau").both == pytest.approx(-1 / 3)
    assert (found.total("gcn_compared_configs").both, found.total("gcn_equal_ranks").both) == (3, 0)
    assert (found.total("gcn_top1_same").both, found.total("gcn_tau").provenance) == (0, "learned")


def test_measured_figures_and_their_noise():
    graph = graphs.chain()
    before, after = (graph.replace(measured_ns=np.array(ns)) for ns in ([0, 100, 200, 50], [0, 104, 230, 50]))
    found = diff(before, after, None)
    assert rows(found) == [("changed", 2, 2, "measured", "200", "230")]
    assert found.total("measured")[1:3] == (350, 384)
    assert len(diff(before, after, None, noise=0).changes) == 2
    with pytest.raises(NotFoundError, match="has no profile"):
        diff(before, graph, "measured")
