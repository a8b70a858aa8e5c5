"""What a configuration brings to each op: its own choice, and the copies of its output that follow from all choices.

Whether an array is copied depends on the layouts at both ends of an edge, so on the choices of several ops, near and
far (:mod:`.copies` follows a layout through transposes and reshapes). Told op by op, each against its own layout, a
network would have to find that out by itself, of a few dozen programs. Here every op that is configurable or whose
output is copied has *states*: the distinct pairs of its choice and its copies. They are few, since a layout passes few
ops before another one is forced on it, and a configuration says of an op which state it is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns, shapes
from tpugraph_db.frozen import Arrays
from tpugraph_db.models.features.choices import UNITS as CHOICE_UNITS
from tpugraph_db.models.features.choices import default_choices, describe
from tpugraph_db.models.features.copies import Copy, Layouts, copies
from tpugraph_db.models.features.output_layouts import choice_rows, layout_configurations, output_bytes
from tpugraph_db.models.features.reach import Layout, lost, reach
from tpugraph_db.record import GraphRecord

REACHES = (12, 64, 512, 4096, 32768)

_UNITS: dict[str, str] = {
    "copies": "copies",
    "log_bytes": "log1p bytes copied",
    "log_lost": "log1p bytes copied times the share of cache lines lost",
    "log_reach": "log1p elements: the furthest reach of a copy",
    "lost": "the greatest share of cache lines lost",
    **{f"over_{distance}": "0 or 1: a copy reaches further than that many elements" for distance in REACHES},
}

UNITS: dict[str, str] = {
    "configurable": "0 or 1: the op has a choice",
    **CHOICE_UNITS,
    **{f"{kind}_{name}": unit for kind in ("written", "turned") for name, unit in _UNITS.items()},
}
"""Columns of :class:`States`, and the unit of each. ``written`` are copies into a chosen layout, ``turned`` those that
readers need which want another layout than there is. For reach and lost lines see :mod:`.reach`."""


@dataclass(frozen=True, eq=False)
class States(Arrays):
    """What :func:`states` gives: ``k`` ops with ``t`` states together, under ``c`` configurations."""

    ops: NDArray[np.int64]
    """(k,) int64: ascending."""
    picked: NDArray[np.int64]
    """(c, k) int64: the state of each op under each configuration; no two ops share a state."""
    default: NDArray[np.int64]
    """(k,) int64: the same under the compiler's own choices."""
    choice: NDArray[np.int64]
    """(t,) int64: the row of the codebook, -1 where the op has no choice."""
    values: NDArray[np.float32]
    """(t, len(UNITS)) float32, all finite."""
    copied: NDArray[np.float32]
    """(t, 2) float32: bytes written in a chosen layout, and copied for readers."""


def states(record: GraphRecord) -> States:
    """The states of a graph's ops.

    Raises:
        DataError: the record has tile configurations, or its edges close a circle.
    """
    configurations = layout_configurations(record)
    rows = np.vstack([choice_rows(configurations), default_choices(configurations)])
    layouts, found = Layouts(), dict[int, list[Copy]]()
    for copy in copies(record, layouts, rows):
        found.setdefault(copy.op, []).append(copy)
    slots = {op: slot for slot, op in enumerate(configurations.op_ids.tolist())}
    ops = sorted({*slots, *found})
    costs, picked, choice, values, count = _Costs(record, layouts), [], [], [], 0
    for op in ops:
        chosen = rows[:, slots[op]] if op in slots else np.full(len(rows), -1)
        first, state = _distinct(chosen, found.get(op, ()))
        picked.append(state + count)
        count += len(first)
        choice.append(chosen[first])
        values.append(costs(op, found.get(op, ()), first))
    at = np.stack(picked, axis=1)
    return States(np.array(ops), at[:-1], at[-1], *_described(record, np.concatenate(choice), np.concatenate(values)))


def _distinct(chosen: NDArray[np.int64], made: Sequence[Copy]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A configuration of each distinct pair of choice and copies (t,), and the pair's number under each (c,)."""
    _, first, number = np.unique(chosen, return_index=True, return_inverse=True)
    for ids in (ids for copy in made for ids in (copy.old, copy.new) if len(ids) > 1):
        both = number * (ids.max() + 1) + ids
        _, first, number = np.unique(both, return_index=True, return_inverse=True)
    return first, number


class _Costs:
    """What the copies of an op's output cost in each of its states."""

    def __init__(self, record: GraphRecord, layouts: Layouts) -> None:
        self._layouts, self._bytes = layouts, output_bytes(record)
        self._dims = [tuple(row) for row in record.features[:, columns.DIMENSIONS].astype(np.int64).tolist()]
        self._item_bytes = shapes.ITEM_BYTES[record.features[:, columns.DTYPE].argmax(axis=1)].tolist()

    def __call__(self, op: int, made: Sequence[Copy], first: NDArray[np.int64]) -> NDArray[np.float64]:
        """(t, 2, len(_UNITS)): of the copies into chosen layouts and of the others; bytes as they are."""
        found = np.zeros((len(first), 2, len(_UNITS)))
        for copy in made:
            old, new = (
                ids[first] if len(ids) > 1 else np.broadcast_to(ids, len(first)) for ids in (copy.old, copy.new)
            )
            pairs, place = np.unique(np.stack([old, new]), axis=1, return_inverse=True)
            cost = np.array([self._cost(op, *pair) for pair in pairs.T.tolist()])[place.reshape(-1)]
            part = found[:, 0 if copy.is_choice else 1]
            part[:, :3] += cost[:, :3]
            part[:, 3:] = np.maximum(part[:, 3:], cost[:, 3:])
        return found

    def _cost(self, op: int, old: int, new: int) -> list[float]:
        before, after = self._layouts.all[old], self._layouts.all[new]
        if before == after:
            return [0.0] * len(_UNITS)
        far, gone = self._of_each(op, before, after)
        size = float(self._bytes[op])
        return [1.0, size, size * gone, np.log1p(far), gone, *(float(far > distance) for distance in REACHES)]

    def _of_each(self, op: int, before: Layout, after: Layout) -> tuple[int, float]:
        dims = self._dims[op]
        return reach(before, after, dims), lost(before, after, dims, self._item_bytes[op])


def _described(
    record: GraphRecord, choice: NDArray[np.int64], costs: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """``choice``, ``values`` and ``copied`` of :class:`States`."""
    copied = costs[:, :, 1].astype(np.float32)
    costs[:, :, 1:3] = np.log1p(costs[:, :, 1:3])
    known = describe(record).values
    told = np.where(choice[:, None] >= 0, known[choice], 0)
    values = np.hstack([choice[:, None] >= 0, told, costs.reshape(len(costs), -1)])
    return choice, values.astype(np.float32), copied
