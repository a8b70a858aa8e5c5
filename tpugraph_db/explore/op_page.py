"""What is to be said of one op: whom it takes from, whom it feeds, its numbers, its configurations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tpugraph_db.configurations import LayoutConfigurations
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.table import percent, short
from tpugraph_db.rows import layout_text
from tpugraph_db.schema import OP

ATTRIBUTES = 2_000
"""Characters of an op's attributes that are shown; a constant may have millions."""

_LOADED = {p.name for p in OP.properties if not p.model}

Fact = tuple[str, str]
"""What it is, and what is said, empty for a heading; not yet made safe for a terminal."""


@dataclass(frozen=True)
class Neighbour:
    """An op beside the one that is looked at."""

    op: int
    opcode: str
    shape: str
    is_call: bool
    """It is called, or calls."""
    share: float | None
    """Of the figure; None where it is not known."""


@dataclass(frozen=True)
class OpPage:
    """One op, with everybody beside it."""

    op: int
    producers: tuple[Neighbour, ...]
    """What FEEDS it, ascending; the roots of what it calls among them."""
    consumers: tuple[Neighbour, ...]
    facts: tuple[Fact, ...]
    """What it is, and its figures."""
    details: tuple[Fact, ...]
    """What the source says of it beyond that."""


def op_page(graph: Opened, op: int, by: str) -> OpPage:
    """What is known without counting, and what was counted already."""
    return OpPage(
        op,
        tuple(_neighbour(graph, other, op, by) for other in graph.producers(op)),
        tuple(_neighbour(graph, other, op, by) for other in graph.consumers(op)),
        (*_identity(graph, op), *_figures(graph, op, by)),
        tuple(_details(graph, op)),
    )


def written_facts(graph: Opened, op: int) -> list[Fact]:
    """What models have written onto the op's node, by property; nothing of a file."""
    if graph.store is None:
        return []
    found = graph.store.query("MATCH (o:Op {uid: $uid}) RETURN o", {"uid": f"{graph.record.id}#{op}"}).rows
    properties: dict[str, Any] = found[0][0].properties if found else {}
    return [(name, _said(value)) for name, value in sorted(properties.items()) if name not in _LOADED]


def choice_facts(graph: Opened, op: int) -> list[Fact]:
    """The layouts that a configurable op was given, the fastest first by their configurations' mean slowdown.

    The mean is geometric, and of all that these configurations do; ``tpudb configs --op`` takes out what other ops do.
    """
    record, configs = graph.record, graph.record.configurations
    slots = np.flatnonzero(record.configurable_ops == op)
    if not len(slots) or not isinstance(configs, LayoutConfigurations) or not len(configs.order):
        return []
    codes, rows = configs.codes[configs.order, slots[0]], configs.choices(int(slots[0]))
    logs = np.log(configs.slowdown[configs.order])
    own = None if configs.is_default is None else configs.is_default[configs.order]
    found = []
    for code in np.unique(codes).tolist():
        inside = codes == code
        default = ", default" if own is not None and own[inside].any() else ""
        mean, count = float(logs[inside].mean()), int(inside.sum())
        said = f"×{np.exp(mean):.3f}, {count:,} config{'s' * (count > 1)}{default}"
        found.append((mean, (layout_text(rows[code]), said)))
    return [("layouts", "mean slowdown, measured"), *(fact for _, fact in sorted(found))]


def hot_place(graph: Opened, op: int, by: str) -> int | None:
    """Which of the hot spots an op is, from 0; None where the figure is not known of it."""
    place = np.flatnonzero(graph.order(by) == op)
    return int(place[0]) if len(place) else None


def next_hot(graph: Opened, op: int, by: str, step: int) -> int:
    """The hot spot so many places after an op, or before; the ends are the ends."""
    order, place = graph.order(by), hot_place(graph, op, by)
    if not len(order):
        return op
    at = step - 1 if place is None else place + step
    return int(order[min(max(at, 0), len(order) - 1)])


def _neighbour(graph: Opened, other: int, op: int, by: str) -> Neighbour:
    shares = graph.figure(by).shares if graph.has_figure(by) else None
    share = None if shares is None or np.isnan(shares[other]) else float(shares[other])
    shape = graph.texts.shape(other) or ""
    return Neighbour(other, graph.texts.opcode(other), shape, graph.is_call(op, other), share)


def _identity(graph: Opened, op: int) -> list[Fact]:
    record, program = graph.record, graph.record.program
    shape = graph.texts.shape(op) or "shape not said"
    facts = [("", f"{graph.texts.opcode(op) or 'unknown'} {shape}")]
    if (name := graph.texts.name(op)) is not None:
        facts.append(("name", name))
    if (source := graph.texts.source(op)) is not None:
        facts.append(("source", source))
    number = int(record.computation[op])
    computation = str(number) if program is None else program.computation_names[number]
    return [*facts, ("computation", f"{computation}, its root" if record.is_root[op] else computation)]


def _figures(graph: Opened, op: int, by: str) -> list[Fact]:
    """What was counted already, by where it comes from; the figure that is looked at first."""
    facts: dict[str, list[Fact]] = {}
    for name in dict.fromkeys((by, *graph.figure_names)):
        if graph.has_figure(name) and not np.isnan(graph.figure(name).values[op]):
            figure = graph.figure(name)
            unit = "" if figure.unit in name else f" {figure.unit}"
            share = "" if figure.shares is None else f"  {percent(float(figure.shares[op]))}"
            facts.setdefault(figure.provenance, []).append((name, f"{short(float(figure.values[op]))}{unit}{share}"))
    if graph.has(("slack", by)) and (slack := graph.slack(by)) is not None:
        critical = "0: on the critical path" if slack[op] == 0 else short(float(slack[op]))
        facts.setdefault(graph.figure(by).provenance, []).insert(1, ("slack", critical))
    if graph.has("blocks") and (block := int(graph.block_of()[op])) >= 0:
        facts.setdefault("structural", []).append(("block", f"{block}, ×{graph.blocks()[block].count}"))
    return [fact for provenance, of_it in facts.items() for fact in ((provenance, ""), *of_it)]


def _details(graph: Opened, op: int) -> list[Fact]:
    program = graph.record.program
    if program is None:
        return []
    attributes = program.attributes[op]
    cut = attributes if len(attributes) <= ATTRIBUTES else f"{attributes[:ATTRIBUTES]}... of {len(attributes):,}"
    facts = [
        ("attributes", cut),
        ("op_name", program.op_name[op]),
        ("layout", program.shapes[op] if "{" in program.shapes[op] else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _said(value: Any) -> str:
    return short(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
