"""Values of the neo4j driver as the values of :mod:`tpugraph_db.stores.values`."""

from __future__ import annotations

import datetime
from typing import Any

from neo4j import graph, time

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
        case time.Date():
            return value.to_native()
        case time.DateTime() | time.Time():
            return _plain_zone(value.to_native())
    raise QueryError(f"a value of type {type(value).__name__} has no Python counterpart; return its parts")


def _node(node: graph.Node) -> Node:
    return Node(tuple(sorted(node.labels)), convert(dict(node)), node.element_id)


def _relationship(edge: graph.Relationship) -> Relationship:
    start, end = edge.nodes
    ends = (start.element_id if start else "", end.element_id if end else "")
    return Relationship(edge.type, convert(dict(edge)), *ends)


def _plain_zone(moment: datetime.datetime | datetime.time) -> datetime.datetime | datetime.time:
    """The driver's zones are pytz's: an offset says the same without it."""
    offset = moment.utcoffset()
    return moment if offset is None else moment.replace(tzinfo=datetime.timezone(offset))
