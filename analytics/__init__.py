"""What can be computed from a record: costs, ranks, longest ways."""

from tpugraph_db.analytics.cost import OpCosts, dense_rank, op_costs, weighted_sum

__all__ = ["OpCosts", "dense_rank", "op_costs", "weighted_sum"]
