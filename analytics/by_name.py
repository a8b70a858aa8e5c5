"""Ops of the same name and opcode in two programs, where names can be believed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tpugraph_db.analytics.rungs import Pair, Rung, shared, singles
from tpugraph_db.record import GraphRecord

SURE_FROM = 2
"""Rounds after which a colour that is an op's own is believed against a name."""

_NUMBER = re.compile(r"[.\d]+$")


def by_name(a: GraphRecord, b: GraphRecord, rungs: Sequence[Rung]) -> Iterator[Pair]:
    """Same name and opcode, of stems that were not numbered anew."""
    if a.program is None or b.program is None:
        return
    names, others = a.program.names.tolist(), b.program.names.tolist()
    renumbered = _renumbered(names, others, rungs)
    at = {name: op for op, name in enumerate(others)}
    for op, name in enumerate(names):
        other = at.get(name, -1)
        if other >= 0 and a.opcodes[op] == b.opcodes[other] and _NUMBER.sub("", name) not in renumbered:
            yield op, other


def _renumbered(names: Sequence[str], others: Sequence[str], rungs: Sequence[Rung]) -> set[str]:
    """Stems of which structure is sure that more names have moved than stayed."""
    sure: dict[int, int] = {}
    for rung in reversed(rungs):
        if rung.rounds >= SURE_FROM:
            for ours, theirs in shared(singles(rung.a), singles(rung.b)):
                sure.setdefault(ours, theirs)
    moved: Counter[str] = Counter()
    for ours, theirs in sure.items():
        stem = _NUMBER.sub("", names[ours])
        if stem == _NUMBER.sub("", others[theirs]):
            moved[stem] += 1 if names[ours] != others[theirs] else -1
    return {stem for stem, count in moved.items() if count > 0}
