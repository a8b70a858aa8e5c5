"""XProf's answers for :mod:`benchmarks.near_op`, in a Python of its own: FILE ASKED near|way HOPS."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path


def main() -> None:
    """Print the median of the seconds an answer, and what was found."""
    from xprof.cli.internal.hlo_graph_db import HloGraphDb

    file, asked, kind, hops = sys.argv[1:]
    graph = HloGraphDb.from_hlo_text(Path(file).read_text())
    graph._ensure_all_indexed()
    found, took = [], []
    for source, target in json.loads(Path(asked).read_text()) * 2:  # once to warm up
        started = time.perf_counter()
        if kind == "near":
            answer = len(graph.get_neighborhood(source, int(hops)))
        else:
            answer = graph.find_shortest_path(source, target)["distance"]
        took.append(time.perf_counter() - started)
        found.append(answer)
    half = len(found) // 2
    print(json.dumps({"seconds": statistics.median(took[half:]), "found": found[half:]}))


if __name__ == "__main__":
    main()
