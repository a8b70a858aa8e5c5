"""What follows from a form alone: which ops cannot be the same one, and why nothing can match perhaps."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from tpugraph_db.patterns.forms import Form
from tpugraph_db.patterns.syntax import Both, Comparison, Condition, Op

Closure = dict[int, set[int]]


def impossible(form: Form) -> str:
    """Why the form matches nothing, whatever the graph; empty where it may match."""
    below = consumers(form)
    for node, op in enumerate(form.nodes):
        if node in below[node]:
            return f"data never flows in a circle, and here it leads from {op.text} back to it"
        if contradiction := _contradiction(op):
            return contradiction
    return ""


def may_coincide(form: Form) -> list[tuple[int, int]]:
    """Pairs of ops that only a condition keeps apart: no edge or way joins them, and an opcode fits both."""
    below = consumers(form)
    joined = {frozenset((edge.producer, edge.consumer)) for edge in form.edges}
    return [
        (one, other)
        for one, other in combinations(range(len(form.nodes)), 2)
        if other not in below[one] and one not in below[other] and frozenset((one, other)) not in joined
        if _share_an_opcode(form.nodes[one], form.nodes[other])
    ]


def consumers(form: Form) -> Closure:
    """For each op those that data reaches from it for certain."""
    found: Closure = {node: set() for node in range(len(form.nodes))}
    for edge in form.edges:
        if edge.directed:
            found[edge.producer].add(edge.consumer)
    for middle in found:
        for below in found.values():
            if middle in below:
                below |= found[middle]
    return found


def _share_an_opcode(one: Op, other: Op) -> bool:
    if one.opcodes is None or other.opcodes is None or (one.excluded and other.excluded):
        return True
    if one.excluded or other.excluded:
        kept, left_out = (other, one) if one.excluded else (one, other)
        return not (kept.opcodes or set()) <= (left_out.opcodes or set())
    return bool(one.opcodes & other.opcodes)


def _contradiction(op: Op) -> str:
    """Two filters of an op that no value satisfies."""
    simple = [part for condition in op.filters for part in _all_hold(condition)]
    for one, other in combinations(simple, 2):
        if one.left.property == other.left.property and _exclude(one, other):
            return f"no op has both {one.text} and {other.text}"
    return ""


def _all_hold(condition: Condition) -> Iterator[Comparison]:
    """The comparisons that must hold one by one."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Both) and condition.word == "and":
        for part in condition.parts:
            yield from _all_hold(part)


def _exclude(one: Comparison, other: Comparison) -> bool:
    if one.sign == "=":
        return not any(_holds(value, other) for value in _values(one))
    if other.sign == "=":
        return _exclude(other, one)
    lower, upper = (one, other) if one.sign in (">", ">=") else (other, one)
    if lower.sign not in (">", ">=") or upper.sign not in ("<", "<="):
        return False
    low, high = _values(lower)[0], _values(upper)[0]
    return low > high or (low == high and (lower.sign, upper.sign) != (">=", "<="))


def _values(comparison: Comparison) -> Sequence[Any]:
    """What a filter compares with: always values, as it knows no other op."""
    assert isinstance(comparison.right, tuple)
    return comparison.right


def _holds(value: Any, comparison: Comparison) -> bool:
    """Whether a value passes a comparison with values."""
    wanted = _values(comparison)
    if comparison.sign in ("=", "!="):
        return (value in wanted) == (comparison.sign == "=")
    if comparison.sign == "~":
        return wanted[0] in value
    return bool(_ORDERS[comparison.sign](value, wanted[0]))


_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
