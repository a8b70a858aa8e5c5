"""Every format is read back by a parser of its own: the same nodes, the same edges, whatever the names."""

from __future__ import annotations

import io
import json
import re

import networkx as nx
import numpy as np
import pytest
from pyarrow import parquet

from tests import graphs
from tests.exports.hostile import NAMES, hostile
from tpugraph_db.analytics.figures import figure
from tpugraph_db.errors import UsageError, printable
from tpugraph_db.exports import FORMATS, export, text_of
from tpugraph_db.exports.model_explorer import node_data
from tpugraph_db.formats import read

RECORDS = pytest.mark.parametrize(
    "record", [graphs.diamond(), graphs.two_computations(), hostile()], ids=["diamond", "two", "hostile"]
)
PART = np.array([4, 7, 8, 9])
"""Of the hostile program: 4 -> 7 is a call, 7 -> 8, 8 -> 9."""

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d+|->|[{}\[\];,=]')


def edges_of(record):
    return {(producer, consumer) for consumer, producer in record.edges.tolist()}


def names_of(record):
    return dict(enumerate(record.program.names)) if record.program else {}


def read_dot(text):
    """(id, {node: attributes}, {edge: attributes}) of what this project writes; anything else is an error."""
    assert not TOKEN.sub("", text).strip()
    words = TOKEN.findall(text)
    assert (words[0], words[2], words[-1]) == ("digraph", "{", "}")
    nodes, edges = {}, {}
    for line in " ".join(words[3:-1]).split(" ;"):
        said = re.fullmatch(r"\s*(\d+)(?: -> (\d+))?(?: \[ (.*) \])?", line)
        if said:
            pairs = re.findall(r'(\w+) = ("(?:[^"\\]|\\.)*"|\w+)', said[3] or "")
            attributes = {key: re.sub(r"\\(.)", r"\1", value.strip('"')) for key, value in pairs}
            target = edges if said[2] else nodes
            target[(int(said[1]), int(said[2])) if said[2] else int(said[1])] = attributes
        else:
            assert re.fullmatch(r"\s*(provenance = \".*\"|node \[ shape = box \]|)", line)
    return words[1], nodes, edges


@RECORDS
def test_graphml(record):
    back = nx.read_graphml(io.BytesIO(text_of(record, "graphml").encode()), node_type=int)
    assert set(back) == set(range(len(record)))
    assert set(back.edges) == edges_of(record)
    assert dict(back.nodes("name", "")) == {op: printable(names_of(record).get(op, "")) for op in back}
    calls = {(producer, consumer) for consumer, producer in record.edges[record.is_call].tolist()}
    assert {edge for edge in back.edges if back.edges[edge]["call"]} == calls
    assert back.graph["provenance"].startswith("structural: bytes")
    assert isinstance(back.nodes[0]["bytes"], int)


@RECORDS
def test_json(record):
    text = text_of(record, "json")
    assert text.isascii()
    assert "<" not in text
    back = nx.node_link_graph(json.loads(text), edges="edges")
    assert set(back) == set(range(len(record)))
    assert set(back.edges) == edges_of(record)
    assert {op: name for op, name in back.nodes("name") if name} == names_of(record)


@RECORDS
def test_dot(record):
    graph, nodes, edges = read_dot(text_of(record, "dot"))
    assert graph[1:-1].replace("\\\\", "\\").replace('\\"', '"') == printable(record.id)
    assert set(nodes) == set(range(len(record)))
    assert set(edges) == edges_of(record)
    assert {op: said["hlo_name"] for op, said in nodes.items() if "hlo_name" in said} == {
        op: printable(name) for op, name in names_of(record).items()
    }
    assert sum(said == {"style": "dashed"} for said in edges.values()) == record.is_call.sum()


def test_a_label_of_dot_has_no_entities():
    _, nodes, _ = read_dot(text_of(hostile(), "dot"))
    assert nodes[3]["label"] == "parameternf32[4,8]n<b>&amp;amp;&amp;lt;"  # the reader takes \n for n


@RECORDS
def test_parquet(record, tmp_path):
    assert [path.name for path in export(record, tmp_path / "out", "parquet")] == ["ops.parquet", "edges.parquet"]
    ops, edges = (parquet.read_table(tmp_path / "out" / f"{name}.parquet") for name in ("ops", "edges"))
    assert ops["op"].to_pylist() == list(range(len(record)))
    assert [name for name in ops["name"].to_pylist() if name] == list(names_of(record).values())
    assert set(zip(edges["producer"].to_pylist(), edges["consumer"].to_pylist(), strict=True)) == edges_of(record)
    assert edges["call"].to_pylist() == record.is_call.tolist()
    assert ops.schema.metadata[b"graph"].decode() == printable(record.id)
    assert ops.schema.metadata[b"provenance"].startswith(b"structural")


