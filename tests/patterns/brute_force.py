"""The meaning of docs/patterns.md in Python: every match, found by trying every op at every place."""

from __future__ import annotations

from typing import Any

from tests.patterns.random_graphs import SmallGraph
from tests.patterns.random_patterns import Again, Fork, Line, Place, Wanted

Bound = dict[int, tuple[int, ...]]
"""The ops at each place, by the place's id."""
Ends = list[tuple[int, str]]
"""Ops that the next arrow begins at; and the arrow to what is absent after one."""


class Matcher:
    """Finds the matches of one pattern in one graph."""

    def __init__(self, graph: SmallGraph, wanted: Wanted) -> None:
        self._graph, self._wanted = graph, wanted
        self._named = {place.name: place for place in wanted.places if place.name}

    def rows(self) -> list[tuple[Any, ...]]:
        """A row a match, as ``tpudb match`` gives them: an index, a list of them, or None for each place."""
        return [self._row(bound) for bound in self._lines(0, {}) if self._allowed(bound)]

    def _lines(self, at: int, bound: Bound) -> Any:
        if at == len(self._wanted.lines):
            yield bound
            return
        for after, _ in self._line(self._wanted.lines[at], 0, bound, [], "", ""):
            yield from self._lines(at + 1, after)

    def _line(self, line: Line, at: int, bound: Bound, ends: Ends, before: str, outer: str) -> Any:
        if at == len(line.items):
            yield bound, ends
            return
        after = line.arrows[at] if at < len(line.arrows) else outer
        arrow = before if at == 0 else line.arrows[at - 1]
        for known, further in self._item(line.items[at], bound, ends, arrow, after):
            yield from self._line(line, at + 1, known, further, before, outer)

    def _item(self, item: Any, bound: Bound, ends: Ends, arrow: str, after: str) -> Any:
        if isinstance(item, Fork):
            yield from self._fork(item.chains, bound, ends, arrow, after, [])
        elif isinstance(item, Again):
            op = bound[id(self._named[item.name])][0]
            if self._reached(ends, arrow, op):
                yield bound, [(op, "")]
        else:
            for times in range(item.low, item.high + 1):
                yield from self._copies(item, times, bound, ends, arrow, after)

    def _fork(self, chains: list[Line], bound: Bound, ends: Ends, arrow: str, after: str, found: Ends) -> Any:
        if not chains:
            yield bound, found
            return
        for known, further in self._line(chains[0], 0, bound, ends, arrow, after):
            yield from self._fork(chains[1:], known, ends, arrow, after, found + further)

    def _copies(self, place: Place, times: int, bound: Bound, ends: Ends, arrow: str, after: str) -> Any:
        if not times:
            yield bound | {id(place): ()}, [(op, skipped or arrow) for op, skipped in ends]
            return
        for ops in self._sequences(place, times, bound, ends, arrow, arrow or after or "->", ()):
            yield bound | {id(place): ops}, [(ops[-1], "")]

    def _sequences(
        self, place: Place, times: int, bound: Bound, ends: Ends, arrow: str, between: str, ops: tuple[int, ...]
    ) -> Any:
        if len(ops) == times:
            yield ops
            return
        used = {op for taken in bound.values() for op in taken} | set(ops)
        for op, properties in enumerate(self._graph.ops):
            joined = self._arrow(ops[-1], between, op) if ops else self._reached(ends, arrow, op)
            if op not in used and joined and place.fits(properties):
                yield from self._sequences(place, times, bound, ends, arrow, between, (*ops, op))

    def _reached(self, ends: Ends, arrow: str, op: int) -> bool:
        return all(self._arrow(end, arrow, op) for end, _ in ends)

    def _arrow(self, left: int, arrow: str, right: int) -> bool:
        edges = self._graph.edges
        if arrow == "--":
            return (left, right) in edges or (right, left) in edges
        if arrow.startswith("<"):
            left, right = right, left
        if ".." in arrow:
            return self._graph.within(left, right, int(arrow.strip("<>.") or 8))
        return (left, right) in edges

    def _allowed(self, bound: Bound) -> bool:
        if not self._wanted.where:
            return True
        ops = {
            name: self._graph.ops[bound[id(place)][0]] | {"index": bound[id(place)][0]}
            for name, place in self._named.items()
        }
        return self._wanted.where.holds(ops) is True

    def _row(self, bound: Bound) -> tuple[Any, ...]:
        return tuple(self._shown(place, bound[id(place)]) for place in self._wanted.places)

    def _shown(self, place: Place, ops: tuple[int, ...]) -> Any:
        if place.high > 1:
            return ops
        return ops[0] if ops else None


def matches(graph: SmallGraph, pattern: Wanted) -> list[tuple[Any, ...]]:
    """Every match, one by one."""
    return Matcher(graph, pattern).rows()
