"""Values of the neo4j driver as the values of :mod:`tpugraph_db.stores.values`."""

from __future__ import annotations

from typing import Any

from neo4j import graph, spatial, time

from tpugraph_db.errors import QueryError
from tpugraph_db.stores.values import Node, Path, Relationship


def convert(value: Any) -> Any:
    """One value."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [convert(item) for item in value]
        case dict():
            return {key: convert(item) for key, item in value.items()}
        case graph.Node():
            return _node(value)
        case graph.Relationship():
            return _relationship(value)
        case graph.Path():
            return Path(tuple(map(_node, value.nodes)), tuple(map(_relationship, value.relationships)))
        case time.Duration():
            return value.iso_format()
        case time.Date() | time.DateTime() | time.Time():
            return value.to_native()
        case spatial.Point():
            raise QueryError("a point has no Python counterpart here; return its parts: p.x, p.y")
    raise QueryError(f"a value of type {type(value).__name__} has no Python counterpart here; return its parts")


def _node(node: graph.Node) -> Node:
    return Node(tuple(sorted(node.labels)), convert(dict(node)), node.element_id)


def _relationship(edge: graph.Relationship) -> Relationship:
    start, end = edge.nodes
    ends = (start.element_id if start else "", end.element_id if end else "")
    return Relationship(edge.type, convert(dict(edge)), *ends)
