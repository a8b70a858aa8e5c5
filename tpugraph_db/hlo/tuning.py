"""Tuning data of TpuGraphs (ModuleTuningData, TuningData): programs, and what each configuration took.

Source: google-research-datasets/tpu_graphs, ``proto/tuning.proto`` (messages) and
``process_data/xla/tuning_data_iterator.cc`` (which runs count, and what a tile's runtime is divided by).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tpugraph_db.configurations import Configurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.feature_rows import sequence
from tpugraph_db.hlo import envelope, hlo_pb2, proto
from tpugraph_db.hlo.record import unmeasured
from tpugraph_db.hlo.tuned_layouts import layouts
from tpugraph_db.program import Program

_BOUNDS = 6


@dataclass(frozen=True)
class TunedModule:
    """A program and its runs."""

    program: Program
    configurations: Configurations
    """Of the runs that have a time, in the order of the file; which is the compiler's default is known."""
    failed_runs: int
    """Runs that ended in an error, or without a time."""
    fingerprint: int
    """What TpuGraphs knows the module by: 64 bits, unsigned."""


def read(data: bytes, where: str) -> list[TunedModule]:
    """Read every module of either message; which it is, is told by the content.

    Raises:
        DataError: not such a message, cut short, runs of both kinds, a module that makes no sense, or configurations
            that are not of its ops.
    """
    inside = envelope.opened(data, where)
    if not any(inner.tuned for inner in inside):
        raise DataError(where, "file", expected="tuning data", found="no runs")
    try:
        return [_module(inner, where) for inner in inside]
    except DecodeError as error:
        raise envelope.refusal(where, error) from error


def _module(inner: envelope.Inner, where: str) -> TunedModule:
    message = hlo_pb2.ModuleTuningData
    tuned = message.FromString(inner.data) if inner.tuned else message(module=inner.data)
    program = proto.from_module(tuned.module, where)
    runs = [run for run in tuned.runs if _has_time(run)]
    try:
        configurations = _configurations(tuned, runs, program)
    except ValueError as error:
        raise DataError(where, program.module[:80], expected="configurations of its ops", found=str(error)) from error
    return TunedModule(program, configurations, len(tuned.runs) - len(runs), tuned.fingerprint)


def _has_time(run: hlo_pb2.ConfigProfile) -> bool:
    # a run that did not work has no error in some files, but a time of 1
    return not run.error and run.profile.compute_time_ns > 1


def _configurations(
    tuned: hlo_pb2.ModuleTuningData, runs: Sequence[hlo_pb2.ConfigProfile], program: Program
) -> Configurations:
    runtime_ns = np.array([run.profile.compute_time_ns for run in runs], np.int64)
    is_default = np.array([run.is_default for run in runs], np.bool_)
    kinds = {run.WhichOneof("config") for run in runs}
    if kinds == {"op_config"}:
        return _tiles(runs, runtime_ns, is_default)
    if kinds == {"module_config"}:
        return layouts(runs, _op_ids(tuned.config_index_to_node, len(program)), runtime_ns, is_default)
    if kinds:
        raise ValueError(f"runs of {' and '.join(sorted(map(str, kinds)))}")
    return unmeasured()


def _op_ids(said: Sequence[int], ops: int) -> NDArray[np.int64]:
    if any(op >= ops for op in said) or len(set(said)) < len(said):
        raise ValueError(f"config_index_to_node that is no set of indices below {ops}")
    return np.array(said, np.int64)


def _tiles(
    runs: Sequence[hlo_pb2.ConfigProfile], runtime_ns: NDArray[np.int64], is_default: NDArray[np.bool_]
) -> TileConfigurations:
    """Runtimes count by their ratio to the first default's; to 1 where there is none."""
    default = runtime_ns[is_default.argmax()] if is_default.any() else 1
    return TileConfigurations(
        runtime_ns=runtime_ns,
        is_default=is_default,
        features=np.array([_tile(run.op_config.tile_size_config) for run in runs], np.int64).astype(np.float32),
        normalizer_ns=np.full(len(runs), default, np.int64),
    )


def _tile(config: hlo_pb2.TileSizeConfig) -> list[int]:
    """The 24 columns of a tile: as of any sequence, but that the product of no sizes is 0."""
    row: list[int] = []
    for sizes in (config.kernel_bounds, config.output_bounds, config.input_bounds):
        row += sequence(sizes, _BOUNDS) if sizes else [0] * (_BOUNDS + 2)
    return row
