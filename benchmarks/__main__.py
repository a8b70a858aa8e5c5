"""Run every row, or those named: ``python -m benchmarks [ROW...]``."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.common import Result

ROWS = ("help", "read_layout", "load_embedded", "load_neo4j", "write_back")


def main() -> None:
    """Print a line a row."""
    for name in sys.argv[1:] or ROWS:
        result: Result = import_module(f"benchmarks.{name}").measure()
        print(f"{result.row:<16} {result.ratio:>6.2f}x  {result.ours_s:.3f} s, {result.peer_s:.3f} s: {result.against}")


if __name__ == "__main__":
    main()
