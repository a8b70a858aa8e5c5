"""A figure of a graph's ops by name: what the graph says by itself, or what a model has written onto its nodes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from tpugraph_db.analytics.figures import KINDS, Figure, figure
from tpugraph_db.analytics.machines import Machine, find_machine
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Store

_SHARE = re.compile(r"([a-z][a-z0-9_]*)_share")


def default_figure(record: GraphRecord) -> str:
    """What ops are ordered by unless something else is asked for: profiled time where there is one, else flops."""
    return "flops" if record.measured_ns is None else "measured"


def figure_of(
    record: GraphRecord,
    by: str | None = None,
    *,
    machine: str | Path | Machine | None = None,
    store: Store | None = None,
) -> Figure:
    """A figure of a graph's ops (:data:`tpugraph_db.analytics.figures.KINDS`), or ``MODEL_share`` from a store.

    Raises:
        NotFoundError: no such figure or machine, or the model has written none.
        UsageError: it needs a machine, or a store.
    """
    by = by or default_figure(record)
    learned = _SHARE.fullmatch(by)
    if learned and by not in KINDS:
        return _written(record, by, learned[1], store)
    known = machine if machine is None or isinstance(machine, Machine) else find_machine(machine)
    return figure(record, by, known)


def _written(record: GraphRecord, name: str, model: str, store: Store | None) -> Figure:
    if store is None:
        raise UsageError(f"{name} stands on nodes of a store, and {record.id} is a file: tpudb load it first")
    rows = store.query(f"MATCH (o:Op {{graph: $graph}}) RETURN o.index, o.{name}", {"graph": record.id}).rows
    values = np.full(len(record), np.nan)
    for op, value in rows:
        values[op] = np.nan if value is None else value
    if np.isnan(values).all():
        raise NotFoundError(f"{record.id} has no {name}: tpudb predict --model {model} --write writes it")
    return Figure(name, "", "learned" if model != "cost" else "modelled", values, values)
