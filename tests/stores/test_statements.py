import pytest

from tpugraph_db.schema import CONFIG, GRAPH, LABELS, OP, RELATIONSHIPS, Label
from tpugraph_db.stores.statements import arcadedb_statements, create_nodes, neo4j_statements


def test_neo4j_constrains_each_key():
    unique = [f"FOR (n:{label.name}) REQUIRE n.{label.key.name} IS UNIQUE" for label in LABELS]
    statements = neo4j_statements()
    assert [sum(text in statement for statement in statements) for text in unique] == [1] * len(LABELS)


def test_neo4j_statements_of_a_label():
    assert [statement for statement in neo4j_statements() if "n:Graph" in statement] == [
        "CREATE CONSTRAINT graph_id IF NOT EXISTS FOR (n:Graph) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX graph_collection IF NOT EXISTS FOR (n:Graph) ON (n.collection)",
        "CREATE INDEX graph_payload IF NOT EXISTS FOR (n:Graph) ON (n.payload)",
    ]


def test_arcadedb_statements_of_a_label():
    statements = [statement for statement in arcadedb_statements() if "Config" in statement]
    assert statements[0] == "CREATE VERTEX TYPE Config IF NOT EXISTS"
    assert "CREATE PROPERTY Config.`codes` IF NOT EXISTS LIST OF LONG" in statements
    assert statements[-2:] == [
        "CREATE INDEX IF NOT EXISTS ON Config (`uid`) UNIQUE",
        "CREATE INDEX IF NOT EXISTS ON Config (`graph`) NOTUNIQUE",
    ]


def test_arcadedb_has_a_type_for_each_property():
    count = sum(len(kind.properties) for kind in (*LABELS, *RELATIONSHIPS))
    assert sum("CREATE PROPERTY" in statement for statement in arcadedb_statements()) == count


def test_arcadedb_has_an_edge_type_for_each_relationship():
    edges = [statement for statement in arcadedb_statements() if "EDGE TYPE" in statement]
    light = [f"CREATE EDGE TYPE `{r.type}` IF NOT EXISTS LIGHTWEIGHT" for r in RELATIONSHIPS if r.type != "CALLS"]
    assert sorted(edges) == sorted([*light, "CREATE EDGE TYPE `CALLS` IF NOT EXISTS"])


def test_arcadedb_knows_the_properties_of_edges():
    assert "CREATE PROPERTY `CALLS`.`kind` IF NOT EXISTS STRING" in arcadedb_statements()


@pytest.mark.parametrize("statements", [neo4j_statements(), arcadedb_statements()])
def test_statements_may_run_again(statements):
    assert all("IF NOT EXISTS" in statement for statement in statements)


def test_create_nodes_takes_a_list_for_each_property():
    label = Label("X", "", (GRAPH.properties[0], OP.properties[2]))
    assert create_nodes(label, ["index", "id"]) == (
        "UNWIND range(0, $rows - 1) AS i CREATE (n:X {id: $columns.id[i], index: $columns.index[i]})"
    )


def test_create_nodes_sets_only_what_is_given():
    assert create_nodes(GRAPH, {"id": []}) == "UNWIND range(0, $rows - 1) AS i CREATE (n:Graph {id: $columns.id[i]})"


@pytest.mark.parametrize("label", [GRAPH, OP, CONFIG], ids=lambda label: label.name)
def test_create_nodes_sets_every_property(label):
    text = create_nodes(label, label.property_names())
    assert all(f"{name}: $columns.{name}[i]" in text for name in label.property_names())
