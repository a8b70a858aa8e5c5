"""What a query returns, the same Python values on every engine.

Null is None; integers, floats, booleans, strings are themselves; lists are lists, maps are dicts; dates and times are
``datetime``'s, a duration is text in ISO 8601; nodes, relationships and paths are the three classes here.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """A node; equal to another with the same labels and properties."""

    labels: tuple[str, ...]
    """Sorted."""
    properties: dict[str, Any]
    element_id: str = field(default="", compare=False, repr=False)
    """The engine's own name of it, good within one query."""


@dataclass(frozen=True)
class Relationship:
    """A relationship; equal to another of the same type and properties."""

    type: str
    properties: dict[str, Any]
    start_id: str = field(default="", compare=False, repr=False)
    """``element_id`` of the node it leaves."""
    end_id: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Path:
    """A walk: ``nodes[i]`` and ``nodes[i + 1]`` are joined by ``relationships[i]``, in either direction."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


def to_plain(value: Any) -> Any:
    """The value in JSON's types: nodes, relationships and paths become objects, dates text."""
    match value:
        case Node():
            return {"labels": list(value.labels), "properties": to_plain(value.properties)}
        case Relationship():
            return {"type": value.type, "properties": to_plain(value.properties)}
        case Path():
            return {"nodes": to_plain(value.nodes), "relationships": to_plain(value.relationships)}
        case list() | tuple():
            return [to_plain(item) for item in value]
        case dict():
            return {key: to_plain(item) for key, item in value.items()}
        case datetime.date() | datetime.time():
            return value.isoformat()
    return value