@RECORDS
def test_model_explorer(record):
    text = text_of(record, "model-explorer")
    assert "<" not in text
    (graph,) = json.loads(text)
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert set(nodes) == set(map(str, range(len(record))))
    edges = {(edge["sourceNodeId"], id_) for id_, node in nodes.items() for edge in node["incomingEdges"]}
    assert {(int(producer), int(consumer)) for producer, consumer in edges} == edges_of(record)
    said = {int(id_): {pair["key"]: pair["value"] for pair in node["attrs"]} for id_, node in nodes.items()}
    assert {op: values["name"] for op, values in said.items() if "name" in values} == names_of(record)
    assert all(isinstance(value, str) for values in said.values() for value in values.values())
    assert [node["label"] for node in graph["nodes"]] == record.opcodes.tolist()


def test_namespaces_fold_what_belongs_together():
    (graph,) = json.loads(text_of(graphs.lowered(), "model-explorer"))
    assert [node["namespace"] for node in graph["nodes"]] == [
        *["sum"] * 3, *["fused"] * 2, *["main"] * 3, "jit(loss)", "jit(loss)", "main"
    ]  # fmt: skip
    (npz,) = json.loads(text_of(graphs.chain(), "model-explorer"))
    assert npz["nodes"][0]["namespace"] == "computation 0"
    assert npz["nodes"][0]["outputsMetadata"] == [{"id": "0", "attrs": [{"key": "shape", "value": "f32[8,128]"}]}]


def test_node_data():
    record = graphs.diamond()
    found = json.loads(node_data(record, np.array([0, 1, 3]), figure(record, "flops")))
    # of the convolution they are not known
    results = found["layout:test:default/valid/diamond"]["results"]
    assert results == {"0": {"value": 0}, "3": {"value": 1}}
    assert [item["stop"] for item in found["layout:test:default/valid/diamond"]["gradient"]] == [0, 1]


def test_node_data_stands_beside_the_graph(tmp_path):
    record = hostile()
    written = export(record, tmp_path / "g.json", "model-explorer", figure=figure(record, "flops"))
    assert [path.name for path in written] == ["g.json", "g.flops.structural.json"]
    (graph,), data = (json.loads(path.read_text()) for path in written)
    assert list(data) == [graph["id"]]
    assert set(data[graph["id"]]["results"]) <= {node["id"] for node in graph["nodes"]}


@pytest.mark.parametrize("format_", ["graphml", "json"])
def test_a_part_keeps_its_indices(format_):
    text = text_of(hostile(), format_, PART)
    back = (
        nx.node_link_graph(json.loads(text), edges="edges")
        if format_ == "json"
        else nx.read_graphml(io.BytesIO(text.encode()), node_type=int)
    )
    assert set(back) == set(PART.tolist())
    assert set(back.edges) == {(4, 7), (7, 8), (8, 9)}


def test_a_part_in_the_other_formats(tmp_path):
    record = hostile()
    _, nodes, edges = read_dot(text_of(record, "dot", PART))
    assert (set(nodes), set(edges)) == (set(PART.tolist()), {(4, 7), (7, 8), (8, 9)})
    (graph,) = json.loads(text_of(record, "model-explorer", PART))
    assert [len(node["incomingEdges"]) for node in graph["nodes"]] == [0, 1, 1, 1]
    export(record, tmp_path / "p", "parquet", PART)
    assert parquet.read_table(tmp_path / "p" / "edges.parquet")["producer"].to_pylist() == [4, 7, 8]
    export(record, tmp_path / "p.npz", "npz", PART)
    back = read(tmp_path / "p.npz")
    assert back.edges.tolist() == [[1, 0], [2, 1], [3, 2]]
    assert (back.features == record.features[PART]).all()


def test_a_part_without_edges(tmp_path):
    for format_ in FORMATS:
        export(hostile(), tmp_path / format_, format_, np.array([0]))
    assert parquet.read_table(tmp_path / "parquet" / "edges.parquet").num_rows == 0


def test_what_cannot_be_exported(tmp_path):
    with pytest.raises(UsageError, match=r"no format 'graphlm'; there is .*did you mean graphml"):
        export(graphs.chain(), tmp_path / "x", "graphlm")
    with pytest.raises(UsageError, match="the format is model-explorer"):
        export(graphs.chain(), tmp_path / "x", "json", figure=figure(graphs.chain(), "cost"))
    assert len(NAMES) == len(hostile())
