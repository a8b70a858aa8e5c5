"""Our costs against XLA's own, on the programs of examples/: ``python -m benchmarks.check_costs [NAME...]``.

Each program is compiled for the CPU by JAX; the optimised HLO text of that executable is read and counted, and its
``cost_analysis()`` is what the totals are held to. XLA counts a loop's body once, so ours is counted so too; the last
column is what counting the loops' trips makes of the flops. Exit 4 where a total is more than 2 % off.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

from benchmarks.common import keep
from tpugraph_db.analytics.costs import Costs, op_costs_of
from tpugraph_db.collect import program
from tpugraph_db.collect.source import Source
from tpugraph_db.formats import read

PROGRAMS = Path(__file__).parents[1] / "examples" / "programs"
FIGURES = {"flops": "flops", "transcendentals": "transcendentals", "bytes_accessed": "bytes accessed"}
"""Ours, and XLA's name of it."""
BOUND = 0.02


def names() -> list[tuple[Path, str]]:
    """The first program of each file."""
    sys.path.insert(0, str(PROGRAMS))
    files = sorted(PROGRAMS.glob("[!_]*.py"))
    return [(file, next(iter(importlib.import_module(file.stem).PROGRAMS))) for file in files]


def compared(file: Path, name: str) -> dict[str, object]:
    """One row of the table."""
    executable = program.load(Source(str(file), name)).lower({}).compile()
    with tempfile.NamedTemporaryFile("w", suffix=".hlo") as text:
        text.write(executable.as_text())
        text.flush()
        record = read(text.name)
    ours, theirs = op_costs_of(record, count_trips=False), executable.cost_analysis()
    row: dict[str, object] = {"program": name, "ops": len(record)}
    for figure, key in FIGURES.items():
        expected = float(theirs.get(key, 0.0))
        row[figure] = getattr(ours.program(), figure)
        row[f"{figure}_off"] = (row[figure] - expected) / expected if expected else float(row[figure] != 0)
    counted = op_costs_of(record)
    row["with_trips"] = counted.program().flops / (ours.program().flops or 1)
    row["unknown"] = _unknown(counted)
    return row


def _unknown(costs: Costs) -> str:
    loops = int(((costs.trips < 0) & (costs.runs > 0)).sum())
    opcodes = [f"{count} {opcode}" for opcode, count in costs.unknown("flops").items()]
    return ", ".join(opcodes + [f"{loops} loops without a trip count"] * (loops > 0))


def main() -> int:
    """Print the table; 4 where a figure is out of bound."""
    wanted = set(sys.argv[1:])
    rows = []
    for file, name in names():
        if wanted and name not in wanted:
            continue
        row = compared(file, name)
        rows.append(row)
        offs = " | ".join(f"{row[figure]:.4g} | {row[f'{figure}_off']:+.3%}" for figure in FIGURES)
        print(f"| {name} | {row['ops']} | {offs} | {row['with_trips']:.3g} | {row['unknown']} |", flush=True)
    if not wanted:
        keep("check costs", rows)
    far = [row for row in rows if any(abs(row[f"{figure}_off"]) > BOUND for figure in FIGURES)]
    return 4 if far else 0


if __name__ == "__main__":
    sys.exit(main())
