"""What every op costs: flops, transcendentals and bytes, from shapes and attributes."""

from tpugraph_db.analytics.costs.called import Calls
from tpugraph_db.analytics.costs.costs import Costs, op_costs_of
from tpugraph_db.analytics.costs.of_columns import ABSENT
from tpugraph_db.analytics.costs.op import Cost

__all__ = ["ABSENT", "Calls", "Cost", "Costs", "op_costs_of"]
