"""Names of instructions that are unique in a module, made as XLA makes them (``xla/service/name_uniquer.cc``)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tpugraph_db.hlo.module import Computation

_NUMBERED = re.compile(r"(.+)\.(\d{1,18})", re.ASCII)


def rename_repeated(computations: list[Computation]) -> None:
    """Give instructions of later computations other names where earlier ones have theirs."""
    uniquer = Uniquer()
    for computation in computations:
        new = {one.name: uniquer.name(one.name) for one in computation.instructions}
        computation.root = new[computation.root]
        for one in computation.instructions:
            one.name = new[one.name]
            one.operands = _renamed(one.operands, new)
            one.control_predecessors = _renamed(one.control_predecessors, new)


def _renamed(names: Iterable[str], new: dict[str, str]) -> list[str]:
    return [new.get(name, name) for name in names]


class Uniquer:
    """Gives each name once: ``add``, then ``add.1``."""

    def __init__(self) -> None:
        self._used: dict[str, set[int]] = defaultdict(set)
        self._next: dict[str, int] = defaultdict(int)

    def name(self, wanted: str) -> str:
        """The wanted name, with another number where it is taken."""
        numbered = _NUMBERED.fullmatch(wanted)
        stem, number = (numbered[1], int(numbered[2])) if numbered else (wanted, 0)
        if number in self._used[stem]:
            number = self._free(stem)
        self._used[stem].add(number)
        return f"{stem}.{number}" if number or numbered else stem

    def _free(self, stem: str) -> int:
        while self._next[stem] in self._used[stem]:
            self._next[stem] += 1
        return self._next[stem]
