"""Google's Model Explorer: its JSON of graphs, and its files of node data.

Source: github.com/google-ai-edge/model-explorer, ``graph_builder.py`` and ``node_data_builder.py`` of its package, and
``loadGraphsJson`` in ``src/ui/src/common/utils.ts``, which takes a list of graphs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from tpugraph_db.analytics.figures import Figure
from tpugraph_db.analytics.hot import number
from tpugraph_db.errors import printable
from tpugraph_db.exports.networkx_files import harmless_json
from tpugraph_db.exports.rows import PROVENANCE, Ops, edge_rows, op_rows
from tpugraph_db.record import GraphRecord

_ATTRIBUTES = ("name", "op_name", "source", "computation_name", "bytes", "flops", "bytes_accessed", "measured_ns")
_GRADIENT = [{"stop": 0, "bgColor": "#ffffff"}, {"stop": 1, "bgColor": "#e34a33"}]
"""From the smallest value to the largest."""


def model_explorer(record: GraphRecord, ops: Ops) -> str:
    """A list of one graph; a node's id is the op's index, its label the opcode.

    Namespaces, the boxes that fold, are ``op_name`` less its last part, or the op's computation where that leaves none.
    """
    incoming = defaultdict(list)
    for producer, consumer, _ in edge_rows(record, ops):
        incoming[consumer].append(producer)
    nodes = [_node(row, incoming[row["op"]]) for row in op_rows(record, ops)]
    about = {"graph": printable(record.id), "provenance": PROVENANCE}
    return harmless_json([{"id": graph_id(record), "nodes": nodes, "groupNodeAttributes": {"": about}}])


def node_data(record: GraphRecord, ops: Ops, figure: Figure) -> str:
    """Node data of a figure, by graph and by node; ops of which it is not known have none."""
    known = [op for op in ops.tolist() if not np.isnan(figure.values[op])]
    results = {str(op): {"value": number(figure.values[op])} for op in known}
    return harmless_json({graph_id(record): {"results": results, "gradient": _GRADIENT}})


def graph_id(record: GraphRecord) -> str:
    """What a graph is called in both files."""
    return printable(record.id)


def _node(row: dict[str, Any], producers: list[int]) -> dict[str, Any]:
    return {
        "id": str(row["op"]),
        "label": row["opcode"] or "unknown",
        "namespace": _namespace(row),
        "attrs": [{"key": name, "value": str(row[name])} for name in _ATTRIBUTES if row[name] is not None],
        "incomingEdges": [
            {"sourceNodeId": str(producer), "sourceNodeOutputId": "0", "targetNodeInputId": str(at)}
            for at, producer in enumerate(producers)
        ],
        "outputsMetadata": [{"id": "0", "attrs": [{"key": "shape", "value": row["shape"]}]}] if row["shape"] else [],
    }


def _namespace(row: dict[str, Any]) -> str:
    above = str(row["op_name"] or "").rpartition("/")[0]
    return above or str(row["computation_name"] or f"computation {row['computation']}")
