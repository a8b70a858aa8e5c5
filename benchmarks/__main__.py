"""Run every row, or those named: ``python -m benchmarks [ROW...]``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module

from benchmarks.common import Result

ROWS = (
    "help",
    "one_shot",
    "serve",
    "read_layout",
    "read_hlo_text",
    "featurise",
    "load_embedded",
    "load_neo4j",
    "load_tiles",
    "one_graph",
    "write_back",
    "queries",
    "structure",
    "centrality",
    "match_chain",
    "near_op",
    "collect_time",
)


def main() -> None:
    """Print a line a row."""
    for name in sys.argv[1:] or ROWS:
        measured: Result | Iterable[Result] = import_module(f"benchmarks.{name}").measure()
        for result in [measured] if isinstance(measured, Result) else measured:
            memory = f"  {result.ours_mb:,.0f} MB, {result.peer_mb:,.0f} MB" if result.ours_mb else ""
            took = f"{result.ours_s:g} s, {result.peer_s:g} s"
            print(f"{result.row:<44} {result.ratio:>6.2f}x  {took}{memory}: {result.against}", flush=True)


if __name__ == "__main__":
    main()
