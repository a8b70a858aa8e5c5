"""The verb diff: two graphs, of a store or of files, with figures and what models say -> what differs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tpugraph_db.analytics.config_diff import Values
from tpugraph_db.analytics.diff import NOISE, Difference, diff
from tpugraph_db.analytics.figures import KINDS, Figure, figures
from tpugraph_db.analytics.machines import Machine, find_machine
from tpugraph_db.errors import DataError
from tpugraph_db.figured import figure_of
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store
from tpugraph_db.written_ranks import written_ranks

Side = tuple[GraphRecord, Store | None]
"""A graph, and the store that it is in."""

ALWAYS = ("flops", "bytes_accessed", "bytes", "cost")
"""Figures of which there are totals whatever is asked for."""


def diff_graphs(
    a: Side,
    b: Side,
    by: str | None = None,
    *,
    machine: str | Path | Machine | None = None,
    noise: float = NOISE,
    also: Iterable[str] = (),
) -> Difference:
    """Compare graph B with graph A. Where one has no program, both are what columns and edges say, their figures too.

    Args:
        by: The figure beside each op; None: profiled time where both have a profile, else flops.
        machine: For ``modelled`` and ``headroom``.
        noise: Percent below which a change of a measured figure alone is no change.
        also: More figures to have totals of.

    Raises:
        NotFoundError: no such figure or machine, or the model has written none.
        UsageError: a figure needs a machine, a profile, or a store. DataError: a graph has no ops.
    """
    for record, _ in (a, b):
        if not len(record):
            raise DataError(record.id, "ops", expected="at least one", found="none")
    if a[0].program is None or b[0].program is None:
        a, b = ((record.replace(program=None), store) for record, store in (a, b))
    profiled = a[0].measured_ns is not None and b[0].measured_ns is not None
    by = by or ("measured" if profiled else "flops")
    known = machine if machine is None or isinstance(machine, Machine) else find_machine(machine)
    names = [*ALWAYS, *["measured"] * profiled, *["modelled"] * (known is not None), *also, by]
    ours, theirs = (_figures(side, dict.fromkeys(names), known) for side in (a, b))
    return diff(a[0], b[0], (ours, theirs), by, noise=noise, ranks=_ranks(a, b))


def _figures(side: Side, names: Iterable[str], machine: Machine | None) -> dict[str, Figure]:
    record, store = side
    named = list(names)
    found = figures(record, [name for name in named if name in KINDS], machine)
    return found | {name: figure_of(record, name, store=store) for name in named if name not in KINDS}


def _ranks(a: Side, b: Side) -> dict[str, tuple[Values, Values]]:
    """Of the models that have ranked configurations of both."""
    if a[1] is None or b[1] is None:
        return {}
    ours, theirs = written_ranks(a[1], a[0]), written_ranks(b[1], b[0])
    return {model: (ours[model], theirs[model]) for model in ours if model in theirs}
