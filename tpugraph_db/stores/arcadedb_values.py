"""Java objects of ArcadeDB as the values of :mod:`tpugraph_db.stores.values`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from tpugraph_db.errors import QueryError
from tpugraph_db.stores.jvm import java
from tpugraph_db.stores.values import Node, Path, Relationship

Convert = Callable[[Any], Any]


def converter() -> Convert:
    """A function from a Java value to ours. How each Java class converts is looked up once."""
    known: dict[type, Convert] = {type(None): lambda _: None}

    def convert(value: Any) -> Any:
        kind = type(value)
        if kind not in known:
            known[kind] = _conversion(value, convert)
        return known[kind](value)

    return convert


def _conversion(value: Any, convert: Convert) -> Convert:
    conversions: tuple[tuple[str, Convert], ...] = (
        ("java.lang.String", str),
        ("java.lang.Boolean", bool),
        ("java.lang.Float", float),
        ("java.lang.Double", float),
        ("java.math.BigDecimal", lambda v: float(str(v))),
        ("java.lang.Number", lambda v: int(v.longValue())),
        ("com.arcadedb.graph.Vertex", lambda v: _node(v, convert)),
        ("com.arcadedb.graph.Edge", lambda v: _relationship(v, convert)),
        ("com.arcadedb.query.opencypher.traversal.TraversalPath", lambda v: _path(v, convert)),
        ("java.util.Map", lambda v: {str(key): convert(item) for key, item in dict(v).items()}),
        ("java.util.Collection", lambda v: [convert(item) for item in v]),
    )
    for name, conversion in conversions:
        if isinstance(value, java(name)):
            return conversion
    if isinstance(value, str | bool | int | float):
        return type(value).__mro__[-2] if type(value) in (str, bool, int, float) else lambda v: v
    return _temporal(value)


def _node(vertex: Any, convert: Convert) -> Node:
    labels = tuple(sorted(str(vertex.getTypeName()).split("~")))
    return Node(labels, _properties(vertex, convert), str(vertex.getIdentity()))


def _relationship(edge: Any, convert: Convert) -> Relationship:
    ends = str(edge.getOut()), str(edge.getIn())
    return Relationship(str(edge.getTypeName()), _properties(edge, convert), *ends)


def _path(path: Any, convert: Convert) -> Path:
    nodes = tuple(_node(vertex, convert) for vertex in path.getVertices())
    return Path(nodes, tuple(_relationship(edge, convert) for edge in path.getEdges()))


def _properties(document: Any, convert: Convert) -> dict[str, Any]:
    return {str(name): convert(document.get(name)) for name in document.getPropertyNames()}


_ISO: dict[str, Convert] = {
    "Date": datetime.date.fromisoformat,
    "LocalDateTime": datetime.datetime.fromisoformat,
    "DateTime": lambda text: datetime.datetime.fromisoformat(text.split("[")[0]),
    "LocalTime": datetime.time.fromisoformat,
    "Time": datetime.time.fromisoformat,
    "Duration": str,
}


def _temporal(value: Any) -> Convert:
    parse = _ISO.get(str(value.getClass().getSimpleName()).removeprefix("Cypher"))
    if parse is None:
        name = value.getClass().getName()
        raise QueryError(f"a value of Java class {name} has no Python counterpart; return its parts")
    return lambda v: parse(str(v))
