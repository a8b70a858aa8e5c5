"""PyTorch Geometric, which is no dependency: what is said without it, and the conversion where it is installed."""

from __future__ import annotations

import importlib.util

import pytest

from tests import graphs
from tpugraph_db.errors import UsageError


def test_without_it_the_cure_is_said(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="to_pyg needs PyTorch Geometric: pip install torch_geometric"):
        graphs.chain().to_pyg()


def test_nodes_are_ops_and_edges_run_from_producer_to_consumer():
    record = graphs.two_computations()
    data = record.to_pyg()
    data.validate()
    assert (data.x.numpy() == record.features).all()
    assert data.opcode.tolist() == record.opcode_numbers.tolist()
    assert data.edge_index.flip(0).T.tolist() == record.edges.tolist()
    assert data.call.tolist() == record.is_call.tolist()
    assert data.num_nodes == len(record)
