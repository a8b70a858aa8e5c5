import re

import pytest

from tpugraph_db import schema
from tpugraph_db.schema import CONFIG, GRAPH, LABELS, OP, RELATIONSHIPS

EVERY_LABEL = pytest.mark.parametrize("label", LABELS, ids=lambda label: label.name)


def test_the_labels():
    assert [label.name for label in LABELS] == ["Graph", "Op", "Config", "Prediction", "Store", "Load"]


@EVERY_LABEL
def test_properties_are_named_once(label):
    assert len(set(label.property_names())) == len(label.properties)


@EVERY_LABEL
def test_properties_can_be_written_without_quotes(label):
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in label.property_names())


@EVERY_LABEL
def test_one_property_names_a_node(label):
    assert [p.name for p in label.properties if p.key == "unique"] == [label.key.name]


@EVERY_LABEL
def test_everything_is_described(label):
    assert label.description
    assert all(p.description for p in label.properties)


@EVERY_LABEL
def test_nanoseconds_are_integers_and_say_so(label):
    times = [p for p in label.properties if p.name.endswith("_ns")]
    assert all((p.type, p.unit) == ("int", "ns") for p in times)


def test_relationships_join_labels_that_exist():
    names = {label.name for label in LABELS}
    assert [(r.type, r.source, r.target) for r in RELATIONSHIPS] == [
        ("FEEDS", "Op", "Op"),
        ("CALLED_BY", "Op", "Op"),
        ("OF", "Config", "Graph"),
        ("FOR", "Prediction", "Graph"),
    ]
    assert {name for r in RELATIONSHIPS for name in (r.source, r.target)} <= names


def test_nodes_of_a_graph_are_found_by_its_id():
    assert {label.name for label in LABELS if "graph" in label.property_names()} == {"Op", "Config", "Prediction"}
    assert all(p.key == "index" for label in LABELS for p in label.properties if p.name == "graph")


def test_neo4j_constrains_each_key():
    unique = [f"FOR (n:{label.name}) REQUIRE n.{label.key.name} IS UNIQUE" for label in LABELS]
    statements = schema.neo4j_statements()
    assert [sum(text in statement for statement in statements) for text in unique] == [1] * len(LABELS)


def test_neo4j_statements_of_a_label():
    assert [statement for statement in schema.neo4j_statements() if "n:Graph" in statement] == [
        "CREATE CONSTRAINT graph_id IF NOT EXISTS FOR (n:Graph) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX graph_collection IF NOT EXISTS FOR (n:Graph) ON (n.collection)",
        "CREATE INDEX graph_payload IF NOT EXISTS FOR (n:Graph) ON (n.payload)",
    ]


def test_arcadedb_statements_of_a_label():
    statements = [statement for statement in schema.arcadedb_statements() if "Config" in statement]
    assert statements[0] == "CREATE VERTEX TYPE Config IF NOT EXISTS"
    assert "CREATE PROPERTY Config.`codes` IF NOT EXISTS LIST OF LONG" in statements
    assert statements[-2:] == [
        "CREATE INDEX IF NOT EXISTS ON Config (`uid`) UNIQUE",
        "CREATE INDEX IF NOT EXISTS ON Config (`graph`) NOTUNIQUE",
    ]


def test_arcadedb_has_a_type_for_each_property():
    count = sum(len(label.properties) for label in LABELS)
    assert sum("CREATE PROPERTY" in statement for statement in schema.arcadedb_statements()) == count


def test_arcadedb_has_an_edge_type_for_each_relationship():
    edges = [statement for statement in schema.arcadedb_statements() if "EDGE TYPE" in statement]
    assert edges == [f"CREATE EDGE TYPE `{r.type}` IF NOT EXISTS LIGHTWEIGHT" for r in RELATIONSHIPS]


@pytest.mark.parametrize("statements", [schema.neo4j_statements(), schema.arcadedb_statements()])
def test_statements_may_run_again(statements):
    assert all("IF NOT EXISTS" in statement for statement in statements)


def test_create_nodes_takes_a_list_for_each_property():
    label = schema.Label("X", "", (GRAPH.properties[0], OP.properties[2]))
    assert schema.create_nodes(label) == (
        "UNWIND range(0, $rows - 1) AS i CREATE (n:X {id: $columns.id[i], index: $columns.index[i]})"
    )


@pytest.mark.parametrize("label", [GRAPH, OP, CONFIG], ids=lambda label: label.name)
def test_create_nodes_sets_every_property(label):
    text = schema.create_nodes(label)
    assert all(f"{name}: $columns.{name}[i]" in text for name in label.property_names())
