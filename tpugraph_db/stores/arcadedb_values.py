"""Java objects of ArcadeDB as the values of :mod:`tpugraph_db.stores.values`, and parameters the other way."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from tpugraph_db.errors import QueryError
from tpugraph_db.stores.jvm import java
from tpugraph_db.stores.values import Node, Path, Relationship

Convert = Callable[[Any], Any]


def converter() -> Convert:
    """A function from a Java value to ours. How each Java class converts is looked up once."""
    known: dict[type, Convert] = {type(None): lambda _: None, bool: bool, int: int, float: float, str: str}

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


_FROM_ISO: dict[str, Convert] = {
    "Date": datetime.date.fromisoformat,
    "LocalDate": datetime.date.fromisoformat,
    "LocalDateTime": datetime.datetime.fromisoformat,
    "DateTime": datetime.datetime.fromisoformat,
    "ZonedDateTime": datetime.datetime.fromisoformat,
    "LocalTime": datetime.time.fromisoformat,
    "Time": datetime.time.fromisoformat,
    "OffsetTime": datetime.time.fromisoformat,
    "Duration": str,
}
"""Cypher's classes (``CypherDate``) within a query, Java's (``LocalDate``) in a node's properties."""


def _temporal(value: Any) -> Convert:
    parse = _FROM_ISO.get(str(value.getClass().getSimpleName()).removeprefix("Cypher"))
    if parse is None:
        name = value.getClass().getName()
        raise QueryError(f"a value of Java class {name} has no Python counterpart; return its parts")
    return lambda v: _parsed(parse, str(v).split("[")[0])  # a zone's name follows its offset


def _parsed(parse: Convert, text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise QueryError(f"{text}: a year that Python's dates do not reach; return its parts") from error


def to_java(value: Any) -> Any:
    """A parameter as Java's; :func:`tpugraph_db.stores.parameters.plain` has seen it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            java_map = java("java.util.HashMap")()
            for name, item in value.items():
                java_map.put(name, to_java(item))
            return java_map
        case list():
            return _java_list(value)
        case datetime.timedelta():
            parts = value.days, value.seconds, value.microseconds * 1000
            return java("com.arcadedb.query.opencypher.temporal.CypherDuration")(0, *parts)
    return java(f"java.time.{_java_time(value)}").parse(value.isoformat())


def _java_list(values: list[Any]) -> Any:
    from jpype import JArray, JObject

    items = JArray(JObject)([to_java(item) for item in values])  # one crossing for all
    return java("java.util.ArrayList")(java("java.util.Arrays").asList(items))


def _java_time(value: datetime.date | datetime.time) -> str:
    if isinstance(value, datetime.time):
        return "LocalTime"
    if isinstance(value, datetime.datetime):
        return "LocalDateTime" if value.tzinfo is None else "ZonedDateTime"
    return "LocalDate"
