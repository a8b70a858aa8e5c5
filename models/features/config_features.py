"""What is known of each configuration before it is compiled: a few numbers that are alike from graph to graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.frozen import Arrays
from tpugraph_db.models.features.layout_features import graph_columns, slower_columns
from tpugraph_db.models.features.tile_features import tile_columns
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True, eq=False)
class ConfigFeatures(Arrays):
    """What :func:`config_features` gives; ``c`` configurations, ``f`` columns."""

    columns: tuple[str, ...]
    """Names; :mod:`layout_features` and :mod:`tile_features` say what each is."""
    values: NDArray[np.float32]
    """(c, f) float32, all finite."""
    slower: NDArray[np.bool_]
    """(f,) bool: more of the column makes a configuration slower, if anything."""


def config_features(record: GraphRecord) -> ConfigFeatures:
    """The features of every configuration of a graph, by the kind of its configurations."""
    if isinstance(record.configurations, LayoutConfigurations):
        slower, others = slower_columns(record), graph_columns(record)
    else:
        slower, others = {}, tile_columns(record)
    table = {**slower, **others}
    values = np.stack([*table.values()], axis=1).astype(np.float32)
    return ConfigFeatures(tuple(table), values, np.array([name in slower for name in table]))
