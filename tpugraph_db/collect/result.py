"""The file that a collection becomes: TpuGraphs' arrays, and what they lack.

Beside TpuGraphs' keys and the two that the project's own npz has (``config_runtime_repeat``, ``config_is_default``):
``hlo_text`` (uint8: the module before optimisation, as HLO text), ``config_executable`` (c,), ``executable_round_ns``
(runs, rounds, executables), ``best_round_ns`` (rounds, 2: the default's, the best's) and ``collected`` (uint8: JSON).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.collect.beside import characters, put
from tpugraph_db.collect.measured import Measured
from tpugraph_db.collect.profile import Profile
from tpugraph_db.collect.settings import Settings
from tpugraph_db.collect.source import Source
from tpugraph_db.columns import LAYOUT_COLUMNS
from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.formats.codebook import CodebookBuilder
from tpugraph_db.formats.identity import identify
from tpugraph_db.hlo import record as hlo_record
from tpugraph_db.record import GraphRecord


@dataclass(frozen=True)
class Collected:
    """A collection that is written."""

    path: Path
    record: GraphRecord
    """As it is read back."""
    facts: dict[str, Any]
    """What its JSON says: machine, versions, settings, what was refused, how the best fared."""


def write(output: Path, source: Source, settings: Settings, measured: Measured, profile: Profile | None) -> Collected:
    """Write the file; half of one never has its name."""
    identity = identify(output, collection=None, split=None, name=None)
    record = hlo_record.record(measured.described.program, identity, configurations(measured))
    facts = _facts(source, settings, measured, record.configurations.repeat_tau)
    facts["profile"] = None if profile is None else profile.facts
    return Collected(output, put(output, record, _arrays(measured, facts)), facts)


def configurations(measured: Measured) -> LayoutConfigurations:
    """Which op has which output layout in each configuration, -1 where it is left to the compiler, and runtimes."""
    ops = measured.described.ops
    slots = {number: slot for slot, number in enumerate(sorted(ops, key=lambda number: ops[number]))}
    rows = np.full((len(measured.layouts), len(slots), len(LAYOUT_COLUMNS)), -1, np.float32)
    for index, layouts in enumerate(measured.layouts):
        for number, minor_to_major in layouts.items():
            rows[index, slots[number], : len(minor_to_major)] = minor_to_major
    builder = CodebookBuilder(len(slots))
    builder.add(rows)
    codebook, offsets, codes = builder.finish()
    return LayoutConfigurations(
        runtime_ns=measured.runtime(0),
        repeat_runtime_ns=measured.runtime(1) if len(measured.runs) > 1 else None,
        is_default=np.array([not layouts for layouts in measured.layouts]),
        op_ids=np.array([ops[number] for number in slots], np.int64),
        codebook=codebook,
        offsets=offsets,
        codes=codes,
    )


def _arrays(measured: Measured, facts: dict[str, Any]) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "hlo_text": characters(measured.described.hlo),
        "config_executable": measured.executable,
        "executable_round_ns": np.array(measured.runs),
        "collected": characters(json.dumps(facts, indent=1)),
    }
    return arrays | ({"best_round_ns": measured.best.rounds} if measured.best else {})


def _facts(source: Source, settings: Settings, measured: Measured, repeat_tau: float | None) -> dict[str, Any]:
    best = measured.best
    return {
        "program": f"{Path(source.path).name}:{source.function}",
        "date": date.today().isoformat(),
        "settings": asdict(settings),
        "machine": measured.described.facts,
        "inputs": measured.described.inputs,
        "configurable_ops": len(measured.described.ops),
        "outputs_without_an_op": measured.described.untied,
        "configurations": len(measured.layouts),
        "executables": measured.runs[0].shape[1],
        "refused": measured.refused,
        "processes": measured.processes,
        "repeat_tau": repeat_tau,
        "best": best and dict(zip(("ratio", "low", "high"), best.ratio, strict=True), configuration=best.configuration),
        "seconds": measured.seconds,
    }
