"""100,000 broken files of every format, each read in a process with little memory and little time.

``python -m benchmarks.fuzz_readers [--files N] [--seed FIRST]``; no row of ``make bench``, since nothing is compared.
A file is refused by the project's own error, or read: then it is the same when it is read again, and a store and a
payload can hold it (:mod:`tests.formats.verdict`). Anything else is a fault and is listed with its seed, by which
``tests.fuzz.inputs.mutated(seed, bases())`` makes the file again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.fuzzing import Judged, judged, run
from tests import real
from tests.formats.verdict import verdict_of_any
from tests.fuzz.bases import Bases, literal, with_real
from tests.fuzz.inputs import mutated
from tpugraph_db.formats import read_all, source

MAX_BYTES = 512 << 20
"""What a file may take; a process has twice as much."""


def bases() -> Bases:
    """With the beginnings of real files, where there are any."""
    return with_real(real.folder()) if real.folder().is_dir() else literal()


def judge(seed: int) -> Judged:
    """Make, write and read one file of either."""
    return _judge(seed, bases())


def judge_literal(seed: int) -> Judged:
    """Make, write and read one file that needs nothing but this project; it is the same everywhere."""
    return _judge(seed, literal())


def _judge(seed: int, known: Bases) -> Judged:
    made = mutated(seed, known)
    source.IN_MEMORY = 0 if seed % 2 else 64 << 20
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{made.suffix}"
        path.write_bytes(made.content)
        kind = f"{made.reader}, {made.kind}:"
        return judged(seed, kind, lambda: verdict_of_any(lambda: list(read_all(path, max_bytes=MAX_BYTES))))


if __name__ == "__main__":
    sys.exit(run("fuzz_readers", judge, 100_000, __doc__))
