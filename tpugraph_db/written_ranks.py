"""Ranks that models have written onto a graph's configurations."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store

_RANK = re.compile(r"Config\.([a-z][a-z0-9_]*_rank)")
"""The name becomes part of a statement's text, and anyone may have written the node that says it."""


def written_ranks(store: Store, record: GraphRecord) -> dict[str, NDArray[np.float64]]:
    """By model, (c,) float64: rank of each configuration, 0 the fastest; nan where it has no node, or no rank."""
    asked = {"graph": record.id}
    found = store.query("MATCH (p:Prediction {graph: $graph}) RETURN p.model, p.properties ORDER BY p.model", asked)
    ranks = {}
    for model, properties in found:
        names = [match[1] for match in map(_RANK.fullmatch, properties or ()) if match]
        for name in names[:1]:
            ranks[model] = np.full(len(record.configurations), np.nan)
            rows = store.query(f"MATCH (c:Config {{graph: $graph}}) RETURN c.index, c.{name}", asked)
            for config, rank in rows:
                ranks[model][config] = np.nan if rank is None else rank
    return ranks
