"""Which computations an HLO instruction in protobuf calls, and as what."""

from __future__ import annotations

from typing import TypeVar

Called = TypeVar("Called")

_TO_APPLY = frozenset({
    "all-reduce", "all-reduce-start", "call", "map", "reduce", "reduce-scatter", "reduce-window", "scan", "scatter",
    "sort", "topk",
})  # fmt: skip
_LISTED = frozenset({"branch_computations", "called_computations"})
"""Attributes in braces, however many computations they hold."""


def calls(opcode: str, called: list[Called], on_predicate: bool) -> list[tuple[str, Called]]:
    """Under which attribute an opcode calls each computation, in the order in which HLO text prints them.

    A conditional on a predicate has two branches with names of their own.
    """
    if opcode == "while" and len(called) == 2:
        return [("condition", called[1]), ("body", called[0])]
    if opcode == "select-and-scatter" and len(called) == 2:
        return [("select", called[0]), ("scatter", called[1])]
    if opcode == "conditional" and on_predicate and len(called) == 2:
        return [("true_computation", called[0]), ("false_computation", called[1])]
    kinds = {"conditional": "branch_computations", "custom-call": "called_computations"}
    kind = kinds.get(opcode, "to_apply" if opcode in _TO_APPLY else "calls")
    return [(kind, one) for one in called]


def text(called: list[tuple[str, str]]) -> str:
    """``condition=cond, body=body``, ``branch_computations={a, b}``; empty where nothing is called.

    >>> text([("to_apply", "add.3")])
    'to_apply=add.3'
    """
    if not called:
        return ""
    kinds = [kind for kind, _ in called]
    if len(kinds) > 1 and len(set(kinds)) == len(kinds):
        return ", ".join(f"{kind}={name}" for kind, name in called)
    listed = ", ".join(f"{name}" for _, name in called)
    return f"{kinds[0]}={listed}" if len(kinds) == 1 and kinds[0] not in _LISTED else f"{kinds[0]}={{{listed}}}"
