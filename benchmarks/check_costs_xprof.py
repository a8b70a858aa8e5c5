"""Our costs against XProf's, op by op: ``python -m benchmarks.check_costs_xprof FILE.hlo...``.

XProf counts with XLA's GPU cost analysis and says nothing of HLO alone, so it is given a profile of the program in
which every op ran once (:mod:`benchmarks.xspace`). XLA's own analysis (jaxlib's) of each op in a module of its own is
the second witness: ours is held to it, as XProf's counts a GPU's instructions (three for an addition of f32).
Prints for each opcode on how many ops the three agree.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import keep
from benchmarks.read_hlo_text import xprof
from benchmarks.xla_costs import PLAIN, one_op_costs
from benchmarks.xspace import xspace
from tpugraph_db.analytics.costs import op_costs_of
from tpugraph_db.formats import read
from tpugraph_db.program import Program

_UNPARSED = ", api_version=API_VERSION_UNSPECIFIED"
"""What XLA's parser takes no more."""


COUNTS = ("ops", "XLA flops", "XLA bytes", "XProf flops", "XProf bytes")


@dataclass
class Row:
    """One opcode of a file."""

    counts: Counter[str] = field(default_factory=Counter)
    """How many ops, and on how many ours agree with each witness."""
    ratios: set[str] = field(default_factory=set)
    """XProf's flops over ours, of a transcendental over one evaluation, where they differ."""


def compared(path: Path, python: Path) -> dict[str, Row]:
    """By opcode, of all ops that run but parameters and constants."""
    text = path.read_text().replace(_UNPARSED, "")
    with tempfile.NamedTemporaryFile("w", suffix=".hlo") as file:
        file.write(text)
        file.flush()
        record = read(file.name)
    assert record.program
    ours = op_costs_of(record, count_trips=False)
    theirs, xla = _xprof(text, record.program, python), one_op_costs(record.program, text)
    rows: dict[str, Row] = defaultdict(Row)
    for op, (name, opcode) in enumerate(zip(record.program.names, record.program.opcodes, strict=True)):
        if ours.runs[op] == 0 or opcode in PLAIN:
            continue
        own = [float(ours.total_flops[op]), float(ours.total_bytes_accessed[op])]
        row = rows[opcode]
        row.counts["ops"] += 1
        for source, values in (("XLA", xla.get(name)), ("XProf", theirs.get(name))):
            for at, figure in enumerate(("flops", "bytes")):
                row.counts[f"{source} {figure}"] += values is not None and _same(own[at], values[at])
        work = own[0] + float(ours.total_transcendentals[op])
        if name in theirs and not _same(own[0], theirs[name][0]):
            row.ratios.add(f"{theirs[name][0] / work:.4g}" if work else "nothing here")
    return rows


def _same(ours: float, theirs: float) -> bool:
    """XLA adds in float32, and XProf says nothing of what it does not know as 0."""
    if np.isnan(ours):
        return theirs <= 0
    return abs(ours - theirs) <= 1e-5 * abs(ours) + 1


def _xprof(text: str, program: Program, python: Path) -> dict[str, list[float]]:
    from jaxlib import _hlo

    module = bytes(_hlo.hlo_module_from_text(text).as_serialized_hlo_module_proto())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.xplane.pb"
        path.write_bytes(xspace(module, program.module, program.names.tolist()))
        ran = subprocess.run(
            [python, "-m", "benchmarks.xprof_costs", path],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    found: dict[str, list[float]] = json.loads(ran.stdout)
    return found


def main() -> int:
    """Print a table a file, and keep it."""
    python = xprof()
    kept: dict[str, Any] = {}
    for file in map(Path, sys.argv[1:]):
        rows = compared(file, python)
        kept[file.name] = {opcode: dict(row.counts) for opcode, row in sorted(rows.items())}
        print(f"{file.name}\n| opcode | {' | '.join(COUNTS)} | XProf flops over ours |\n|{'---|' * 7}")
        for opcode, row in sorted(rows.items(), key=lambda item: -item[1].counts["ops"]):
            counts = (row.counts[key] for key in COUNTS)
            print(f"| {opcode} | {' | '.join(map(str, counts))} | {', '.join(sorted(row.ratios))} |")
    keep("check costs xprof", kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
