import re

import pytest

from tpugraph_db.schema import LABELS, PARTS, RELATIONSHIPS

EVERY_LABEL = pytest.mark.parametrize("label", LABELS, ids=lambda label: label.name)


def test_the_labels():
    assert [label.name for label in LABELS] == ["Graph", "Op", "Computation", "Config", "Prediction", "Store", "Load"]


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
        ("IN", "Op", "Computation"),
        ("CALLS", "Op", "Computation"),
        ("OF", "Config", "Graph"),
        ("FOR", "Prediction", "Graph"),
    ]
    assert {name for r in RELATIONSHIPS for name in (r.source, r.target)} <= names


def test_only_calls_have_a_property():
    assert {r.type: [p.name for p in r.properties] for r in RELATIONSHIPS if r.properties} == {"CALLS": ["kind"]}


def test_nodes_of_a_graph_are_found_by_its_id():
    assert {label for label in LABELS if "graph" in label.property_names()} == set(PARTS)
    assert all(p.key == "index" for label in LABELS for p in label.properties if p.name == "graph")
