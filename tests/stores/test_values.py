import datetime
from datetime import UTC, date, time, timedelta, timezone

import numpy as np
import pytest

from tpugraph_db.errors import QueryError
from tpugraph_db.stores import Node, Relationship, Walk

EAST = timezone(timedelta(hours=2))
MOMENT = datetime.datetime(2024, 2, 29, 3, 4, 5, 678901)

STORABLE = [
    True,
    False,
    0,
    2**53 + 1,
    -(2**63),
    2**63 - 1,
    0.1,
    -0.0,
    1e300,
    5e-324,
    float("inf"),
    "",
    "ü 漢字 😀 e\u0301",
    "'\"`\\ \n\t\r $x {y} //",
    [],
    [1, 2**62],
    [0.5, -1.5],
    ["a", "", "é"],
    [True, False],
    date(2024, 2, 29),
    MOMENT,
    MOMENT.replace(tzinfo=UTC),
    MOMENT.replace(tzinfo=EAST),
    time(3, 4, 5, 678901),
]
"""Values that a property may have."""

PASSING = [
    *STORABLE,
    None,
    [None],
    [1, 0.5, "a", None, True],
    [[], [[]], [1, [2]]],
    {},
    {"a": 1, "b c": None, "é": [{"k": 0.5}]},
    [{"when": date(2024, 2, 29)}],
]

CONVERTED = [
    ((1, 2), [1, 2]),
    (np.int64(2**53 + 1), 2**53 + 1),
    (np.uint8(7), 7),
    (np.float32(0.5), 0.5),
    (np.float64(0.1), 0.1),
    (np.bool_(True), True),
    (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    (timedelta(days=1, hours=2), "P1DT2H"),
]

REFUSED = [
    (2**63, "64 bits"),
    ([-(2**63) - 1], "64 bits"),
    ({1, 2}, "a set has no counterpart"),
    (b"bytes", "a bytes has no counterpart"),
    ({1: 2}, "the key 1"),
    pytest.param({"a": {"b": object()}}, r"\$x.a.b: a object", id="an object"),
    ("half \ud800", "half a surrogate pair at 5"),
    (time(1, tzinfo=EAST), "a time has no counterpart"),
]


def exactly(value):
    """Equal and of the same types, down to the items; 1, 1.0 and True are three."""
    if isinstance(value, list):
        return [exactly(item) for item in value]
    if isinstance(value, dict):
        return {key: exactly(item) for key, item in value.items()}
    return type(value), str(value)


@pytest.mark.parametrize("value", PASSING, ids=repr)
def test_a_parameter_comes_back(loaded, value):
    found = loaded.query("RETURN $x AS x", {"x": value}).rows[0][0]
    assert exactly(found) == exactly(value)


@pytest.mark.parametrize("value", STORABLE, ids=repr)
def test_a_property_comes_back(loaded, value):
    loaded.query("MERGE (n:Kept) SET n = {x: $x}", {"x": value}, write=True)
    alone, node = loaded.query("MATCH (n:Kept) RETURN n.x, n").rows[0]
    assert exactly(alone) == exactly(node.properties["x"]) == exactly(value)


@pytest.mark.parametrize(("value", "expected"), CONVERTED, ids=repr)
def test_a_parameter_is_converted(loaded, value, expected):
    assert exactly(loaded.query("RETURN $x AS x", {"x": value}).rows[0][0]) == exactly(expected)


@pytest.mark.parametrize(("value", "said"), REFUSED, ids=repr)
def test_a_parameter_is_refused(loaded, value, said):
    with pytest.raises(QueryError, match=said):
        loaded.query("RETURN $x AS x", {"x": value})


def test_not_a_number(loaded):
    assert np.isnan(loaded.query("RETURN $x AS x", {"x": float("nan")}).rows[0][0])


def test_literals_of_every_kind(loaded):
    text = "RETURN 1 AS i, 1.0 AS f, true AS t, null AS n, 'é' AS s, [1, null, [2.0]] AS l, {a: {b: []}} AS m"
    expected = (1, 1.0, True, None, "é", [1, None, [2.0]], {"a": {"b": []}})
    assert exactly(list(loaded.query(text).rows[0])) == exactly(list(expected))


def test_dates_and_times(loaded):
    text = """RETURN date('2024-02-29') AS d, localdatetime('2024-02-29T03:04:05.678901') AS ld,
    datetime('2024-02-29T03:04:05.678901+02:00') AS dt, datetime('2024-07-01T12:00[Europe/Paris]') AS zoned,
    localtime('03:04') AS lt, time('03:04:05+02:00') AS t, duration('P1Y2M3DT4H5M6.5S') AS du"""
    zoned = datetime.datetime(2024, 7, 1, 12, tzinfo=EAST)
    east = MOMENT.replace(tzinfo=EAST)
    expected = [date(2024, 2, 29), MOMENT, east, zoned, time(3, 4), time(3, 4, 5, tzinfo=EAST), "P1Y2M3DT4H5M6.5S"]
    assert exactly(list(loaded.query(text).rows[0])) == exactly(expected)


def test_nodes_and_edges_of_a_graph(loaded):
    text = """MATCH p = (a:Op {graph: 'layout:test:default/train/chain', index: 1})-[r:FEEDS*]->(:Op {index: 3})
    RETURN a, r, p"""
    node, edges, walk = loaded.query(text).rows[0]
    assert (node.labels, node.properties["opcode"], node.properties["dims"]) == (("Op",), "negate", [8, 128])
    assert edges == [Relationship("FEEDS", {}), Relationship("FEEDS", {})]
    assert isinstance(walk, Walk)
    assert [step.properties["index"] for step in walk.nodes] == [1, 2, 3]
    assert walk.nodes[0] == node
    assert list(walk.relationships) == edges


def test_the_ends_of_an_edge_are_named_by_its_nodes(loaded):
    a, r, b = loaded.query("MATCH (a:Person {name: 'Bob'})-[r:KNOWS]->(b) RETURN a, r, b").rows[0]
    assert (r.start_id, r.end_id) == (a.element_id, b.element_id)
    assert a.element_id != b.element_id


def test_nodes_in_lists_and_maps(loaded):
    text = "MATCH (c:City) WITH c ORDER BY c.name RETURN collect(c) AS l, {first: collect(c)[0]} AS m"
    cities = [Node(("City",), {"name": "Oslo", "people": 700000}), Node(("City",), {"name": "Rome", "people": 2800000})]
    assert loaded.query(text).rows == [(cities, {"first": cities[0]})]
