"""Layout configurations, met chunk by chunk, as a codebook.

The (configs, slots, 18) tensor of a layout file can be gigabytes, yet each slot takes only a handful of distinct rows.
Rows are told apart by a 64-bit hash of their bits, and every code is then checked against the rows themselves. Where
two rows do share a hash, rows are told apart by their bytes from there on: slower, and exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Codes

_ODD = np.random.default_rng(20230825).integers(2**63, size=9, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SLOT = np.uint64(0x9E3779B97F4A7C15)


@dataclass
class CodebookBuilder:
    """Feed it chunks in order with :meth:`add`; :meth:`finish` gives codebook, offsets and codes."""

    slots: int
    _keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    """Of the rows known so far, sorted: a hash of slot and row, or an exact number."""
    _entries: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Where the row of each key is in ``_rows``."""
    _places: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    """By the first bits of a key, its place in ``_keys``; most keys have those to themselves, and need no search."""
    _rows: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 18), np.float32))
    """The rows known so far, in the order in which the configurations show them, and room for more."""
    _slot_of: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Slot of each row known so far."""
    _numbers: dict[tuple[int, bytes], int] | None = None
    """Exact numbers of slots' rows, once two of them have shared a hash."""
    _waiting: list[NDArray[np.float32]] = field(default_factory=list)
    """Chunks, until they are no small part of what is known: each learning goes over all of that."""
    _chunks: list[NDArray[np.unsignedinteger[Any]]] = field(default_factory=list)
    """Entries of each chunk."""

    @property
    def nbytes(self) -> int:
        """Bytes held for the distinct rows."""
        return sum(held.nbytes for held in (self._rows, self._keys, self._entries, self._slot_of, self._places))

    def add(self, chunk: NDArray[np.float32]) -> None:
        """(configs, slots, 18) float32: the next configurations."""
        self._waiting.append(chunk)
        if sum(waiting.nbytes for waiting in self._waiting) * 8 > self.nbytes:
            self._code_waiting()

    def _code_waiting(self) -> None:
        if self._waiting:
            self._code(self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting))
        self._waiting = []

    def _code(self, chunk: NDArray[np.float32]) -> None:
        before = self._keys, self._entries, self._slot_of, self._places
        entries = self._known_or_learned(chunk)
        if not self._are_of(entries, chunk):
            self._keys, self._entries, self._slot_of, self._places = before
            self._number_rows()
            entries = self._known_or_learned(chunk)
        self._chunks.append(entries.astype(np.min_scalar_type(len(self._slot_of))))

    def finish(self) -> tuple[NDArray[np.float32], NDArray[np.int64], Codes]:
        """(rows, 18) codebook, (slots + 1,) offsets, (configs, slots) codes."""
        self._code_waiting()
        by_slot = np.argsort(self._slot_of, kind="stable")
        counts = np.bincount(self._slot_of, minlength=self.slots)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        code_of = np.empty_like(by_slot)
        code_of[by_slot] = np.arange(len(by_slot)) - offsets[self._slot_of[by_slot]]
        narrowest = np.min_scalar_type(max(int(counts.max(initial=0)) - 1, 0))
        return self._rows[by_slot], offsets, self._coded(code_of.astype(narrowest))

    def _coded(self, code_of: NDArray[Any]) -> Codes:
        codes: Codes = np.empty((sum(map(len, self._chunks)), self.slots), code_of.dtype)
        at = 0
        for entries in self._chunks:
            codes[at : at + len(entries)] = code_of[entries]
            at += len(entries)
        return codes

    def _known_or_learned(self, chunk: NDArray[np.float32]) -> NDArray[np.int64]:
        """(configs, slots) entry of each row; those that share a key get one entry."""
        keys = _hash(chunk) if self._numbers is None else self._exact(chunk, self._numbers)
        entries, known = self._look_up(keys)
        if not known.all():
            self._learn(chunk, keys, np.flatnonzero(~known))
            entries, _ = self._look_up(keys)
        return entries

    def _are_of(self, entries: NDArray[np.int64], chunk: NDArray[np.float32]) -> bool:
        """Whether each entry is of its slot and has the bits of its row."""
        slots = (self._slot_of[entries] == np.arange(self.slots)).all()
        return bool(slots and (_words(self._rows)[entries] == _words(chunk)).all())

    def _look_up(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Entry of each key, and whether it is known at all."""
        if not len(self._keys):
            return np.zeros(keys.shape, np.int64), np.zeros(keys.shape, np.bool_)
        place = self._places[_first_bits(keys, len(self._places))]
        other = self._keys[place] != keys
        place[other] = np.minimum(np.searchsorted(self._keys, keys[other]), len(self._keys) - 1)
        return self._entries[place], self._keys[place] == keys

    def _learn(self, chunk: NDArray[np.float32], keys: NDArray[np.uint64], unknown: NDArray[np.int64]) -> None:
        """Remember the rows not seen before, in the order in which the configurations show them."""
        new, first = np.unique(keys.reshape(-1)[unknown], return_index=True)
        shown = np.argsort(first)
        where = unknown[first[shown]]
        start, end = len(self._slot_of), len(self._slot_of) + len(new)
        both = np.concatenate([self._keys, new])
        entries = np.concatenate([self._entries, start + np.argsort(shown)])
        order = np.argsort(both, kind="stable")  # which merges two sorted runs
        self._set_keys(both[order], entries[order])
        self._slot_of = np.concatenate([self._slot_of, where % max(self.slots, 1)])
        if end > len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty((end, 18), np.float32)])
        self._rows[start:end] = chunk.reshape(-1, 18)[where]

    def _number_rows(self) -> None:
        """From now on a key is the number of a row, told apart by its bytes."""
        rows = (row.tobytes() for row in self._rows)
        self._numbers = {named: at for at, named in enumerate(zip(self._slot_of.tolist(), rows, strict=False))}
        self._set_keys(np.arange(len(self._numbers), dtype=np.uint64), np.arange(len(self._numbers)))

    def _set_keys(self, keys: NDArray[np.uint64], entries: NDArray[np.int64]) -> None:
        self._keys, self._entries = keys, entries
        self._places = np.zeros(1 << min((16 * len(keys)).bit_length(), 22), np.int64)
        self._places[_first_bits(keys, len(self._places))] = np.arange(len(keys))

    def _exact(self, chunk: NDArray[np.float32], numbers: dict[tuple[int, bytes], int]) -> NDArray[np.uint64]:
        """(configs, slots) number of each row."""
        rows = (row.tobytes() for row in chunk.reshape(-1, 18))
        named = zip(np.indices(chunk.shape[:2])[1].reshape(-1).tolist(), rows, strict=True)
        return np.array([numbers.setdefault(name, len(numbers)) for name in named], np.uint64).reshape(chunk.shape[:2])


def _hash(chunk: NDArray[np.float32]) -> NDArray[np.uint64]:
    """(configs, slots) uint64: of each slot and row."""
    pairs = _words(chunk)
    # small numbers end in zeros as float32: a product would leave the second one of a pair few bits to differ in
    mixed = (pairs ^ (pairs >> np.uint64(47))) @ _ODD + np.arange(chunk.shape[1], dtype=np.uint64) * _SLOT
    keys: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return keys


def _first_bits(keys: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """As many as tell ``size`` places apart, a power of two."""
    return (keys >> np.uint64(65 - size.bit_length())).view(np.int64)


def _words(rows: NDArray[np.float32]) -> NDArray[np.uint64]:
    """(..., 18) float32 as (..., 9) uint64: the bits of two numbers each."""
    return rows.view(np.uint64)
