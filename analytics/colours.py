"""Colours of ops: equal colours mean equal surroundings, whatever the ops are called and in whatever order they stand.

Colour refinement (Weisfeiler and Leman 1968). Symbols: ``c`` the colour of an op, a 64-bit number; ``h`` a hash; ``p``
the place of an operand. Sums wrap round, and do not depend on an order::

    c0[v]     = h(opcode, the op's features less its layout, what it calls)
    c(r+1)[v] = h(c(r)[v] + sum of h(c(r)[u], p) over its operands u + sum of h'(c(r)[w], p) over its consumers w)

Ops of equal colour after ``r`` rounds agree in everything within ``r`` steps, but for a chance of about ``n^2 / 2^64``
that two of ``n`` hashes meet.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import columns
from tpugraph_db.opcodes import OPCODES
from tpugraph_db.record import GraphRecord

Colours = NDArray[np.uint64]

_IGNORED = np.r_[columns.IS_ROOT, columns.MINOR_TO_MAJOR, columns.OP_COLUMNS.index("parameter_number")]
"""Columns that tell of an op's place or layout, not of what it computes."""

_OUT_OF, _INTO, _CALL = (np.uint64(salt) for salt in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_DEEPEST = 64
"""Calls within calls that are looked into."""


@dataclass(frozen=True)
class Uses:
    """Data edges, one for each operand that an op has; ``k`` of them."""

    consumer: NDArray[np.int64]
    """(k,) int64: op."""
    producer: NDArray[np.int64]
    """(k,) int64: op that gives the operand."""
    place: NDArray[np.int64]
    """(k,) int64: which operand of the consumer it is, from 0; 0 everywhere where the source has no order (npz)."""


def uses(record: GraphRecord) -> Uses:
    """Who uses whose value, within computations."""
    if record.program is None:
        data = record.edges[~record.is_call]
        return Uses(data[:, 0], data[:, 1], np.zeros(len(data), np.int64))
    operands = record.program.operands
    consumer = operands.rows()
    return Uses(consumer, operands.values, np.arange(len(consumer)) - operands.offsets[consumer])


def mixed(numbers: Colours) -> Colours:
    """A hash of each (the finaliser of SplitMix64: Steele, Lea and Flood 2014)."""
    z = numbers >> np.uint64(30)
    z ^= numbers
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


class Refinement:
    """Colours of a graph, round by round."""

    def __init__(self, record: GraphRecord, first: Colours | None = None) -> None:
        """Begin with ``first`` (n,) uint64; None: :func:`first_colours`."""
        given = uses(record)
        self._forth = _Heard(given.consumer, given.producer, given.place, _OUT_OF, len(record))
        self._back = _Heard(given.producer, given.consumer, given.place, _INTO, len(record))
        self._record = record
        self.colours = self._with_callees(first_colours(record) if first is None else first)
        """(n,) uint64: of the last round."""

    def round(self) -> Colours:
        """One more round; the colours after it."""
        self.colours = self._next(self.colours)
        return self.colours

    def _next(self, colours: Colours) -> Colours:
        return mixed(colours + self._forth(colours) + self._back(colours))

    def _with_callees(self, first: Colours) -> Colours:
        """What an op calls is part of what it is: its colour takes in the ops of the called computations."""
        calls = self._record.edges[self._record.is_call]
        if not len(calls):
            return first
        within = _Sums(self._record.computation, int(self._record.computation.max()) + 1)
        callers, callee = _Sums(calls[:, 0], len(first)), self._record.computation[calls[:, 1]]
        colours = first
        for _ in range(_DEEPEST):
            deeper = mixed(first + callers(mixed(within(mixed(self._next(colours)))[callee] + _CALL)))
            if np.array_equal(deeper, colours):
                break
            colours = deeper
        return colours


def first_colours(record: GraphRecord) -> Colours:
    """(n,) uint64: of each op by itself, its layout, name and place left out."""
    coded = record.program.opcodes if record.program is not None else None
    names, at = (OPCODES, record.opcode_numbers) if coded is None else (coded.table.tolist(), coded.codes)
    opcode = np.array([zlib.crc32(name.encode()) for name in names], np.uint64)[at]
    features = np.delete(record.features, _IGNORED, axis=1) + np.float32(0)  # -0 and 0 are one
    salts = mixed(np.arange(1, features.shape[1] + 1, dtype=np.uint64) * _OUT_OF)
    bits = np.ascontiguousarray(features).view(np.uint32).astype(np.uint64)
    return mixed(mixed(opcode) + bits @ salts)


def converged(record: GraphRecord) -> tuple[Colours, int]:
    """Colours that another round tells no further apart, and how many rounds it took."""
    refinement = Refinement(record)
    rounds, kinds = 0, len(distinct(refinement.colours))
    while True:
        before, more = refinement.colours, len(distinct(refinement.round()))
        if more == kinds:
            return before, rounds
        rounds, kinds = rounds + 1, more


Numbers = TypeVar("Numbers", NDArray[np.uint64], NDArray[np.int64])


def distinct(numbers: Numbers) -> Numbers:
    """In order, each once; for many that differ this takes a fifth of numpy's ``unique``, which hashes them."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    once: Numbers = ordered[first]
    return once


class _Sums:
    """Sums of 64-bit numbers by row, wrapping round."""

    def __init__(self, rows: NDArray[np.int64], size: int) -> None:
        self.order = np.argsort(rows, kind="stable")
        ordered = rows[self.order]
        self._starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
        self._rows, self._size = ordered[self._starts], size

    def __call__(self, values: Colours) -> Colours:
        return self.ordered(values[self.order])

    def ordered(self, values: Colours) -> Colours:
        """Of values that are in the rows' order already."""
        sums = np.zeros(self._size, np.uint64)
        if len(self._rows):
            sums[self._rows] = np.add.reduceat(values, self._starts)
        return sums


class _Heard:
    """What each op hears of its neighbours on one side: ``sum of h(c[u], p)``."""

    def __init__(
        self, op: NDArray[np.int64], other: NDArray[np.int64], place: NDArray[np.int64], salt: np.uint64, size: int
    ) -> None:
        self._sums = _Sums(op, size)
        self._others = other[self._sums.order]
        self._salts = mixed(place[self._sums.order].astype(np.uint64) + salt)

    def __call__(self, colours: Colours) -> Colours:
        return self._sums.ordered(mixed(colours[self._others] + self._salts))
