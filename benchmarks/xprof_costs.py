"""XProf's flops and bytes of each op of a profile, in a Python of its own: ``python -m benchmarks.xprof_costs FILE``.

Prints JSON: name -> [flops, bytes]. They are the rates of its tool hlo_stats, GFLOP/s and GiB/s, times the duration.
"""

from __future__ import annotations

import json
import sys


def costs(path: str) -> dict[str, list[float]]:
    """Of every op of an XSpace file."""
    from xprof.convert import _pywrap_profiler_plugin as plugin  # what its server calls, without what a server needs

    data, done = plugin.xspace_to_tools_data([path], "hlo_stats", {"use_saved_result": False})
    if not done:
        raise SystemExit(f"XProf: {data!r}")
    table = json.loads(data)
    at = {column["id"]: place for place, column in enumerate(table["cols"])}
    found = {}
    for row in table["rows"]:
        cells = [cell.get("v") for cell in row["c"]]
        seconds = cells[at["total_time"]] * 1e-6
        flops, moved = cells[at["model_flop_rate"]] * 1e9, cells[at["measured_memory_bw"]] * 2**30
        found[cells[at["hlo_op_name"]]] = [round(flops * seconds), round(moved * seconds)]
    return found


if __name__ == "__main__":
    json.dump(costs(sys.argv[1]), sys.stdout)
