"""What ops can be ordered by: a number for each op, its unit, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import shapes
from tpugraph_db.analytics.cost import weighted_sum
from tpugraph_db.analytics.costs import Costs, op_costs_of
from tpugraph_db.analytics.machines import Machine
from tpugraph_db.analytics.provenance import Provenance
from tpugraph_db.analytics.roofline import Roofline, roofline
from tpugraph_db.analytics.sensitivity import op_shares
from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.frozen import Arrays
from tpugraph_db.program_rows import shape_columns
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
    of: Callable[[_Made], tuple[Values, Values | None]]
    """Values and totals."""


class _Made:
    """What figures are made from, each when it is first asked for."""

    def __init__(self, record: GraphRecord, machine: Machine | None) -> None:
        self.record, self._machine = record, machine

    @cached_property
    def costs(self) -> Costs:
        return op_costs_of(self.record)

    @cached_property
    def roofline(self) -> Roofline:
        return roofline(self.record, cast(Machine, self._machine), self.costs)


def _cost(made: _Made) -> tuple[Values, Values]:
    own = weighted_sum(made.record.features)
    return own, made.costs.calls.totals(own)


def _counted(name: str) -> Callable[[_Made], tuple[Values, Values]]:
    return lambda made: (made.costs.of_program(name), getattr(made.costs, f"total_{name}"))


def output_bytes(record: GraphRecord) -> Values:
    """(n,) float64: size of each op's output, of one execution; NaN where it is not said."""
    if record.program is not None:
        sizes = shape_columns(record.program.shapes)["bytes"]
    else:
        sizes = [output.bytes for output in shapes.describe(record.features)]
    return np.array([np.nan if size is None else size for size in sizes], np.float64)


def _bytes(made: _Made) -> tuple[Values, Values]:
    own, costs = output_bytes(made.record), made.costs
    return np.where(costs.runs > 0, own * costs.runs, 0.0), costs.calls.totals(own)


def _modelled(made: _Made) -> tuple[Values, Values]:
    return made.roofline.program_ns, made.roofline.total_modelled_ns


def _headroom(made: _Made) -> tuple[Values, None]:
    _measured(made)
    return made.roofline.headroom, None


def _measured(made: _Made) -> tuple[Values, Values]:
    record = made.record
    if record.measured_ns is None:
        raise NotFoundError(f"{record.id} has no profile of its ops (tpudb collect makes one)")
    seen = np.where(record.measured_ns > 0, record.measured_ns, np.nan)
    return seen, seen


def _fanout(made: _Made) -> tuple[Values, None]:
    record = made.record
    return np.bincount(record.edges[~record.is_call, 1], minlength=len(record)).astype(np.float64), None


def _sensitivity(made: _Made) -> tuple[Values, None]:
    return op_shares(made.record), None


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
        NotFoundError: no such figure, or the graph has no profile. UsageError: the figure needs a machine.
    """
    return figures(record, [by], machine)[by]


def figures(record: GraphRecord, names: Iterable[str], machine: Machine | None = None) -> dict[str, Figure]:
    """Several of :data:`KINDS` by name; costs are counted once, if at all. Raises as :func:`figure`."""
    names = list(names)
    for name in names:
        _expect(name, machine)
    made = _Made(record, machine)
    return {name: Figure(name, KINDS[name].unit, KINDS[name].provenance, *KINDS[name].of(made)) for name in names}


def _expect(name: str, machine: Machine | None) -> None:
    if name not in KINDS:
        listed = f"{', '.join(KINDS)}, or MODEL_share of a model that was written"
        raise NotFoundError(f"no figure {name!r}; there is {listed}{did_you_mean(name, list(KINDS))}")
    if name in _ON_A_MACHINE and machine is None:
        raise UsageError(f"{name} is of a machine: --machine tpu_v4, or another of tpudb machine list")
