"""How fast machines can be: files of theirs, and the CPU at hand."""

from tpugraph_db.analytics.machines.machine import Machine, find_machine, machine_names
from tpugraph_db.analytics.machines.measure import measure_machine

__all__ = ["Machine", "find_machine", "machine_names", "measure_machine"]
