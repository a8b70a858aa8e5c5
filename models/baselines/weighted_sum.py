"""The model ``cost``: ranks the ops of a graph by a weighted sum of their features."""

from __future__ import annotations

from dataclasses import asdict

from tpugraph_db.analytics.cost import op_costs
from tpugraph_db.models.prediction import Prediction
from tpugraph_db.record import GraphRecord


class WeightedSum:
    """See :func:`tpugraph_db.analytics.cost.weighted_sum` for the formula. It sees no configuration."""

    name = "cost"
    version = "1"
    shown = ("cost", "cost_share", "cost_rank", "cost_finish")

    def predict(self, record: GraphRecord) -> Prediction:
        """Cost, share, rank and finish of every op."""
        return Prediction(self.name, self.version, ops=asdict(op_costs(record)))
