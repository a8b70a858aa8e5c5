"""What models have said of a graph's configurations, and how well that fits what was measured."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations
from tpugraph_db.explore.opened import Opened
from tpugraph_db.kendall import tau_b
from tpugraph_db.scores import kept_scores
from tpugraph_db.stores import Store

Ranks = NDArray[np.float64]
"""(c,) float64: by number, from 0, the fastest; nan where nothing was said."""

_RANK = re.compile(r"Config\.([a-z]\w*_rank)", re.ASCII)


def predicted_ranks(graph: Opened) -> dict[str, Ranks]:
    """By the name of its column, as ``gcn_rank``: of all configurations where scores are kept, else of the nodes.

    Raises:
        PayloadError: a file of scores has changed. StoreError: the store is away.
    """
    if graph.store is None:
        return {}
    kept = kept_scores(graph.store, [graph.record.id]).get(graph.record.id, {})
    found = {
        name: np.asarray(values, np.float64)
        for columns in kept.values()
        for name, values in columns.items()
        if name.endswith("_rank")
    }
    for name in _written(graph.store, graph.record.id):
        if name not in found:
            found[name] = _on_nodes(graph.store, graph.record.id, name, len(graph.record.configurations))
    return found


def agreement(configs: Configurations, name: str, ranks: Ranks) -> str:
    """``gcn: tau 0.61, its first is 1.02 times the best``, of those that are measured too."""
    model = name.removesuffix("_rank")
    both = configs.measured & ~np.isnan(ranks)
    if not both.any():
        return f"{model}: none of those that it ranks is measured"
    tau = tau_b(ranks[both], configs.value[both])
    first = int(np.flatnonzero(both)[np.argmin(ranks[both])])
    fit = "" if math.isnan(tau) else f"tau {tau:.3g}, "
    return f"{model}: {fit}its first is {configs.slowdown[first]:.4g} times the best"


def _written(store: Store, graph: str) -> list[str]:
    """Properties of configurations that a Prediction node says it wrote."""
    rows = store.query("MATCH (p:Prediction {graph: $graph}) RETURN p.properties", {"graph": graph}).rows
    found = [_RANK.fullmatch(str(name)) for (names,) in rows for name in names or ()]
    return sorted({match[1] for match in found if match})


def _on_nodes(store: Store, graph: str, name: str, count: int) -> Ranks:
    text = f"MATCH (c:Config {{graph: $graph}}) WHERE c.{name} IS NOT NULL RETURN c.index, c.{name}"
    ranks = np.full(count, np.nan)
    for config, rank in store.query(text, {"graph": graph}):
        ranks[config] = rank
    return ranks
