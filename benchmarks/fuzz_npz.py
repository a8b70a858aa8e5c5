"""20,000 broken npz files, each read in a process with little memory and little time.

``python -m benchmarks.fuzz_npz [--files N] [--seed FIRST]``; no row of ``make bench``, since nothing is compared. A
file is refused by the project's own error, or read as numpy reads it (:mod:`tests.formats.verdict`). Anything else is
a fault and is listed with its seed, by which ``tests.formats.mutations.mutated(seed)`` makes the file again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.fuzzing import Judged, judged, run
from tests.formats.mutations import mutated
from tests.formats.verdict import verdict
from tpugraph_db.formats import read, source


def judge(seed: int) -> Judged:
    """Make, write and read one file; every other one the way that large files are read."""
    kind, content = mutated(seed)
    source.IN_MEMORY = 0 if seed % 2 else 64 << 20
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npz"
        path.write_bytes(content)
        return judged(seed, kind, lambda: verdict(content, lambda: read(path)))


if __name__ == "__main__":
    sys.exit(run("fuzz_npz", judge, 20_000, __doc__))
