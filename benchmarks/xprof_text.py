"""XProf's reader of HLO text, in a Python of its own: ``python -m benchmarks.xprof_text FILE``.

``HloGraphDb.from_hlo_text`` reads the entry and leaves the other computations for later; here they are all read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.common import seconds, tell

if __name__ == "__main__":
    from xprof.cli.internal.hlo_graph_db import HloGraphDb

    def read(path: Path) -> None:
        """All of a file."""
        HloGraphDb.from_hlo_text(path.read_text())._ensure_all_indexed()

    tell(seconds(lambda: read(Path(sys.argv[1]))))
