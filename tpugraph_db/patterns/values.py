"""The ``$parameters`` of a statement, and conditions that use them."""

from __future__ import annotations

from typing import Any

from tpugraph_db.patterns.syntax import Comparison, Condition, Not, Op, Operand


class Values:
    """Every value that a statement takes, each once."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}
        self._known: dict[tuple[str, str], str] = {}

    def add(self, value: Any) -> str:
        """The ``$p1`` that stands for a value."""
        key = (type(value).__name__, repr(value))
        if key not in self._known:
            self._known[key] = f"p{len(self._known) + 1}"
            self.parameters[self._known[key]] = value
        return f"${self._known[key]}"


def op_conditions(op: Op, node: str, values: Values, *, opcodes: bool = True) -> list[str]:
    """What must hold of a node for itself; its ``opcodes`` may have been asked for already."""
    found = []
    if op.opcodes is not None and opcodes:
        found.append(_among(f"{node}.opcode", sorted(op.opcodes), not op.excluded, values))
    if op.configurable:
        found.append(f"{node}.is_configurable = true")
    return found + [condition_text(part, {"": node}, values) for part in op.filters]


def condition_text(condition: Condition, nodes: dict[str, str], values: Values) -> str:
    """A condition in Cypher; ``nodes`` has the variable of each name."""
    if isinstance(condition, Comparison):
        return _comparison(condition, nodes, values)
    if isinstance(condition, Not):
        return f"NOT ({condition_text(condition.part, nodes, values)})"
    parts = [condition_text(part, nodes, values) for part in condition.parts]
    return f"({f' {condition.word.upper()} '.join(parts)})"


def _comparison(comparison: Comparison, nodes: dict[str, str], values: Values) -> str:
    left, right, sign = _named(comparison.left, nodes), comparison.right, comparison.sign
    if isinstance(right, Operand):
        other = _named(right, nodes)
        return f"{left} CONTAINS {other}" if sign == "~" else f"{left} {_sign(sign)} {other}"
    if sign in ("=", "!="):
        return _among(left, list(right), sign == "=", values)
    return f"{left} {_sign(sign)} {values.add(right[0])}"


def _among(property_: str, wanted: list[Any], inside: bool, values: Values) -> str:
    if len(wanted) == 1:
        return f"{property_} {'=' if inside else '<>'} {values.add(wanted[0])}"
    return f"{'' if inside else 'NOT '}{property_} IN {values.add(wanted)}"


def _named(operand: Operand, nodes: dict[str, str]) -> str:
    return f"{nodes[operand.name]}.{operand.property}"


def _sign(sign: str) -> str:
    return {"!=": "<>", "~": "CONTAINS"}.get(sign, sign)
