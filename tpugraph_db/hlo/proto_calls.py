"""Which computations an HLO instruction in protobuf calls, and as what."""

from __future__ import annotations

Calls = list[tuple[str, str]]
"""(attribute, name of a computation), in the order in which HLO text prints them."""

_TO_APPLY = frozenset({
    "all-reduce", "all-reduce-start", "call", "map", "reduce", "reduce-scatter", "reduce-window", "scan", "scatter",
    "sort", "topk",
})  # fmt: skip
_LISTED = frozenset({"branch_computations", "called_computations"})
"""Attributes in braces, however many computations they hold."""


def calls(opcode: str, names: list[str], on_predicate: bool) -> Calls:
    """Of an opcode and what it calls; a conditional on a predicate has two branches with names of their own."""
    if opcode == "while" and len(names) == 2:
        return [("condition", names[1]), ("body", names[0])]
    if opcode == "select-and-scatter" and len(names) == 2:
        return [("select", names[0]), ("scatter", names[1])]
    if opcode == "conditional" and on_predicate and len(names) == 2:
        return [("true_computation", names[0]), ("false_computation", names[1])]
    kinds = {"conditional": "branch_computations", "custom-call": "called_computations"}
    kind = kinds.get(opcode, "to_apply" if opcode in _TO_APPLY else "calls")
    return [(kind, name) for name in names]


def text(called: Calls) -> str:
    """``condition=cond, body=body``, ``branch_computations={a, b}``.

    >>> text([("to_apply", "add.3")])
    'to_apply=add.3'
    """
    kinds = [kind for kind, _ in called]
    if len(kinds) > 1 and len(set(kinds)) == len(kinds):
        return ", ".join(f"{kind}={name}" for kind, name in called)
    listed = ", ".join(f"{name}" for _, name in called)
    return f"{kinds[0]}={listed}" if len(kinds) == 1 and kinds[0] not in _LISTED else f"{kinds[0]}={{{listed}}}"
