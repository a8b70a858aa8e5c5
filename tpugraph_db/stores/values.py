"""What a query returns, the same Python values on every engine.

Null is None; integers, floats, booleans, strings are themselves; lists are lists, maps are dicts; dates and times are
``datetime``'s, a duration is text in ISO 8601; nodes, relationships and paths are the three classes here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tpugraph_db import html, schema


@dataclass(frozen=True)
class Node:
    """A node; equal to another with the same labels and properties."""

    labels: tuple[str, ...]
    """Sorted."""
    properties: dict[str, Any]
    element_id: str = field(default="", compare=False, repr=False)
    """The engine's own name of it, good within one query."""

    def _repr_html_(self) -> str:
        """A card in a notebook: the properties of a label of the schema in its order, others as they come."""
        facts = [(name, to_text(self.properties[name])) for name in _in_order(self)]
        more = len(facts) - html.MOST_ROWS
        return html.card(_node(self), facts[: html.MOST_ROWS], f"and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Relationship:
    """A relationship; equal to another of the same type and properties."""

    type: str
    properties: dict[str, Any]
    start_id: str = field(default="", compare=False, repr=False)
    """``element_id`` of the node it leaves."""
    end_id: str = field(default="", compare=False, repr=False)

    def _repr_html_(self) -> str:
        return html.line(to_text(self))


@dataclass(frozen=True)
class Path:
    """A walk: ``nodes[i]`` and ``nodes[i + 1]`` are joined by ``relationships[i]``, in either direction."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]

    def _repr_html_(self) -> str:
        return html.line(to_text(self))


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


def to_text(value: Any) -> str:
    """The value for people, in one piece: nodes by what names them, walks as Cypher draws them, null nothing.

    >>> print(to_text(Node(("Op",), {"opcode": "dot", "index": 3})), to_text([1, 0.5]))
    (:Op dot#3) [1, 0.5]
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}"
        case Node():
            return f"({_node(value)})"
        case Relationship():
            return f"[{_relationship(value)}]"
        case Path():
            return _walk(value)
        case list() | tuple():
            return f"[{_joined(value)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {_inner(item)}' for key, item in value.items())}}}"
    return str(to_plain(value))


def _node(node: Node) -> str:
    labels, given = "".join(f":{label}" for label in node.labels), node.properties
    if "Op" in node.labels and "index" in given:
        return f"{labels} {given.get('name') or given.get('opcode') or '?'}#{given['index']}"
    name = next((given[key] for key in ("id", "uid", "name") if key in given), None)
    return f"{labels} {_inner(given) if name is None else to_text(name)}"


def _relationship(one: Relationship) -> str:
    return f":{one.type} {_inner(one.properties)}" if one.properties else f":{one.type}"


def _walk(path: Path) -> str:
    text = to_text(path.nodes[0]) if path.nodes else ""
    for node, one, after in zip(path.nodes, path.relationships, path.nodes[1:], strict=False):
        before, behind = ("<-", "-") if one.start_id and one.start_id != node.element_id else ("-", "->")
        text += f"{before}{to_text(one)}{behind}{to_text(after)}"
    return text


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(map(_inner, values))


def _inner(value: Any) -> str:
    return "null" if value is None else to_text(value)


def _in_order(node: Node) -> list[str]:
    known = [name for label in schema.LABELS if label.name in node.labels for name in label.property_names()]
    return [*(name for name in known if name in node.properties), *(n for n in node.properties if n not in known)]
