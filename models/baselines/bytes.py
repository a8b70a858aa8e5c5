"""The model ``bytes``: one line that a learned model must beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import TileConfigurations
from tpugraph_db.models.features.choices import default_choices
from tpugraph_db.models.features.output_layouts import choice_rows, layout_configurations, output_bytes
from tpugraph_db.models.features.tile_features import number_of_tiles
from tpugraph_db.models.prediction import Prediction, expect_configurations, of_scores
from tpugraph_db.record import GraphRecord


class Bytes:
    """Layouts: total output bytes of the ops whose row is not the default one; tiles: into how many a kernel is cut.

    The number of tiles is what bytes are to layouts, the plainest count of what a choice costs.
    """

    name = "bytes"
    version = "1"
    shown: tuple[str, ...] = ()

    def scores(self, record: GraphRecord) -> NDArray[np.float64]:
        """(c,) float64, bytes: ``sum over slots s of bytes[op s] * (row of s != default row of s)``; or tiles."""
        if isinstance(record.configurations, TileConfigurations):
            return number_of_tiles(record)
        configurations = layout_configurations(record)
        other = choice_rows(configurations) != default_choices(configurations)
        changed: NDArray[np.float64] = other @ output_bytes(record)[configurations.op_ids]
        return changed

    def predict(self, record: GraphRecord) -> Prediction:
        """Rank configurations; it knows nothing of ops.

        Raises:
            DataError: the graph has no configurations.
        """
        expect_configurations(record)
        return of_scores(self.name, self.version, self.scores(record), {})
