"""A second graph beside a collection's: what the compiler made of the program, and how long each op takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.collect.beside import characters, put
from tpugraph_db.collect.source import Source
from tpugraph_db.formats.identity import identify
from tpugraph_db.hlo import record as hlo_record
from tpugraph_db.hlo import text
from tpugraph_db.program import Program

STAGE = "after_optimizations"


@dataclass(frozen=True)
class Profile:
    """What the profiler saw of one run."""

    path: Path
    """A file of TpuGraphs' arrays without configurations, ``hlo_text`` and ``op_measured_ns``."""
    total_ns: int
    in_the_graph: float
    """Share of the time that is an op's of the optimised module."""
    matched: float
    """Share of the time that is an op's whose ``op_name`` an op of the program before optimisation has too."""

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON takes it."""
        shares = {"in_the_graph": round(self.in_the_graph, 4), "matched": round(self.matched, 4)}
        return {"file": self.path.name, "total_ns": self.total_ns, **shares}


def write_profile(output: Path, source: Source, reply: dict[str, Any], before: Program) -> Profile:
    """Write the graph beside ``output``, by the name that XLA gives to such files."""
    path = output.with_name(f"{output.stem}.{STAGE}.npz")
    after = text.program(reply["text"], source.text, STAGE)
    measured = np.array([reply["ns"].get(name, 0) for name in after.names], np.int64)
    record = hlo_record.record(after, identify(path, collection=None, split=None, name=None))
    put(path, record, {"hlo_text": characters(reply["text"]), "op_measured_ns": measured})
    total = sum(reply["ns"].values())
    known = named_alike(after, before)
    return Profile(path, total, _share(measured, total), _share(measured[known], total))


def named_alike(after: Program, before: Program) -> NDArray[np.bool_]:
    """(n,) bool: an op's metadata name is that of an op of the other program, too."""
    there = set(whole_names(before)) - {""}
    return np.array([name in there for name in after.op_name.table], bool)[after.op_name.codes]


def whole_names(program: Program) -> list[str]:
    """Each op's metadata name as it is once XLA has inlined calls: after the name of the call, and a slash.

    A function that is called in two places has the name of one of them.
    """
    own, opcodes, starts = program.op_name.tolist(), program.opcodes.tolist(), program.computation_starts.tolist()
    names = list(own)
    for op, callee in reversed(program.calls.tolist()):  # a caller stands after what it calls
        if opcodes[op] == "call":
            for inside in range(starts[callee], starts[callee + 1]):
                names[inside] = f"{names[op]}/{own[inside]}" if own[inside] else ""
    return names


def _share(measured: NDArray[np.int64], total: int) -> float:
    return float(measured.sum() / total) if total else 0.0
