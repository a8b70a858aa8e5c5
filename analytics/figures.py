"""What ops can be ordered by: a number for each op, its unit, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.costs import Costs, op_costs_of
from tpugraph_db.analytics.machines import Machine
from tpugraph_db.analytics.provenance import Provenance
from tpugraph_db.analytics.roofline import roofline
from tpugraph_db.analytics.sensitivity import op_shares
from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.frozen import Arrays
from tpugraph_db.program_rows import op_columns
from tpugraph_db.record import GraphRecord

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Figure(Arrays):
    """One number for each of ``n`` ops; NaN where it is not known."""

    name: str
    unit: str
    provenance: Provenance
    values: NDArray[np.float64]
    """(n,) float64: what the op itself adds in one run of the program, all its executions together."""
    totals: NDArray[np.float64] | None
    """(n,) float64: of one execution, with all that it calls; None where that is no sum (a ratio, a count of edges)."""

    @property
    def shares(self) -> Values | None:
        """(n,) float64: of the sum over all ops; None where a sum says nothing."""
        if self.totals is None:
            return None
        whole = float(np.nansum(self.values))
        shares: Values = self.values / whole if whole else np.zeros(len(self.values))
        return shares


@dataclass(frozen=True)
class Kind:
    """A figure that can be asked for."""

    unit: str
    provenance: Provenance
    what: str
    of: Callable[[GraphRecord, Costs, Machine | None], tuple[Values, Values | None]]
    """Values and totals."""


def _cost(record: GraphRecord, costs: Costs, _: Machine | None) -> tuple[Values, Values]:
    own = weighted_sum(record.features)
    return own, costs.calls.totals(own)


def _counted(name: str) -> Callable[[GraphRecord, Costs, Machine | None], tuple[Values, Values]]:
    return lambda _, costs, __: (costs.of_program(name), getattr(costs, f"total_{name}"))


def output_bytes(record: GraphRecord) -> Values:
    """(n,) float64: size of each op's output, of one execution; NaN where it is not said."""
    if record.program is not None:
        sizes = op_columns(record.program)["bytes"]
    else:
        sizes = [output.bytes for output in shapes.describe(record.features)]
    return np.array([np.nan if size is None else size for size in sizes], np.float64)


def _bytes(record: GraphRecord, costs: Costs, _: Machine | None) -> tuple[Values, Values]:
    own = output_bytes(record)
    return np.where(costs.runs > 0, own * costs.runs, 0.0), costs.calls.totals(own)


def _modelled(record: GraphRecord, _: Costs, machine: Machine | None) -> tuple[Values, Values]:
    found = roofline(record, cast(Machine, machine))
    return found.program_ns, found.total_modelled_ns


def _headroom(record: GraphRecord, _: Costs, machine: Machine | None) -> tuple[Values, None]:
    _measured(record, _, None)
    return roofline(record, cast(Machine, machine)).headroom, None


def _measured(record: GraphRecord, _: Costs, __: Machine | None) -> tuple[Values, Values]:
    if record.measured_ns is None:
        raise UsageError(f"{record.id} has no profile of its ops (tpudb collect makes one)")
    seen = np.where(record.measured_ns > 0, record.measured_ns, np.nan)
    return seen, seen


def _fanout(record: GraphRecord, _: Costs, __: Machine | None) -> tuple[Values, None]:
    return np.bincount(record.edges[~record.is_call, 1], minlength=len(record)).astype(np.float64), None


def _sensitivity(record: GraphRecord, _: Costs, __: Machine | None) -> tuple[Values, None]:
    return op_shares(record), None


KINDS: dict[str, Kind] = {
    "cost": Kind("", "modelled", "weighted sum of an op's features, the model cost", _cost),
    "flops": Kind("flops", "structural", "arithmetic on elements, all executions together", _counted("flops")),
    "bytes": Kind("bytes", "structural", "size of the output, all executions together", _bytes),
    "bytes_accessed": Kind("bytes", "structural", "read and written of memory", _counted("bytes_accessed")),
    "modelled": Kind("ns", "modelled", "roofline time on --machine", _modelled),
    "measured": Kind("ns", "measured", "profiled time", _measured),
    "headroom": Kind("", "measured", "profiled over roofline time on --machine", _headroom),
    "sensitivity": Kind("", "measured", "share of measured runtime's variance that is its layout's own", _sensitivity),
    "fanout": Kind("ops", "structural", "how many ops use its output", _fanout),
}
"""What a graph says by itself; a model's share comes from the store."""

_ON_A_MACHINE = ("modelled", "headroom")


def figure(record: GraphRecord, by: str, machine: Machine | None = None) -> Figure:
    """One of :data:`KINDS` of every op.

    Raises:
        NotFoundError: there is no such figure. UsageError: it needs a machine, or a profile that the graph lacks.
    """
    return figures(record, [by], machine)[by]


def figures(record: GraphRecord, names: Iterable[str], machine: Machine | None = None) -> dict[str, Figure]:
    """Several of :data:`KINDS` by name; costs are counted once. Raises as :func:`figure`."""
    names = list(names)
    for name in names:
        _expect(name, machine)
    costs = op_costs_of(record)
    return {
        name: Figure(name, KINDS[name].unit, KINDS[name].provenance, *KINDS[name].of(record, costs, machine))
        for name in names
    }


def _expect(name: str, machine: Machine | None) -> None:
    if name not in KINDS:
        listed = f"{', '.join(KINDS)}, or MODEL_share of a model that was written"
        raise NotFoundError(f"no figure {name!r}; there is {listed}{did_you_mean(name, list(KINDS))}")
    if name in _ON_A_MACHINE and machine is None:
        raise UsageError(f"{name} is of a machine: --machine tpu_v4, or another of tpudb machine list")
