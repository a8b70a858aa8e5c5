"""A statement and its answer, and the parts that answers share."""

from dataclasses import dataclass, field
from typing import Any

from tpugraph_db.stores import Node

CHAIN, DIAMOND, TWO = "layout:test:default/train/chain", "layout:test:default/valid/diamond", "tile:test/train/two"

BOB = Node(("Person",), {"name": "Bob", "born": 1990, "langs": ["en"], "height": 1.75, "alive": True})
CY = Node(("Boss", "Person"), {"name": "Cy", "born": 1960, "langs": []})
DEE = Node(("Person",), {"name": "Dee"})
OSLO = Node(("City",), {"name": "Oslo", "people": 700000})
ROME = Node(("City",), {"name": "Rome", "people": 2800000})


@dataclass(frozen=True)
class Case:
    """``columns`` are the names in order, apart by ``|``; ``rows`` are in order where ``ordered``, else in any."""

    name: str
    text: str
    columns: str
    rows: list[tuple[Any, ...]]
    params: dict[str, Any] = field(default_factory=dict)
    ordered: bool = False


@dataclass(frozen=True)
class Change:
    """Statements that write, each a transaction, and what a last one reads after them."""

    name: str
    writes: list[str]
    text: str
    rows: list[tuple[Any, ...]]
    params: dict[str, Any] = field(default_factory=dict)
    """Of every statement."""
