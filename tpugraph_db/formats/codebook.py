"""Layout configurations, met chunk by chunk, as a codebook.

The (configs, slots, 18) tensor of a layout file can be gigabytes, yet each slot takes only a handful of distinct rows.
Rows are told apart by a 64-bit hash of their bits, and every code is then checked against the rows themselves, so that
a collision is found, never kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.configurations import Codes

_ODD = np.random.default_rng(20230825).integers(2**63, size=18, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SLOT = np.uint64(0x9E3779B97F4A7C15)


@dataclass
class CodebookBuilder:
    """Feed it chunks in order with :meth:`add`; :meth:`finish` gives codebook, offsets and codes."""

    slots: int
    _hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    """Of the rows known so far, sorted."""
    _entries: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Where the row of each hash is in ``_rows``."""
    _rows: list[NDArray[np.float32]] = field(default_factory=list)
    _slot_of: list[int] = field(default_factory=list)
    _chunks: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, chunk: NDArray[np.float32]) -> None:
        """(configs, slots, 18) float32: the next configurations."""
        keys = self._keys(chunk)
        entries, known = self._look_up(keys)
        if not known.all():
            self._learn(chunk, keys, np.flatnonzero(~known))
            entries, known = self._look_up(keys)
        if chunk.size and (np.stack(self._rows)[entries].view(np.uint32) != chunk.view(np.uint32)).any():
            raise AssertionError("two layout rows share a 64-bit hash")
        self._chunks.append(entries)

    def finish(self) -> tuple[NDArray[np.float32], NDArray[np.int64], Codes]:
        """(rows, 18) codebook, (slots + 1,) offsets, (configs, slots) codes."""
        slot_of = np.array(self._slot_of, np.int64)
        by_slot = np.argsort(slot_of, kind="stable")
        offsets = np.concatenate([[0], np.cumsum(np.bincount(slot_of, minlength=self.slots))]).astype(np.int64)
        code_of = np.empty_like(by_slot)
        code_of[by_slot] = np.arange(len(by_slot)) - offsets[slot_of[by_slot]]
        codebook = np.stack(self._rows)[by_slot] if self._rows else np.empty((0, 18), np.float32)
        most = int(np.diff(offsets).max(initial=0))
        code_of = code_of.astype(np.min_scalar_type(max(most - 1, 0)))
        codes: Codes = np.concatenate([np.empty((0, self.slots), code_of.dtype), *(code_of[c] for c in self._chunks)])
        return codebook, offsets, codes

    def _keys(self, chunk: NDArray[np.float32]) -> NDArray[np.uint64]:
        bits = chunk.view(np.uint32).astype(np.uint64)
        bits ^= bits >> np.uint64(20)  # small numbers end in zeros as float32, which a sum of products would keep
        mixed = bits @ _ODD + np.arange(self.slots, dtype=np.uint64) * _SLOT
        keys: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
        return keys

    def _look_up(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Entry of each key, and whether it is known at all."""
        if not len(self._hashes):
            return np.zeros(keys.shape, np.int64), np.zeros(keys.shape, np.bool_)
        place = np.minimum(np.searchsorted(self._hashes, keys), len(self._hashes) - 1)
        return self._entries[place], self._hashes[place] == keys

    def _learn(self, chunk: NDArray[np.float32], keys: NDArray[np.uint64], unknown: NDArray[np.int64]) -> None:
        """Remember the rows not seen before, in the order in which the configurations show them."""
        new, first = np.unique(keys.reshape(-1)[unknown], return_index=True)
        shown = np.argsort(first)
        where = unknown[first[shown]]
        hashes = np.concatenate([self._hashes, new[shown]])
        entries = np.concatenate([self._entries, len(self._rows) + np.arange(len(new))])
        order = np.argsort(hashes)
        self._hashes, self._entries = hashes[order], entries[order]
        self._rows.extend(chunk.reshape(-1, 18)[where])
        self._slot_of.extend((where % max(self.slots, 1)).tolist())
