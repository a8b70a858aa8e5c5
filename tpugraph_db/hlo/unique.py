"""Names of instructions that are unique in a module, made as XLA makes them (``xla/service/name_uniquer.cc``)."""

from __future__ import annotations

import re
from collections import defaultdict

_NUMBERED = re.compile(r"(.+)\.(\d{1,18})", re.ASCII)


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
