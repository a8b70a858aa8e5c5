"""What can be computed from a record: costs, ranks, longest ways."""

from tpugraph_db.analytics.cost import OpCosts, op_costs, weighted_sum
from tpugraph_db.kendall import dense_rank

__all__ = ["OpCosts", "dense_rank", "op_costs", "weighted_sum"]
