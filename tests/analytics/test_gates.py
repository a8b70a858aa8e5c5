"""Bounds on a difference."""

from __future__ import annotations

import pytest

from tests import graphs
from tests.analytics.test_matched import chain_of
from tpugraph_db.analytics.gates import hold, judge, parse
from tpugraph_db.diffed import diff_graphs
from tpugraph_db.errors import GateError, NotFoundError, UsageError


@pytest.fixture(scope="module")
def difference():
    """Three ops of 256 bytes become four; no configurations."""
    before, after = chain_of("parameter", "negate", "copy"), chain_of("parameter", "negate", "transpose", "copy")
    return diff_graphs((before, None), (after, None))


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ("bytes>+5%", "+33.3333% (768 -> 1024)"),
        ("bytes > 33%", "+33.3333% (768 -> 1024)"),
        ("bytes>34%", ""),
        ("bytes>+255", "+256 (768 -> 1024)"),
        ("bytes>256", ""),
        ("bytes>=256", "+256 (768 -> 1024)"),
        ("bytes<-1", ""),
        ("bytes<1e3", "+256 (768 -> 1024)"),
        ("path:bytes>.5", "+256 (768 -> 1024)"),
        ("ops:transpose>0", "+1 (0 -> 1)"),
        ("ops:transpose>+50%", "+inf% (0 -> 1)"),
        ("ops:negate>0", ""),
        ("ops:sort>=0", "+0 (0 -> 0)"),
        ("ops:sort>0%", ""),
        ("ops<=1", "+1 (3 -> 4)"),
        ("added>0", "1"),
        ("removed>0", ""),
        ("common_configs<1", "0"),
    ],
)
def test_table(difference, gate, found):
    assert judge(difference, [parse(gate)]) == ([f"{gate}: found {found}"] if found else [])


def test_every_gate_that_failed_is_named(difference):
    with pytest.raises(GateError, match=r"2 gates failed: bytes>5%: found .*; ops:transpose>0: found \+1 \(0 -> 1\)$"):
        hold(difference, [parse("bytes>5%"), parse("removed>0"), parse("ops:transpose>0")])
    hold(difference, [parse("removed>0")])


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("bytes", "expected WHAT, one of > >= < <=, and a number"),
        ("bytes=5", "found 'bytes=5'"),
        ("bytes=>5%", "did you mean 'bytes>=5%'"),
        ("bytes>5 percent", "did you mean 'bytes>5%'"),
        ("bytes>five", "found 'bytes>five'"),
        (">5", "found '>5'"),
        ("", "found ''"),
    ],
)
def test_no_gate(gate, message):
    with pytest.raises(UsageError) as caught:
        parse(gate)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("gate", "error", "message"),
    [
        ("byte>0", UsageError, "there is no 'byte'; did you mean bytes"),
        ("ops:transpos>0", UsageError, "did you mean ops:transpose"),
        ("path:flop>0", UsageError, "did you mean path:flops"),
        ("xyzzy>0", UsageError, "tpudb diff --summary lists what there is"),
        ("added>5%", UsageError, "added is one number of both graphs: give it without %"),
        ("best_ns>2%", NotFoundError, "neither graph has measured configurations"),
        ("default_ns>2%", NotFoundError, "neither graph has a measured default configuration"),
        ("tau<0.9", NotFoundError, "these graphs have no tau"),
    ],
)
def test_a_gate_that_cannot_be_judged(difference, gate, error, message):
    with pytest.raises(error) as caught:
        judge(difference, [parse(gate)])
    assert message in str(caught.value)


def test_one_graph_lacks_it():
    found = diff_graphs((graphs.diamond(), None), (chain_of("parameter", "negate"), None))
    with pytest.raises(NotFoundError, match="best_ns is not known of graph B"):
        judge(found, [parse("best_ns>2%")])
