"""Columns of text and of lists as flat arrays, so that a record stays plain numpy and maps from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.frozen import Arrays


@dataclass(frozen=True, eq=False)
class Strings(Arrays):
    """``n`` texts. Text ``i`` is ``data[offsets[i]:offsets[i + 1]]`` in UTF-8."""

    data: NDArray[np.uint8]
    """(b,) uint8: all texts, one after the other."""
    offsets: NDArray[np.int64]
    """(n + 1,) int64: where each text begins; the last is ``b``."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Strings:
        """Pack texts.

        >>> list(Strings.of(["a", "", "bc"]))
        ['a', '', 'bc']
        """
        texts = list(texts)
        joined = "".join(texts)
        parts = texts if joined.isascii() else [text.encode() for text in texts]  # of ASCII, both have the same lengths
        return cls(np.frombuffer(joined.encode(), np.uint8), _offsets(parts))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        at = range(len(self))[index]
        return self.data[self.offsets[at] : self.offsets[at + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    def tolist(self) -> list[str]:
        """All of them."""
        data, offsets = self.data.tobytes(), self.offsets.tolist()
        return [data[start:end].decode() for start, end in pairwise(offsets)]


@dataclass(frozen=True, eq=False)
class Coded(Arrays):
    """``n`` texts of which few are distinct. Text ``i`` is ``table[codes[i]]``."""

    table: Strings
    """(k,) distinct texts, in the order in which they first occur."""
    codes: NDArray[np.uint32]
    """(n,) uint32."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Coded:
        """Pack texts.

        >>> Coded.of(["x", "y", "x"]).codes.tolist()
        [0, 1, 0]
        """
        texts = list(texts)
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        return cls(Strings.of(places), np.fromiter(map(places.__getitem__, texts), np.uint32, len(texts)))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: int) -> str:
        text: str = self._texts[self.codes[index]]
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(self.tolist())

    def tolist(self) -> list[str]:
        """All of them; equal ones are one object."""
        return [self._texts[code] for code in self.codes.tolist()]

    @cached_property
    def _texts(self) -> list[str]:
        return self.table.tolist()


@dataclass(frozen=True, eq=False)
class Lists(Arrays):
    """``n`` lists of integers. List ``i`` is ``values[offsets[i]:offsets[i + 1]]``."""

    values: NDArray[np.int64]
    """(v,) int64: all lists, one after the other."""
    offsets: NDArray[np.int64]
    """(n + 1,) int64: where each list begins; the last is ``v``."""

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Lists:
        """Pack lists.

        >>> Lists.of([[1, 2], [], [3]]).tolist()
        [[1, 2], [], [3]]
        """
        offsets = _offsets(lists)
        return cls(np.fromiter(chain.from_iterable(lists), np.int64, int(offsets[-1])), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> NDArray[np.int64]:
        at = range(len(self))[index]
        values: NDArray[np.int64] = self.values[self.offsets[at] : self.offsets[at + 1]]
        return values

    def tolist(self) -> list[list[int]]:
        """All of them."""
        values, offsets = self.values.tolist(), self.offsets.tolist()
        return [values[start:end] for start, end in pairwise(offsets)]

    def rows(self) -> NDArray[np.int64]:
        """(v,) int64: which list each value is of."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def _offsets(parts: Sequence[Sized]) -> NDArray[np.int64]:
    """(n + 1,) int64: where each part begins, and where the last one ends."""
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=offsets[1:])
    return offsets
