"""GraphML, and networkx's node-link JSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from tpugraph_db.errors import printable
from tpugraph_db.exports.rows import PROVENANCE, Ops, edge_rows, op_rows
from tpugraph_db.record import GraphRecord

if TYPE_CHECKING:
    import networkx as nx


def graphml(record: GraphRecord, ops: Ops) -> str:
    """GraphML, as :func:`networkx.read_graphml` takes it; what XML cannot hold is a backslash sequence."""
    import networkx as nx

    file = io.BytesIO()
    nx.write_graphml_xml(_graph(record, ops, escape=True), file)
    return file.getvalue().decode("utf-8") + "\n"


def node_link(record: GraphRecord, ops: Ops) -> str:
    """JSON as :func:`networkx.node_link_graph` takes it, with the links under ``edges``."""
    import networkx as nx

    return harmless_json(nx.node_link_data(_graph(record, ops, escape=False), edges="edges"))


def harmless_json(value: Any) -> str:
    """JSON in ASCII and without ``<``, so that it ends no element of a page that it is put into."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c") + "\n"


def _graph(record: GraphRecord, ops: Ops, escape: bool) -> nx.DiGraph[int]:
    """Nodes are indices in the whole graph, edges run producer -> consumer; attributes are plain scalars."""
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph(graph=printable(record.id), provenance=PROVENANCE)
    for row in op_rows(record, ops):
        said = {name: value for name, value in row.items() if value is not None and name != "op"}
        if escape:
            said = {name: printable(value) if isinstance(value, str) else value for name, value in said.items()}
        graph.add_node(row["op"], **said)
    for producer, consumer, call in edge_rows(record, ops):
        graph.add_edge(producer, consumer, call=call)
    return graph
