"""Neo4j's plan of a statement as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tpugraph_db.errors import printable


def plan_text(plan: Mapping[str, Any] | None) -> str:
    """A line an operator, the last one first; an operator's inputs stand below it, further in, with rows estimated.

    >>> print(plan_text({"operatorType": "Filter@neo4j", "args": {"EstimatedRows": 2.0, "Details": "o.x > 1"},
    ...                  "children": [{"operatorType": "AllNodesScan@neo4j", "args": {}, "children": []}]}))
    + Filter (2 rows): o.x > 1
      + AllNodesScan
    """
    return "\n".join(_lines(plan or {}, 0))


def _lines(plan: Mapping[str, Any], depth: int) -> Iterator[str]:
    arguments = plan.get("args", {})
    rows, details = arguments.get("EstimatedRows"), arguments.get("Details")
    line = "  " * depth + "+ " + str(plan.get("operatorType", "nothing")).partition("@")[0]
    line += "" if rows is None else f" ({rows:,.4g} rows)"
    yield line + (f": {printable(str(details))}" if details else "")
    for child in plan.get("children", ()):
        yield from _lines(child, depth + 1)
